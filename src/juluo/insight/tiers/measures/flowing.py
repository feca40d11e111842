"""Where everybody stood on two days, and how long they stay in a tier."""

import ibis
from ibis.expr.types import DateValue, IntegerValue, Table

from juluo.insight.metrics.measures.base import stacked
from juluo.record.lake.tables import param
from juluo.record.people.tables import MEMBERS

from ..tables import TIER_MOVES
from .walking import ON, standing_on

EARLIER = param("tier_earlier")
NOT_YET, GONE = -1, -2


def _flows() -> Table:
    """How many members came from where on EARLIER to where on ON: tiers, NOT_YET there, or GONE."""
    now, then = standing_on(ON), standing_on(EARLIER)
    now, then = now.select(who="member", now="tier"), then.select(whom="member", then="tier")
    rows = MEMBERS.left_join(now, MEMBERS.member == now.who)
    rows = rows.left_join(then, rows.member == then.whom)

    def state(tier: IntegerValue, day: DateValue) -> IntegerValue:
        is_away = rows.first_on.isnull() | (rows.first_on > day)
        return ibis.cases((is_away, NOT_YET), (rows.left_on <= day, GONE), else_=tier.fill_null(0)).cast("int64")

    told = rows.select("member", origin=state(rows.then, EARLIER), target=state(rows.now, ON))
    return told.group_by("origin", "target").agg(n=told.member.count())


def _stays() -> Table:
    """Stays in a tier by length in days and how they ended: 1 up, -1 down, 0 not yet (on ON) or by leaving."""
    moves = TIER_MOVES.filter(TIER_MOVES.day <= ON).select("member", "day", "tier", rank=ibis.literal(1, "int64"))
    known = MEMBERS.filter(MEMBERS.first_on <= ON)
    begun = known.select("member", day="first_on", tier=ibis.literal(0, "int64"), rank=ibis.literal(0, "int64"))
    rows = stacked(moves, begun)
    # Of somebody whose deeds began with the day they were first seen, both rows lie on one day.
    in_order = ibis.window(group_by="member", order_by=["day", "rank"])
    rows = rows.mutate(until=rows.day.lead().over(in_order), following=rows.tier.lead().over(in_order))
    left = MEMBERS.select(who="member", left_on="left_on")
    rows = rows.left_join(left, rows.member == left.who)
    end = ibis.coalesce(rows.until, ibis.ifelse(rows.left_on < ON, rows.left_on, ON))
    ended = ibis.cases((rows.until.isnull(), 0), (rows.following > rows.tier, 1), else_=-1).cast("int64")
    told = rows.select("member", tier="tier", days=ibis.greatest(end.delta(rows.day, unit="day").cast("int64"), 0), ended=ended)
    return told.group_by("tier", "days", "ended").agg(n=told.member.count())


FLOWS = _flows()
STAYS = _stays()
