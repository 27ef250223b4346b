"""The report as a document of blocks, the same for sheet, Word and PDF; every number knows its cells."""
