"""How a cell is read (SPEC 3): pure, from a cell as it is stored to what people see and mean."""
