"""Names from outside, fit for an axis or a line of a list."""

import unicodedata

from juluo.kit.text import excerpt

LONGEST = 40
_JOINER = "\u200d"  # holds emoji together
_UNSEEN = ("Cc", "Cf", "Cs", "Co")


def plain(name: str | None, longest: int = LONGEST) -> str:
    """A name on one line, without signs that nobody sees or that turn the line around; "·" where nothing is left."""
    seen = "".join(sign for sign in (name or "") if sign == _JOINER or sign.isspace() or unicodedata.category(sign) not in _UNSEEN)
    return excerpt(seen, longest) or "·"
