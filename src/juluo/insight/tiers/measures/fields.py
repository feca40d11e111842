"""What the expressions of segments may say about tiers, as tables of `member` and `value`."""

import ibis
from ibis.expr.types import Table

from juluo.insight.segments.registry import TODAY
from juluo.record.people.tables import MEMBERS

from ..tables import TIER_MOVES, TIER_NEAR
from ..types import Tier
from .walking import standing_on


def tier() -> Table:
    """The code of the tier on TODAY, of those who ever moved."""
    moved = standing_on(TODAY)
    return moved.select("member", value=ibis.cases(*((moved.tier == int(one), one.code) for one in Tier), else_=Tier.POTENTIAL.code))


def days_in_tier() -> Table:
    """Whole days since the last move, or since the member was first seen."""
    moved = TIER_MOVES.filter(TIER_MOVES.day <= TODAY).group_by("member").agg(since=TIER_MOVES.day.max())
    moved = moved.select(who="member", since="since")
    everybody = MEMBERS.left_join(moved, MEMBERS.member == moved.who)
    since = ibis.coalesce(everybody.since, everybody.first_on)
    return everybody.select("member", value=TODAY.delta(since, unit="day").cast("int64")).filter(lambda rows: rows.value.notnull())


def near_promotion() -> Table:
    """Who is a few deeds from the next tier, as of the last assignment."""
    return TIER_NEAR.select("member", value=ibis.literal(True))
