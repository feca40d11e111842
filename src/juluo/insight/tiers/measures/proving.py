"""Does the tier of a day tell who is still there a month later, and who spends?"""

from collections.abc import Callable
from functools import cache

import ibis
from ibis.expr.types import IntegerValue, Table

from juluo.insight.metrics.measures.base import ACTS
from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, PEOPLE, param
from juluo.record.people.tables import MEMBERS

from ..types import WEEKS, WINDOW
from .walking import BUCKET, BUCKETS, ON, features_on, reached, standing_on

AFTER = param("tier_after")  # the last day of the month that follows ON
NEVER = 99  # days without a trace, where there is none within the windows
MESSAGES = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 130, 200)
IDLE = (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90)
DAYS = (1, 3, 6, 12)
SPOKEN = (1, 5, 20, 60)
PRESENT = "present"


def _band(value: IntegerValue, edges: tuple[int, ...]) -> IntegerValue:
    """How many of the edges are reached."""
    return ibis.cases(*((value >= edge, at) for at, edge in reversed(list(enumerate(edges, 1)))), else_=0).cast("int64")


def _half(_: str, asked: IntegerValue) -> IntegerValue:
    return (asked + 1) // 2


def _double(feature: str, asked: IntegerValue) -> IntegerValue:
    most = {"active_days": WINDOW, "weeks": WEEKS}.get(feature)
    return ibis.least(asked * 2, most) if most else asked * 2


# Other ways to rank members by what they did up to the same day; more is better.
WAYS: dict[str, Callable[[Table], IntegerValue]] = {
    PRESENT: lambda one: one.tier,
    "abrupt": lambda one: reached(one),
    "half": lambda one: reached(one, changed=_half),
    "double": lambda one: reached(one, changed=_double),
    "messages": lambda one: _band(one.messages, MESSAGES),
    "recency": lambda one: -_band(one.idle, IDLE),
    "rfm": lambda one: _band(one.active_days, DAYS) + _band(one.messages, SPOKEN) - _band(one.idle, (3, 7, 14, 30)),
}


def _after() -> Table:
    """What members did in the days after ON up to AFTER."""
    people = PEOPLE.filter(PEOPLE.kind == "person", PEOPLE.member % BUCKETS == BUCKET).select("identity", who="member")
    rows = DAILY.filter(DAILY.kind.isin(ACTS), DAILY.day > ON, DAILY.day <= AFTER).select("actor", "kind", "value")
    rows = rows.join(people, rows.actor == people.identity)
    return rows.group_by("who").agg(amount=rows.value.sum(where=rows.kind == Kind.ORDER_PAID.value).fill_null(0.0))


@cache
def outlook() -> Table:
    """Of everybody who was there on ON: how many (`n`) in each tier with each score of the other ways, a column a way; how many of them
    did something in the month after (`active`), bought (`buyers`) and for how much (`amount`)."""
    there = MEMBERS.filter(MEMBERS.first_on <= ON, MEMBERS.left_on.isnull() | (MEMBERS.left_on > ON), MEMBERS.member % BUCKETS == BUCKET)
    there = there.select(me="member")
    have, state, then = features_on(), standing_on(), _after()
    state = state.select(whom="member", tier="tier")
    rows = there.left_join(have, there.me == have.member)
    rows = rows.left_join(state, rows.me == state.whom)
    rows = rows.left_join(then, rows.me == then.who)
    names = ("active_days", "messages", "replies", "reactions", "weeks", "tier")
    rows = rows.select(
        "me",
        **{name: rows[name].fill_null(0) for name in names},
        idle=rows.idle.fill_null(NEVER),
        is_active=rows.who.notnull(),
        amount=rows.amount.fill_null(0.0),
    )
    ways = {code: way(rows).cast("int64") for code, way in WAYS.items() if code != PRESENT}
    scored = rows.select("tier", "is_active", "amount", **ways)
    return scored.group_by("tier", *ways).agg(
        n=scored.count(),
        active=scored.is_active.cast("int64").sum().cast("int64"),
        buyers=(scored.amount > 0).cast("int64").sum().cast("int64"),
        amount=scored.amount.sum(),
    )
