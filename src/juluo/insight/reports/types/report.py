"""The report in words: the one source of every form it takes."""

import datetime as dt
from typing import Any, Literal

import msgspec

from .advice import State
from .blocks import Block
from .courses import Day, Totals


class About(msgspec.Struct, frozen=True):
    """`purpose`, `serves`, `value` are quoted from the positioning canvas, "" where nobody has written it."""

    slug: str
    name: str
    zone: str
    purpose: str = ""
    serves: str = ""
    value: str = ""


class InputView(msgspec.Struct, frozen=True):
    """A figure in the score: its words beside the numbers. `why` is the arithmetic as a sentence."""

    code: str
    name: str
    unit: str
    value: float | None
    text: str
    points: float | None
    share: float
    why: str


class DimensionView(msgspec.Struct, frozen=True):
    """`share` is its part of the score (0–1), `before` its points the week before, `cause` what it added to the change of the score."""

    code: str
    title: str
    question: str
    points: float | None
    before: float | None
    weight: float
    share: float
    cause: float | None
    why: str
    inputs: tuple[InputView, ...]

    @property
    def share_text(self) -> str:
        return f"{self.share:.0%}"


class ScoreView(msgspec.Struct, frozen=True):
    """`trend` is (week, points) of the last weeks, oldest first. `verdict` is one word, `why` the sum as a sentence."""

    points: float | None
    before: float | None
    verdict: str
    tone: Literal["", "good", "warn", "bad"]
    why: str
    caveats: tuple[str, ...]
    dimensions: tuple[DimensionView, ...]
    trend: tuple[tuple[str, float | None], ...]

    def dimension(self, code: str) -> DimensionView:
        return next(one for one in self.dimensions if one.code == code)


class MetricView(msgspec.Struct, frozen=True):
    code: str
    name: str
    unit: str
    value: float | None
    before: float | None
    better: str
    low: float | None
    high: float | None
    missing: str
    course: tuple[float | None, ...]


class SuggestionView(msgspec.Struct, frozen=True):
    """`id` is None where suggestions are not kept (a report made without an installation)."""

    id: int | None
    code: str
    subject: str
    finding: str
    text: str
    steps: tuple[str, ...]
    figure: str
    figure_name: str
    then: float | None
    then_text: str
    aim: Literal["up", "down"]
    role: str
    role_name: str
    owner: str
    owner_id: int | None
    due_on: dt.date
    state: State
    state_name: str
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in (State.PROPOSED, State.ACCEPTED)


class SectionView(msgspec.Struct, frozen=True):
    """`data` is what the blocks were told from, as plain values."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    data: Any


class Report(msgspec.Struct, frozen=True):
    """One week of a community. `metrics` and `days` are plain figures by code; everything else is in the reader's language."""

    community: About
    week: str
    start: dt.date
    stop: dt.date
    is_whole: bool
    gathered_at: dt.datetime
    language: str
    title: str
    headline: tuple[str, ...]
    score: ScoreView
    totals: Totals
    metrics: tuple[MetricView, ...]
    days: tuple[Day, ...]
    sections: tuple[SectionView, ...]
    suggestions: tuple[SuggestionView, ...]

    def section(self, code: str) -> SectionView | None:
        return next((section for section in self.sections if section.code == code), None)

    def metric(self, code: str) -> MetricView | None:
        return next((metric for metric in self.metrics if metric.code == code), None)
