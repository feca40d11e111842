"""Suggestions: what gives rise to them, what they say, and what became of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import msgspec

from juluo.ground.accounts.types import Role


class State(StrEnum):
    """proposed → accepted → done; or dismissed (with a reason); or expired, when a week went by without a decision."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DONE = "done"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """Whether the figure a suggestion was about moved, a week later: clearly (by more than a usual week's difference) or not."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


class Case(msgspec.Struct, frozen=True):
    """An occasion for a suggestion. `subject` tells two occasions of one rule apart and stays the same from week to week.

    `facts` fill the blanks of the rule's texts: words, numbers, lists of words (joined with the reader's comma), {"minutes": 90},
    {"percent": 12.5}, {"hour": 21}, {"weekday": 0}. `strength` (0–1) decides which suggestions are shown first.
    """

    subject: str
    facts: dict[str, Any]
    strength: float = 0.5


@dataclass(frozen=True)
class Rule:
    """From a finding to a suggestion that names the channel, the people, the hour, the question.

    `cases(data, setting)` reads a section's data and the `Setting` of the report. `finding` says what was seen, `text` what to do,
    `steps` how. `figure` is the metric that should move, `aim` which way. `days` after the report it is due; `role` does it unless
    somebody is named. `weight` (0–1) ranks rules among each other.
    """

    code: str
    finding: str
    text: str
    steps: tuple[str, ...]
    figure: str
    aim: Literal["up", "down"]
    days: int
    role: Role
    cases: Callable[[Any, Any], Iterable[Case]]
    weight: float = 0.5


class Outcome(msgspec.Struct, frozen=True):
    """What happened to the figure of a suggestion: then, now, and the verdict."""

    figure: str
    then: float | None
    now: float | None
    verdict: Verdict
