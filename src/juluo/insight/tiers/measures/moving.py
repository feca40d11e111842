"""Who went up or down in a stretch of days, and who is close to it."""

from functools import cache

import ibis
from ibis.expr.types import Table

from juluo.record.people.tables import MEMBERS

from ..tables import TIER_MOVES, TIER_NEAR
from ..types import Tier
from .walking import SINCE, UNTIL


@cache
def moved(most: int) -> Table:
    """Of those there on the day before UNTIL, who stood otherwise then than when SINCE began, one of the two in the active tier or above.

    `member`, `day` of their last move, `before`, `tier`. At most so many in each direction, those nearest the top first.
    """
    moves = TIER_MOVES.filter(TIER_MOVES.day >= SINCE, TIER_MOVES.day < UNTIL)
    went = moves.group_by("member").agg(day=moves.day.max(), before=moves.before.argmin(moves.day), tier=moves.tier.argmax(moves.day))
    went = went.filter(went.tier != went.before, ibis.greatest(went.tier, went.before) >= int(Tier.ACTIVE))
    there = MEMBERS.filter(MEMBERS.left_on.isnull() | (MEMBERS.left_on >= UNTIL)).select(who="member")
    went = went.semi_join(there, went.member == there.who)
    went = went.mutate(top=ibis.greatest(went.tier, went.before), is_up=went.tier > went.before)
    in_order = ibis.window(group_by="is_up", order_by=[ibis.desc("top"), ibis.desc("day"), "member"])
    went = went.mutate(place=ibis.row_number().over(in_order))
    went = went.filter(went.place < most)
    return went.order_by([ibis.desc("top"), ibis.desc("day"), "member"]).select("member", "day", "before", "tier")


@cache
def nearly(most: int) -> Table:
    """Of those who are close to the active tier or above (`tables.TIER_NEAR`), the nearest; `many` there are in all."""
    rows = TIER_NEAR.filter(TIER_NEAR.tier >= int(Tier.WATCHING))
    rows = rows.mutate(many=rows.count().over(ibis.window()))
    return rows.order_by([rows.acts.asc(), rows.tier.desc(), rows.member.asc()]).limit(most)
