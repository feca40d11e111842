"""Questions to the lake about members."""

import ibis
from ibis.expr.types import BooleanValue, Value

from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param

TIMELINE_PAGE = 50

_actors = param("actors", "array<int64>")
_person = PEOPLE.select("identity", "member")
_said = Kind.MESSAGE_CREATED.value


def only(value: Value, where: BooleanValue) -> Value:
    """`value` where the condition holds, else nothing.

    Aggregate this rather than aggregating with `where=` when no row may match: ClickHouse would give 1970 or 0, not nothing.
    """
    return ibis.ifelse(where, value, ibis.null(value.type().copy(nullable=True)))


def _summary(daily: ibis.Table) -> ibis.Table:
    """What a list shows about each member. Somebody has left when nothing they did came after their last leaving."""
    table = daily.join(_person, daily.actor == _person.identity)
    is_leaving = table.kind == Kind.MEMBER_LEFT.value
    summed = table.group_by(table.member).agg(
        first_seen_on=table.day.min(),
        last_seen_on=only(table.day, ~is_leaving).max(),
        joined_on=only(table.day, table.kind == Kind.MEMBER_JOINED.value).min(),
        went_on=only(table.day, is_leaving).max(),
        went_at=only(table.last_at, is_leaving).max(),
        was_at=only(table.last_at, ~is_leaving).max(),
        messages=table.n.sum(where=table.kind == _said).fill_null(0),
        active_days=table.day.nunique(where=table.kind == _said),
    )
    left_on = ibis.ifelse(summed.was_at > summed.went_at, ibis.null("date"), summed.went_on)
    return summed.select("member", "first_seen_on", "last_seen_on", "joined_on", "messages", "active_days", left_on=left_on)


SUMMARY = _summary(DAILY)
SUMMARY_OF = _summary(DAILY.filter(_actors.contains(DAILY.actor)))  # of the members with these identities

# History is long and in order of time: a question that says from which day on it is asked reads only that much of it.
TIMELINE = (
    EVENTS.filter(
        EVENTS.day >= param("since"), EVENTS.day < param("stop"), _actors.contains(EVENTS.actor), EVENTS.at < param("until", "timestamp")
    )
    .order_by([ibis.desc("at"), ibis.desc("id")])
    .limit(TIMELINE_PAGE)
    .select("id", "at", "kind", "channel", "text", "value")
)

SPOKEN = (
    DAILY.filter(_actors.contains(DAILY.actor), DAILY.kind == _said)
    .group_by("day", "channel")
    .agg(n=DAILY.n.sum())
    .order_by("day", "channel")
)


def _company() -> ibis.Table:
    """Replies between the member and everybody else from a day on: who is answered, and who answers."""
    # The few events of the member are picked out before anything is joined: history is long, one member's part of it short.
    recent = EVENTS.filter(EVENTS.day >= param("since"))
    own = recent.filter(_actors.contains(recent.actor))
    others = recent.filter(~_actors.contains(recent.actor))
    answers = others.filter(others.reply_to.notnull()).select("reply_to", other_actor="actor")
    questions = others.select(answered="id", other_actor="actor")
    mine = own.filter(own.reply_to.notnull()).select("reply_to")
    given = mine.join(questions, mine.reply_to == questions.answered).select("other_actor", gave=ibis.literal(True))
    asked = own.select("id")
    received = asked.join(answers, asked.id == answers.reply_to).select("other_actor", gave=ibis.literal(False))
    sides = ibis.union(given, received)
    named = sides.join(_person, sides.other_actor == _person.identity)
    return named.group_by(other=named.member).agg(given=named.gave.sum(), received=(~named.gave).sum())


COMPANY = _company()
