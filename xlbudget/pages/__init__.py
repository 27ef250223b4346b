"""The output sheets: what they consist of, how they look, where their pages end. Pure."""
