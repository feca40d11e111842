"""A funnel in plain values."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from juluo.kit.errors import N_
from juluo.record.events.types import KIND_NAMES, Kind

LEAST_STEPS, MOST_STEPS = 2, 8
LONGEST = 90  # days of a window


class Passive(StrEnum):
    """What happens to a member by what others do.

    `REPLIED`: another person (of the team as well, no bot) writes a message that is marked as a reply to one of the member's, on a
    platform that marks replies. It happens when and where that message is written, and its text is that message's.
    """

    REPLIED = "message.replied"


# What the steps are called. Being replied to stands beside speaking.
STEP_NAMES: dict[Kind | Passive, str] = {
    Kind.MESSAGE_CREATED: KIND_NAMES[Kind.MESSAGE_CREATED],
    Passive.REPLIED: N_("收到回复"),
    **dict(KIND_NAMES.items()),
}


@dataclass(frozen=True)
class Step:
    """Something a member does or that happens to them: an event of `kind`, narrowed by what else is given.

    `channels` are `people.Channel` numbers (any of them); `text` is in the event's text whatever the case; `at_least` bounds the
    event's value; `is_first`: it happens at the member's first moment of this kind in the whole history.
    """

    kind: Kind | Passive
    channels: tuple[int, ...] = ()
    text: str = ""
    at_least: float | None = None
    is_first: bool = False


@dataclass(frozen=True)
class Path:
    """Steps in order, all within `days` days (of 24 hours) of the first."""

    steps: tuple[Step, ...]
    days: int

    @cached_property
    def conditions(self) -> tuple[Step, ...]:
        """The different steps, in the order they first appear."""
        return tuple(dict.fromkeys(self.steps))

    @cached_property
    def shape(self) -> "Shape":
        """What decides the question; everything else is a parameter of it."""
        looks = tuple(
            Look(one.kind.value, bool(one.channels), bool(one.text), one.at_least is not None, one.is_first) for one in self.conditions
        )
        return Shape(looks, tuple(self.conditions.index(step) for step in self.steps))


@dataclass(frozen=True)
class Look:
    """A step without its values."""

    kind: str
    by_channel: bool = False
    by_text: bool = False
    by_value: bool = False
    is_first: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self.by_channel or self.by_text or self.by_value


@dataclass(frozen=True)
class Shape:
    """A funnel without its values: `steps` are places in `looks`."""

    looks: tuple[Look, ...]
    steps: tuple[int, ...]

    @property
    def is_apart(self) -> bool:
        """Whether every step is of a kind of its own, so that no event could be taken for two of them."""
        return len({self.looks[place].kind for place in self.steps}) == len(self.steps)


@dataclass(frozen=True)
class Span:
    """Local days from `start` to before `stop` in which attempts begin."""

    start: dt.date
    stop: dt.date


@dataclass(frozen=True)
class Problem:
    """Why a funnel cannot run, or says little. `message` is a msgid whose blanks `facts` fill; `step` counts from 1, 0 is the whole."""

    code: str
    message: str
    facts: tuple[tuple[str, object], ...] = ()
    step: int = 0
    is_error: bool = True


@dataclass(frozen=True)
class Counts:
    """How many members got to each step, and the seconds from the first step that the middle one and nine in ten of them took."""

    reached: tuple[int, ...]
    median: tuple[float | None, ...] = ()
    p90: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Part:
    """The funnel of a part of it: a week (`number`), a channel, a segment (`code`). `is_open`: its last window is not over yet."""

    title: str
    counts: Counts
    number: int = 0
    code: str = ""
    is_open: bool = False
