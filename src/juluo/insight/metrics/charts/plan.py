"""How the pages of insight are laid out: each is a shell that is there at once, and parts that follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from juluo.kit.periods import Preset

from .asked import DEFAULT, Asked

Drawn = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of a page, drawn for itself: `draw` gives what its template shows.

    What is asked for besides days, channels and people is in the query. A `table` in what is drawn can be had as an Excel file.
    `lines` is how tall its skeleton is.
    """

    code: str
    draw: Callable[[Asked, QueryDict], Drawn]
    template: str = "metrics/parts/drawings.html"
    lines: int = 8


@dataclass(frozen=True)
class Page:
    """A tab of insight. `figures` are listed in its Excel file, with their courses."""

    code: str
    title: str
    lead: str
    icon: str
    parts: Sequence[Part]
    figures: Sequence[str]
    default: Preset = DEFAULT  # type: ignore[assignment]

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)
