"""What a list shows about each member, as one question to the lake."""

from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, PEOPLE

_daily = DAILY.join(PEOPLE, DAILY.actor == PEOPLE.identity)

SUMMARY = _daily.group_by(_daily.member).agg(
    first_seen_on=_daily.day.min(),
    last_seen_on=_daily.day.max(where=_daily.kind != Kind.MEMBER_LEFT.value),
    joined_on=_daily.day.min(where=_daily.kind == Kind.MEMBER_JOINED.value),
    left_on=_daily.day.max(where=_daily.kind == Kind.MEMBER_LEFT.value),
    messages=_daily.n.sum(where=_daily.kind == Kind.MESSAGE_CREATED.value).fill_null(0),
    active_days=_daily.day.nunique(where=_daily.kind == Kind.MESSAGE_CREATED.value),
)
