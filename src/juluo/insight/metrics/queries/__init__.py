"""Asking for figures: the doors of this room."""

from .figures import figure, figures, good_ranges, series
from .rows import every_row, rows
from .tables import table
from .why import why

__all__ = ["every_row", "figure", "figures", "good_ranges", "rows", "series", "table", "why"]
