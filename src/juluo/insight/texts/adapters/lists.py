"""The room's own reader of moods: word lists and a handful of rules."""

from collections.abc import Sequence

from ..rules import EDITION, Token, score


class Lists:
    """See `rules/moods.py`. Fast, explainable, no model to ship; its accuracy is stated in docs/sentiment.md."""

    code = "lists"
    edition = EDITION

    def score(self, text: str, tokens: Sequence[Token]) -> float:
        return score(tokens)
