"""The VBA project and ribbon of a workbook, made from the registries of functions and buttons."""
