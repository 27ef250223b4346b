"""The door in Excel: what worksheet functions and buttons call."""
