"""How the team's time and touches fell on the tiers."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.people.queries import member_names
from juluo.record.tasks.queries import entries

from ..measures.touching import TOUCHES
from ..measures.walking import CHOSEN
from ..models import EffortPlan
from ..rules.effort import DEFAULT_PLAN
from ..tables import TIER_MOVES
from ..types import Tier

AT_ONCE = 500  # members of whom moves and names are read at once


@dataclass(frozen=True)
class Entry:
    """Time that somebody of the team gave: on whom, who stood where on that day (None: on nobody in particular), and for which task."""

    on: dt.date
    minutes: int
    what: str
    task: int | None
    member: int | None
    name: str
    tier: Tier | None
    by: str


@dataclass(frozen=True)
class Given:
    """What the team gave in a period."""

    entries: list[Entry]
    touches: dict[Tier, int]

    @cached_property
    def minutes(self) -> dict[Tier, int]:
        """By tier, of time that went to somebody."""
        found = dict.fromkeys(Tier, 0)
        for one in self.entries:
            if one.tier is not None:
                found[one.tier] += one.minutes
        return found

    @cached_property
    def members(self) -> dict[Tier, int]:
        """How many different members of each tier got any."""
        return {tier: len({one.member for one in self.entries if one.tier == tier}) for tier in Tier}

    @property
    def apart(self) -> int:
        """Minutes that concern nobody in particular."""
        return sum(one.minutes for one in self.entries if one.tier is None)


def plan_of(community: Community) -> list[int]:
    """Percent of the time for each tier, lowest first."""
    known = EffortPlan.objects.filter(community=community).first()
    return list(known.shares) if known else list(DEFAULT_PLAN)


def given(community: Community, start: dt.date, stop: dt.date) -> Given:
    """What was given from `start` to before `stop`, the latest first."""
    rows = list(entries(community, start=start, stop=stop))
    whom = sorted({row.member_id for row in rows if row.member_id is not None})
    known = _moves(community, whom)
    names: dict[int, str] = {}
    for at in range(0, len(whom), AT_ONCE):
        names |= member_names(community.pk, set(whom[at : at + AT_ONCE]))
    found = [
        Entry(
            row.on,
            row.minutes,
            row.task.title if row.task else row.what,
            row.task_id,
            row.member_id,
            names.get(row.member_id or 0, ""),
            None if row.member_id is None else _tier(known[row.member_id], row.on),
            row.by.called if row.by else "",
        )
        for row in rows
    ]
    touches = ask(community.pk, TOUCHES, tier_since=start, tier_until=stop).to_pylist()
    return Given(found, {Tier(row["tier"]): row["n"] for row in touches})


def _moves(community: Community, members: Collection[int]) -> dict[int, list[tuple[dt.date, int]]]:
    """The moves of these members, in order."""
    found: defaultdict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    wanted = list(members)
    for at in range(0, len(wanted), AT_ONCE):
        rows = ask(community.pk, TIER_MOVES.filter(CHOSEN.contains(TIER_MOVES.member)), tier_members=wanted[at : at + AT_ONCE])
        for row in rows.to_pylist():
            found[row["member"]].append((row["day"], row["tier"]))
    for moves in found.values():
        moves.sort()
    return found


def _tier(moves: list[tuple[dt.date, int]], on: dt.date) -> Tier:
    at = bisect_right(moves, (on, len(Tier)))
    return Tier(moves[at - 1][1]) if at else Tier.POTENTIAL
