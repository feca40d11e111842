"""Which segment three scores make."""

from ..types import EVERY, Segment


def segment(r: int, f: int, m: int) -> Segment:
    """The first segment whose ranges take the three scores."""
    return next(known for known in EVERY if known.fits(r, f, m))
