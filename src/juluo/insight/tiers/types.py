"""The five tiers, the lines between them, and what is known of a member who is held against the lines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import IntEnum, StrEnum
from typing import Any

from juluo.kit.errors import N_

WINDOW = 30  # days that deeds count
WEEKS = 13  # calendar weeks in which regularity is looked at, the running one included

MOST_DEEDS = 100_000  # of a kind; no line asks for more, and no day counts for more


class Tier(IntEnum):
    """From the founding documents, lowest first. The last is given by people, never by numbers alone."""

    POTENTIAL = 0
    WATCHING = 1
    ACTIVE = 2
    CORE = 3
    KOC = 4

    @property
    def code(self) -> str:
        return self.name.lower()


TIER_NAMES: dict[Tier, str] = {
    Tier.POTENTIAL: N_("潜在"),
    Tier.WATCHING: N_("观望"),
    Tier.ACTIVE: N_("活跃"),
    Tier.CORE: N_("核心"),
    Tier.KOC: N_("KOC"),
}
# The tiers that deeds lead to, and the line above them that makes somebody worth a look as KOC.
LINED = (Tier.WATCHING, Tier.ACTIVE, Tier.CORE, Tier.KOC)


class Cause(StrEnum):
    """Why somebody moved."""

    ROSE = "rose"
    FELL = "fell"
    CONFIRMED = "confirmed"
    RELEASED = "released"


class Word(StrEnum):
    """What an operator said about somebody who may be KOC."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    RELEASED = "released"


@dataclass(frozen=True)
class Line:
    """What it takes at least, over the last 30 days; `weeks` of the last 13 with anything done. 0 asks for nothing."""

    active_days: int = 0
    messages: int = 0
    replies: int = 0
    reactions: int = 0
    weeks: int = 0

    def items(self) -> list[tuple[str, int]]:
        return [(one.name, getattr(self, one.name)) for one in fields(self)]


class Features(Line):
    """What a member did, in the same terms as a line."""


FEATURES = tuple(one.name for one in fields(Line))
FEATURE_NAMES: dict[str, str] = {
    "active_days": N_("活跃天数"),
    "messages": N_("发言数"),
    "replies": N_("回复数"),
    "reactions": N_("表态数"),
    "weeks": N_("活跃周数"),
}


@dataclass(frozen=True)
class Rulebook:
    """The lines and how they are kept. docs/tiers.md says where the defaults come from.

    Who stays above `stay` percent of a line keeps the tier; below it, they fall after `grace` days. Nobody is core in their first
    `probation` days.
    """

    watching: Line = field(default=Line(active_days=1))
    active: Line = field(default=Line(active_days=4, messages=5))
    core: Line = field(default=Line(active_days=8, messages=20, replies=3, weeks=6))
    koc: Line = field(default=Line(active_days=15, messages=40, replies=10, weeks=10))
    stay: int = 75
    grace: int = 14
    probation: int = 30

    def line(self, tier: Tier) -> Line:
        """The line of a tier above the lowest."""
        found: Line = getattr(self, tier.code)
        return found

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Rulebook":
        lines = {tier.code: Line(**said[tier.code]) for tier in LINED}
        return cls(**lines, stay=said["stay"], grace=said["grace"], probation=said["probation"])
