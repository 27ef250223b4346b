"""Functions of spreadsheets, a module a topic."""
