"""Decisions about links, free of database and clock."""

from datetime import datetime, timedelta
from hashlib import sha256

LINK_LASTS = timedelta(hours=24)


def digest(token: str) -> str:
    """What is stored of a link's token. It is 256 random bits, so a plain hash is enough: there is nothing to guess from it."""
    return sha256(token.encode()).hexdigest()


def is_good(*, expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a link still lets someone in."""
    return used_at is None and now < expires_at
