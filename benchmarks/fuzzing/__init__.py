"""Seeded mutations of everything that xlbudget is given, and what must hold of what it then does (benchmarks/fuzz.py)."""
