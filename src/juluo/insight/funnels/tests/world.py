"""Small histories, and a funnel counted by trying everything."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from juluo.insight.funnels.types import Passive, Path, Span, Step
from juluo.record.events.types import Event, Kind
from tests.cast import SOURCE, at

FIRST = dt.date(2026, 3, 7)  # a Saturday
ORIGIN = at("2026-03-07 00:00")
SPAN = Span(FIRST, dt.date(2026, 3, 10))


@dataclass(frozen=True)
class Happened:
    """An event of a member: `hour` counts from the first hour of the history, so that many meet at the same moment.

    A message may reply `to` the first message of somebody, if they wrote one.
    """

    kind: Kind | Passive
    hour: int
    channel: str = "大厅"
    text: str = ""
    value: float | None = None
    to: str = ""

    @property
    def us(self) -> int:
        return ORIGIN + self.hour * 3_600_000_000


def told(histories: dict[str, Sequence[Happened]]) -> list[Event]:
    """The events of members, as a platform would tell them."""
    number = count()
    keys = {who: [f"e{next(number)}" for _ in events] for who, events in histories.items()}
    first = {
        who: next((key for key, one in zip(keys[who], events, strict=True) if _is_said(one)), None) for who, events in histories.items()
    }
    return [
        Event(
            key=key,
            at=one.us,
            kind=Kind(one.kind),
            source=SOURCE,
            channel=one.channel,
            actor=who,
            text=one.text or None,
            value=one.value,
            reply_to=first.get(one.to),
        )
        for who, events in histories.items()
        for key, one in zip(keys[who], events, strict=True)
    ]


def _is_said(one: Happened) -> bool:
    return one.kind == Kind.MESSAGE_CREATED


def received(histories: dict[str, Sequence[Happened]]) -> dict[str, Sequence[Happened]]:
    """What members did, and the replies that others wrote to them."""
    speakers = {who for who, events in histories.items() if any(map(_is_said, events))}
    full: dict[str, list[Happened]] = {who: list(events) for who, events in histories.items()}
    for who, events in histories.items():
        for one in events:
            if one.to in speakers - {who} and _is_said(one):
                full[one.to].append(replace(one, kind=Passive.REPLIED))
    return dict(full)


def fits(one: Happened, step: Step, history: Sequence[Happened], channels: dict[int, str]) -> bool:
    if one.kind != step.kind:
        return False
    if step.channels and one.channel not in {channels[number] for number in step.channels}:
        return False
    if step.text.lower() not in one.text.lower():
        return False
    if step.at_least is not None and (one.value is None or one.value < step.at_least):
        return False
    return not step.is_first or one.hour == min(other.hour for other in history if other.kind == step.kind)


@dataclass(frozen=True)
class Attempt:
    level: int
    start: int
    took: tuple[float, ...]


def tried(history: Sequence[Happened], path: Path, span: Span, channels: dict[int, str]) -> list[Attempt]:
    """The attempts of a member: for each moment one may begin at, how far one can get, and how soon to each step at best."""
    suits = [[fits(one, step, history, channels) for step in path.steps] for one in history]
    days = range((span.start - FIRST).days * 24, (span.stop - FIRST).days * 24)
    found = {}
    for begin, one in enumerate(history):
        if suits[begin][0] and one.hour in days:
            soonest = found.setdefault(one.hour, {1: one.hour})
            _try(history, suits, path, one.hour + path.days * 24, [begin], soonest)
    return [
        Attempt(max(soonest), hour, tuple((soonest[step] - hour) * 3600.0 for step in sorted(soonest) if step > 1))
        for hour, soonest in found.items()
    ]


def _try(history: Sequence[Happened], suits: list[list[bool]], path: Path, until: int, taken: list[int], soonest: dict[int, int]) -> None:
    step = len(taken)
    if step == len(path.steps):
        return
    for number, one in enumerate(history):
        if number not in taken and suits[number][step] and history[taken[-1]].hour <= one.hour <= until:
            soonest[step + 1] = min(soonest.get(step + 1, one.hour), one.hour)
            _try(history, suits, path, until, [*taken, number], soonest)


def chosen(attempts: Iterable[Attempt]) -> Attempt | None:
    """The furthest; of those the first to get there; of those the latest start."""
    return min(attempts, key=lambda one: (-one.level, one.start * 3600 + (one.took[-1] if one.took else 0), -one.start), default=None)
