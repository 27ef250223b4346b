"""The Excel side: worksheet functions, declared once for every door."""
