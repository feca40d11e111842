"""Falls that were, and falls that are due."""

from functools import cache

from ibis.expr.types import Table

from juluo.record.lake.tables import param
from juluo.record.people.tables import MEMBERS

from ..tables import TIER_DUE, TIER_MOVES
from .walking import ON, SINCE, UNTIL

BEFORE, INTO, AGAIN = "tier_before", "tier_into", "is_back"  # tiers, or -1 for any


@cache
def falls() -> Table:
    """Falls from SINCE to before UNTIL of those who are still here, and whether they stand as high or higher by now."""
    before, into = param(BEFORE, "int64"), param(INTO, "int64")
    moves = TIER_MOVES.filter(TIER_MOVES.day >= SINCE, TIER_MOVES.day < UNTIL, TIER_MOVES.tier < TIER_MOVES.before)
    moves = moves.filter((before < 0) | (moves.before == before), (into < 0) | (moves.tier == into))
    # An operator who releases a KOC has said why.
    moves = moves.filter(moves.cause == "fell").select("member", "day", "before", "tier")
    here = MEMBERS.filter(MEMBERS.left_on.isnull()).select(who="member")
    moves = moves.semi_join(here, moves.member == here.who)
    last = TIER_MOVES.group_by("member").agg(now=TIER_MOVES.tier.argmax(TIER_MOVES.day)).select(whom="member", now="now")
    moves = moves.left_join(last, moves.member == last.whom)
    return moves.select("member", "day", "before", "tier", is_back=(moves.now >= moves.before).fill_null(False))


@cache
def soon() -> Table:
    """The next fall that is due before UNTIL, of those who are still here; where they stand on ON is `before`."""
    due = TIER_DUE.filter(TIER_DUE.tier < TIER_DUE.before, TIER_DUE.day > ON)
    due = due.group_by("member").agg(day=due.day.min(), tier=due.tier.argmin(due.day), before=due.before.argmin(due.day))
    due = due.filter(due.day < UNTIL)
    here = MEMBERS.filter(MEMBERS.left_on.isnull()).select(who="member")
    return due.semi_join(here, due.member == here.who).select("member", "day", "before", "tier")
