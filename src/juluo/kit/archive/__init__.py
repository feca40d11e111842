"""A safe view of what a user hands in (`open_pack`), and safe lines out of it (`lines`)."""

from .errors import PackRefused
from .lines import MAX_LINE, encoding_of, lines
from .pack import Item, Pack, open_pack

__all__ = ["MAX_LINE", "Item", "Pack", "PackRefused", "encoding_of", "lines", "open_pack"]
