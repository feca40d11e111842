"""From gathered figures to a report in the reader's language. Nothing is read here but what is handed in."""

from .report import told
from .suggestions import told_suggestion

__all__ = ["told", "told_suggestion"]
