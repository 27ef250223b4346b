"""The worksheet functions, declared once for every door. Pure."""
