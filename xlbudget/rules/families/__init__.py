"""A family of rules a module; each says its FAMILY. All are found by themselves."""
