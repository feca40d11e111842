"""Figures, each declared once, and why each is what it is."""
