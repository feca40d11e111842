"""How a key is recognised without being kept."""

from hashlib import sha256

PREFIX = "juluo_"


def digest(key: str) -> str:
    """What is stored of a key. The key is 256 random bits, so a plain hash is enough: there is nothing to guess from it."""
    return sha256(key.encode()).hexdigest()
