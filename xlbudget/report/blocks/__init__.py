"""The blocks of the report, by the names that profiles call them. The words come from the profile, the numbers from cells."""
