"""Which condition of a tier no longer holds."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ..types import Rulebook, Tier
from .lines import Day, features, staying


@dataclass(frozen=True)
class Gap:
    """A condition: how much there was on the last day it held, how much there is, and how much it takes to stay."""

    feature: str
    had: int
    has: int
    least: int


def lost(days: Iterable[Day], tier: Tier, rules: Rulebook, on: dt.date) -> list[Gap]:
    """What a member who fell out of a tier on a day no longer met, and what they had on the last day on which they met all of it."""
    days = list(days)
    earlier = features(days, on - dt.timedelta(days=rules.grace + 1))
    now = features(days, on)
    kept = staying(rules.line(min(tier, Tier.CORE)), rules.stay)
    return [Gap(name, getattr(earlier, name), getattr(now, name), least) for name, least in kept.items() if getattr(now, name) < least]


def to_stay(days: Iterable[Day], tier: Tier, rules: Rulebook, on: dt.date) -> list[Gap]:
    """What a member is short of today to stay in a tier."""
    now = features(list(days), on)
    kept = staying(rules.line(min(tier, Tier.CORE)), rules.stay)
    return [Gap(name, getattr(now, name), getattr(now, name), least) for name, least in kept.items() if getattr(now, name) < least]
