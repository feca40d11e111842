"""Whom the team reached out to, by the tier they stood in on that day."""

from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, PEOPLE

from ..tables import TIER_MOVES
from .walking import SINCE, UNTIL

# Touches sent from SINCE to before UNTIL, by tier.
_people = PEOPLE.filter(PEOPLE.kind == "person").select("identity", "member")
_sent = DAILY.filter(DAILY.kind == Kind.TOUCH_SENT.value, DAILY.day >= SINCE, DAILY.day < UNTIL)
_sent = _sent.join(_people, _sent.actor == _people.identity)
_sent = _sent.group_by("member", "day").agg(n=_sent.n.sum().cast("int64"))
_moves = TIER_MOVES.select(who="member", moved="day", tier="tier")
_met = _sent.join(_moves, _sent.member == _moves.who)
_met = _met.filter(_met.moved <= _met.day)
_met = _met.group_by("member", "day").agg(tier=_met.tier.argmax(_met.moved)).select(who="member", on="day", tier="tier")
_told = _sent.left_join(_met, [_sent.member == _met.who, _sent.day == _met.on])
_told = _told.select(tier=_told.tier.fill_null(0), n="n")
TOUCHES = _told.group_by("tier").agg(n=_told.n.sum().cast("int64"))
