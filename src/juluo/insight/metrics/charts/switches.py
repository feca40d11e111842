"""Choices within a part of a page: which of several ways to look at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict


@dataclass(frozen=True)
class Switch:
    """One choice of a few. `options` are the words by code, the first being the usual one; nonsense in the query chooses that."""

    name: str
    title: str
    options: Mapping[str, str]
    query: QueryDict = field(repr=False)
    usual: str = ""

    @property
    def chosen(self) -> str:
        asked = self.query.get(self.name, "")
        return asked if asked in self.options else self.usual or next(iter(self.options))

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        return [(code, words, code == self.chosen) for code, words in self.options.items()]
