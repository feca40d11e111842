"""Which rule gives the alarm: members' own rhythm, or a fixed number of days; and which would have been right more often here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .silence import FRESH, LONG, SURE

FIXED = (7, 14, 30)  # numbers of days that are often used, shown beside
FEWEST = 20  # alarms, and members gone, from which on a comparison says anything
DAYS = (2, FRESH)  # what an operator may set


@dataclass(frozen=True)
class Rule:
    """`days` without coming, or, where None, members' own rhythm. `is_set` says that an operator decided so."""

    days: int | None = None
    is_set: bool = False


@dataclass(frozen=True)
class Tried:
    """How a rule did on past days: `hits` of its `alarms` were right, of `gone` members it could have named."""

    days: int | None
    alarms: int
    hits: int
    gone: int

    @property
    def precision(self) -> float:
        """The share of alarms that were right."""
        return self.hits / max(1, self.alarms)

    @property
    def recall(self) -> float:
        """The share of those who were gone that it named."""
        return self.hits / max(1, self.gone)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.hits / max(1, self.alarms + self.gone)


def is_alarm(rule: Rule, silent: NDArray[Any], odds: NDArray[Any], away: NDArray[Any]) -> NDArray[np.bool_]:
    """Whose silence the rule takes for an alarm (not who has been away too long to be alarmed about). `queries.alarming` is the same
    for the lake."""
    return (away >= SURE) & (odds < LONG) if rule.days is None else silent >= rule.days


def as_many(silent: NDArray[Any], alarms: int) -> int:
    """The fixed number of days that raises the number of alarms next to `alarms`."""
    days = np.arange(1, FRESH + 1)
    return int(days[np.argmin([abs(int((silent >= day).sum()) - alarms) for day in days])])


def tried(rule: Rule, silent: NDArray[Any], odds: NDArray[Any], away: NDArray[Any], gone: NDArray[np.bool_]) -> Tried:
    """How a rule did, with what it knew on past days and who was gone after them."""
    alarm = is_alarm(rule, silent, odds, away)
    return Tried(rule.days, int(alarm.sum()), int((alarm & gone).sum()), int(gone.sum()))


def proof(silent: NDArray[Any], odds: NDArray[Any], away: NDArray[Any], gone: NDArray[np.bool_]) -> list[Tried]:
    """Own rhythm, the fixed number of days that raises as many alarms, and those of `FIXED`, one after the other."""
    own = tried(Rule(), silent, odds, away, gone)
    days = as_many(silent, own.alarms)
    return [own, *(tried(Rule(number), silent, odds, away, gone) for number in (days, *(n for n in FIXED if n != days)))]


def better(rows: Iterable[Mapping[str, Any]]) -> Rule | None:
    """The rule to use after these trials (`proof` as it was kept): own rhythm, unless as many alarms by a fixed number of days did better
    (F1); None where too few were gone to tell."""
    own, fixed = (Tried(**row) for row in list(rows)[:2])
    if min(own.alarms, own.gone) < FEWEST:
        return None
    return Rule(fixed.days) if fixed.f1 > own.f1 else Rule()
