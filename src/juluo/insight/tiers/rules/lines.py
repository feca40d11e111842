"""Holding what a member did against the lines."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..types import FEATURES, LINED, MOST_DEEDS, WEEKS, WINDOW, Features, Line, Rulebook, Tier

EPOCH = dt.date(1970, 1, 5)  # a Monday
NEAR_STEPS = 4  # somebody so few deeds away from the next line is close to it


def numbered(day: dt.date) -> int:
    """Days since Monday 1970-01-05."""
    return (day - EPOCH).days


def dated(number: int) -> dt.date:
    return EPOCH + dt.timedelta(days=number)


@dataclass(frozen=True)
class Day:
    """What somebody did on a day."""

    day: dt.date
    messages: int = 0
    replies: int = 0
    reactions: int = 0


def features(days: Iterable[Day], on: dt.date) -> Features:
    """What counts on a day: the 30 days that end with it, and the running week with the 12 before it."""
    week = numbered(on) // 7
    days = [one for one in days if one.day <= on]
    recent = [one for one in days if (on - one.day).days < WINDOW]
    weeks = {numbered(one.day) // 7 for one in days}
    return Features(
        active_days=len({one.day for one in recent}),
        messages=sum(one.messages for one in recent),
        replies=sum(one.replies for one in recent),
        reactions=sum(one.reactions for one in recent),
        weeks=sum(1 for one in weeks if week - WEEKS < one <= week),
    )


def meets(have: Line, line: Line) -> bool:
    return all(getattr(have, name) >= least for name, least in line.items())


def staying(line: Line, percent: int) -> Line:
    """What it takes to keep a tier: a part of its line, rounded up, and never nothing where the line asks for something."""
    return Line(**{name: -(-least * percent // 100) for name, least in line.items()})


def level(have: Line, rules: Rulebook) -> Tier:
    """The highest tier whose line, and every line below it, is met today. KOC means: worth a look."""
    found = Tier.POTENTIAL
    for tier in LINED:
        if not meets(have, rules.line(tier)):
            break
        found = tier
    return found


def without_replies(rules: Rulebook) -> Rulebook:
    """The rules for a history that does not mark what replies to what: nobody is asked for replies that could not be seen."""
    seen = {tier.code: replace(rules.line(tier), replies=0) for tier in LINED}
    return Rulebook(**seen, stay=rules.stay, grace=rules.grace, probation=rules.probation)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a rulebook: the tier and the feature, where it is about one."""

    code: str
    tier: Tier | None = None
    feature: str = ""


MOST = {"active_days": WINDOW, "messages": MOST_DEEDS, "replies": MOST_DEEDS, "reactions": MOST_DEEDS, "weeks": WEEKS}


def faults(rules: Rulebook) -> list[Fault]:
    """Why a rulebook cannot be used: a line that cannot be reached, asks for nothing, or lies below the line under it."""
    found = []
    for lower, tier in zip((None, *LINED), LINED, strict=False):
        line = rules.line(tier)
        if not any(least for _, least in line.items()):
            found.append(Fault("empty", tier))
        for name, least in line.items():
            if not 0 <= least <= MOST[name]:
                found.append(Fault("beyond", tier, name))
            elif lower is not None and least < getattr(rules.line(lower), name):
                found.append(Fault("below", tier, name))
        if line.active_days > WINDOW - 1 and line.weeks > WEEKS - 1:
            found.append(Fault("beyond", tier, "weeks"))
    if not 10 <= rules.stay <= 100:
        found.append(Fault("stay"))
    if not 0 <= rules.grace <= 180:
        found.append(Fault("grace"))
    if not 0 <= rules.probation <= 365:
        found.append(Fault("probation"))
    return found


@dataclass(frozen=True)
class Step:
    """What is left to the next line: how much of each feature, in how many deeds at least (`acts`), in how many more weeks."""

    tier: Tier
    gaps: Mapping[str, int]
    acts: int

    @property
    def is_near(self) -> bool:
        return self.acts <= NEAR_STEPS and self.gaps.get("weeks", 0) <= 1


def next_step(have: Line, tier: Tier, rules: Rulebook) -> Step | None:
    """The cheapest way up from a tier; None at the top.

    One deed can serve several ends: a reply on a new day is a day, a message and a reply. Reactions are deeds of their own, and
    weeks only pass.
    """
    if tier >= Tier.KOC:
        return None
    wanted = Tier(tier + 1)
    line = rules.line(wanted)
    gaps = {name: line_least - getattr(have, name) for name, line_least in line.items() if line_least > getattr(have, name)}
    written = max(gaps.get("messages", 0), gaps.get("replies", 0))
    acts = max(gaps.get("active_days", 0), written + gaps.get("reactions", 0), gaps.get("weeks", 0))
    return Step(wanted, gaps, acts)


def walk(days: Iterable[Day], rules: Rulebook, first_on: dt.date | None, until: dt.date) -> dict[dt.date, Tier]:
    """The tier of one member on every day, day by day: the plain meaning of the rules, slow and for checking.

    A tier is held from the first day its line is met until more than `grace` days have passed below what it takes to stay.
    """
    days = sorted(days, key=lambda one: one.day)
    if not days:
        return {}
    held = dict.fromkeys(LINED[:3], False)
    below = dict.fromkeys(held, 0)
    told = {}
    day = days[0].day
    while day <= until:
        have = features(days, day)
        reached = level(have, rules)
        kept = Tier.POTENTIAL
        for tier in LINED[:3]:
            if not meets(have, staying(rules.line(tier), rules.stay)):
                break
            kept = tier
        for tier in held:
            below[tier] = 0 if kept >= tier else below[tier] + 1
            is_too_new = tier is Tier.CORE and first_on is not None and (day - first_on).days < rules.probation
            if reached >= tier and not is_too_new:
                held[tier] = True
            elif below[tier] > rules.grace:
                held[tier] = False
        told[day] = Tier(sum(held.values()))
        day += dt.timedelta(days=1)
    return told


__all__ = [
    "EPOCH",
    "FEATURES",
    "MOST",
    "Day",
    "Fault",
    "Step",
    "dated",
    "faults",
    "features",
    "level",
    "meets",
    "next_step",
    "numbered",
    "staying",
    "walk",
    "without_replies",
]
