"""What reads moods. The room has one reader of its own (`adapters/lists.py`); another may take its place."""

from collections.abc import Sequence
from typing import Protocol

from .rules import Token


class Moods(Protocol):
    """Scores how the writer of a message seems to feel.

    `score` is 0.0 where nothing is felt; beyond ±`rules.ENOUGH` the mood is decided. `edition` changes when it would score
    differently, so that what was read before is read again. `tokens` are the text's words, cut already for its terms.
    """

    @property
    def code(self) -> str: ...

    @property
    def edition(self) -> str: ...

    def score(self, text: str, tokens: Sequence[Token]) -> float: ...
