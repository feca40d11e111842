"""A figure week by week, as the report keeps it."""

import datetime as dt
from typing import Literal

import msgspec


class Course(msgspec.Struct, frozen=True):
    """A figure over the weeks up to the reported one (the last value). None: no data, or the history does not reach that week.

    `name` and `missing` are Chinese texts to be translated; `bases` are the cases behind each value (None where that makes no
    sense); `low` and `high` bound the good range, which `source` vouches for.
    """

    code: str
    name: str
    unit: str
    better: Literal["up", "down", "neither"]
    values: tuple[float | None, ...]
    bases: tuple[float | None, ...] = ()
    low: float | None = None
    high: float | None = None
    source: str = ""
    missing: str = ""

    @property
    def value(self) -> float | None:
        return self.values[-1] if self.values else None

    @property
    def before(self) -> float | None:
        return self.values[-2] if len(self.values) > 1 else None

    def back(self, weeks: int) -> float | None:
        """The value of `weeks` weeks before the reported one."""
        return self.values[-1 - weeks] if len(self.values) > weeks else None


class Day(msgspec.Struct, frozen=True):
    """Some figures of one local day, by code."""

    day: dt.date
    values: dict[str, float | None]


class Totals(msgspec.Struct, frozen=True):
    """What the whole history holds, nobody left out: bots and staff included.

    `messages`, `joins`, `leaves`, `reactions` count events that were kept; `members` everybody who is known (one person with several
    accounts is one), of whom `people` count in the figures and `bots` and `staff` do not; `rejected` the rows that imports could not read.
    """

    messages: int = 0
    joins: int = 0
    leaves: int = 0
    reactions: int = 0
    events: int = 0
    members: int = 0
    people: int = 0
    bots: int = 0
    staff: int = 0
    channels: int = 0
    rejected: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
