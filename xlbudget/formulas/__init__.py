"""Formulas of a workbook refreshed without Excel: who depends on what changed, and what they now come to."""
