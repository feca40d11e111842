"""The relations every figure stands on: days, buckets, and who counts.

Parameters: `start` and `stop` bound what is counted, `reach` and `until` what is read before and after it. `earlier` is the first day of
the bucket before the first. With WHOLE buckets, `middle` is where the period begins and `before` where the one before it
begins. They are computed in Python, so that engines compare columns with plain dates and can skip what lies outside.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import BooleanValue, DateValue, IntegerValue, Table, Value

from juluo.record.events.types import Kind
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE, param
from juluo.record.people.types import UNNAMED

from ..types import Calendar, Frame, Grain, Period, Row

START, STOP, REACH, UNTIL = param("start"), param("stop"), param("reach"), param("until")
MIDDLE, BEFORE, EARLIER = param("middle"), param("before"), param("earlier")
CHANNELS = param("channels", "array<int64>")
MARKING = param("marking", "array<string>")  # the platforms of this history that mark what replies to what

SPOKE = Kind.MESSAGE_CREATED.value
REACTED = Kind.REACTION_ADDED.value
UNREACTED = Kind.REACTION_REMOVED.value
JOINED = Kind.MEMBER_JOINED.value
LEFT = Kind.MEMBER_LEFT.value

# What someone does of their own will and can be seen doing: this makes a member active on a day. Coming and going, corrections
# of what was said, and what the team sent to them do not.
ACTS = tuple(
    kind.value
    for kind in (
        Kind.MESSAGE_CREATED,
        Kind.REACTION_ADDED,
        Kind.CHECKIN,
        Kind.LINK_CLICKED,
        Kind.PAGE_VIEWED,
        Kind.ORDER_PAID,
        Kind.SURVEY_ANSWERED,
        Kind.ACTIVITY_REGISTERED,
        Kind.ACTIVITY_ATTENDED,
    )
)

# Events that say something about what was done to a member rather than that the member was there.
NOT_A_SIGN = tuple(
    kind.value
    for kind in (Kind.TOUCH_SENT, Kind.TOUCH_FAILED, Kind.TOUCH_OPENED, Kind.POINTS_MOVED, Kind.CHANNEL_CREATED, Kind.CHANNEL_RENAMED)
)

# Platforms where "joined" and "left" mean coming online and going offline, many times a day.
CONNECTIONS = ("irc",)

# Platforms where one answers by writing into the same topic. Quoting is marked there, but replying is not.
TOPICAL = ("zulip", "discourse")

# Before and after every history. A member of whom no first day is known has been there since PAST.
PAST, FAR = dt.date(1970, 1, 1), dt.date(2148, 1, 1)
NEVER = dt.date(1900, 1, 1)  # no history reaches back so far, and every engine knows the day

_FIRST_MONDAY = ibis.date(1970, 1, 5)


def parameters(
    calendar: Calendar,
    *,
    reach: int = 0,
    ahead: int = 0,
    channels: Iterable[int] = (),
    marking: Iterable[str] = (),
    traced: dt.date = NEVER,
) -> dict[str, Any]:
    """The values of the parameters for counting in the buckets of a calendar. `traced`: see `traces`; without it all of history is read."""
    covers = calendar.covers
    return {
        "start": covers.start,
        "stop": covers.stop,
        "before": covers.start,
        "middle": calendar.period.start,
        "earlier": calendar.earlier,
        "reach": covers.start - dt.timedelta(days=reach),
        "until": covers.stop + dt.timedelta(days=ahead),
        "channels": list(channels),
        "marking": list(marking),
        "traced": traced,
    }


def row_parameters(
    period: Period,
    *,
    reach: int = 0,
    ahead: int = 0,
    channels: Iterable[int] = (),
    marking: Iterable[str] = (),
    traced: dt.date = NEVER,
) -> dict[str, Any]:
    """The values of the parameters for listing the rows of one period (with a WHOLE frame)."""
    return parameters(Calendar(Grain.WHOLE, period), reach=0, ahead=ahead, channels=channels, marking=marking, traced=traced) | {
        "start": period.start,
        "earlier": period.before().start,
        "reach": period.start - dt.timedelta(days=reach),
    }


def day_number(day: DateValue) -> IntegerValue:
    """Days since Monday 1970-01-05, as `Calendar` counts them."""
    return day.delta(_FIRST_MONDAY, unit="day")


def days_later(day: DateValue, days: int) -> DateValue:
    """A date so many days on (DuckDB would make it a timestamp)."""
    return (day + ibis.interval(days=days)).cast("timestamp").date()


def bucket(frame: Frame, day: DateValue) -> IntegerValue:
    """The number of the bucket that `day` falls into; consecutive buckets have consecutive numbers."""
    match frame.grain:
        case Grain.DAY:
            return day_number(day)
        case Grain.WEEK:
            return day_number(day) // 7
        case Grain.MONTH:
            return day.year().cast("int64") * 12 + day.month().cast("int64") - 1
        case Grain.WHOLE:
            return ibis.ifelse(day >= MIDDLE, 1, ibis.ifelse(day >= BEFORE, 0, -1)).cast("int64")


def counting(table: Table, kinds: Iterable[str]) -> Table:
    """`table` with `actor` resolved to `member`, and only those whose kind of person is among `kinds`.

    Who is not in the register is a person and a member of their own.
    """
    register = PEOPLE.select(_identity=PEOPLE.identity, _member=PEOPLE.member, _kind=PEOPLE.kind)
    found = table.left_join(register, table.actor == register._identity)
    kind = ibis.coalesce(found._kind, "person")
    found = found.filter(kind.isin(tuple(kinds)))
    return found.mutate(member=ibis.coalesce(found._member, found.actor), person=ibis.coalesce(found._kind, "person")).drop(
        "_identity", "_member", "_kind"
    )


def in_channels(frame: Frame, table: Table) -> Table:
    """Only what happened in the chosen channels, where channels are chosen."""
    return table.filter(CHANNELS.contains(table.channel)) if frame.by_channel else table


def daily(
    frame: Frame,
    *,
    kinds: Iterable[str],
    since: Value | None = START,
    until: Value | None = STOP,
    people: Iterable[str] | None = None,
) -> Table:
    """The member-day roll-up of those who count (or of the kinds of `people` given), in the chosen channels, from `since` to `until`
    (None: without end)."""
    table = DAILY.filter(DAILY.kind.isin(tuple(kinds)))
    if since is not None:
        table = table.filter(table.day >= since)
    if until is not None:
        table = table.filter(table.day < until)
    return counting(in_channels(frame, table), people or frame.who.kinds)


def events(frame: Frame, *, kinds: Iterable[str], since: Value = START, until: Value = STOP, people: Iterable[str] | None = None) -> Table:
    """The events of those who count (or of the kinds of `people` given), in the chosen channels."""
    table = EVENTS.filter(EVENTS.day >= since, EVENTS.day < until, EVENTS.kind.isin(tuple(kinds)))
    return counting(in_channels(frame, table), people or frame.who.kinds)


def stacked(*tables: Table, distinct: bool = False) -> Table:
    """The rows of all `tables`, by column name; engines disagree on what may be null, so everything may."""
    names = tables[0].columns
    return ibis.union(*(t.select(**{n: t[n].cast(t[n].type().copy(nullable=True)) for n in names}) for t in tables), distinct=distinct)


def event_rows(table: Table) -> Table:
    """Events as rows to be listed."""
    return table.select("id", "at", "day", "channel", "actor", "member")


def member_rows(table: Table, n: Value) -> Table:
    """Members as rows to be listed, out of roll-up rows: how much each did, and on which first and last day."""
    return table.group_by("member").agg(n=n, first_on=table.day.min(), last_on=table.day.max())


def and_unnamed(frame: Frame) -> tuple[str, ...]:
    """The kinds of person that count, and those of whom a platform only says how many they were (who reacted to a message, say)."""
    return (*frame.who.kinds, UNNAMED)


def times(table: Table) -> Value:
    """How many times the rows of the roll-up stand for: `value` where a platform only counted, else one an event."""
    return ibis.greatest(table.n.cast("float64"), table.value).cast("int64")


def is_act(table: Table) -> BooleanValue:
    return table.kind.isin(ACTS)


def plain(answer: pa.Table) -> list[Row]:
    """The rows of an answer as dicts. Engines sum integers into wider ones that arrive as decimals; here they become integers again."""
    for number, column in enumerate(answer.schema):
        if pa.types.is_decimal(column.type):
            answer = answer.set_column(number, column.name, answer.column(number).cast(pa.int64()))
    return answer.to_pylist()


def filled(counts: Iterable[str], *, unknown: Iterable[str] = ()) -> Any:
    """A `finish` that leaves no bucket out: what is missing is 0, or None for the `unknown` (a median of nothing)."""
    counts, unknown = tuple(counts), frozenset(unknown)

    def finish(rows: list[Row], calendar: Calendar) -> dict[int, dict[str, float | None]]:
        found = {row["bucket"]: row for row in rows}
        return {
            number: {count: _or(found.get(number, {}).get(count), None if count in unknown else 0) for count in counts}
            for number in calendar.numbers
        }

    return finish


def _or(value: Any, instead: float | None) -> float | None:
    return instead if value is None or value != value else value
