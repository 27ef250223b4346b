"""What the workbook looks like, said once (layout), read (reading, bind) and filled (fill, grid)."""
