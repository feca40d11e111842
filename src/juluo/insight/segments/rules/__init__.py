"""Reading expressions, writing them back, and reasoning about them: text and trees only."""

from .reading import parse
from .writing import is_word, write

__all__ = ["is_word", "parse", "write"]
