"""When the community talks: hours, weekdays, channels."""

from typing import Any

import ibis
from ibis import _

from juluo.kit.errors import N_
from juluo.record.events.types import Kind

from ..types import Calendar, Column, Frame, Grid, Row, Unit
from .base import SPOKE, bucket, daily, events


def _heat(frame: Frame, **_options: Any) -> ibis.Table:
    table = events(frame, kinds=[SPOKE])
    weekday = table.day.day_of_week.index().cast("int64")
    cells = table.group_by(bucket=bucket(frame, table.day), weekday=weekday, hour=table.hour.cast("int64"), member=table.member)
    return cells.agg(n=_.count()).group_by("bucket", "weekday", "hour").agg(messages=_.n.sum(), speakers=_.count())


def finish_heat(rows: list[Row], calendar: Calendar, **_options: Any) -> list[Row]:
    """All 168 cells, empty ones included; Monday is 0."""
    found = {(row["bucket"], row["weekday"], row["hour"]): row for row in rows}
    nothing = {"messages": 0, "speakers": 0}
    return [
        {
            "weekday": weekday,
            "hour": hour,
            "messages": found.get((1, weekday, hour), nothing)["messages"],
            "speakers": found.get((1, weekday, hour), nothing)["speakers"],
            "messages_before": found.get((0, weekday, hour), nothing)["messages"],
        }
        for weekday in range(7)
        for hour in range(24)
    ]


def _channels(frame: Frame, **_options: Any) -> ibis.Table:
    table = daily(frame, kinds=[SPOKE])
    members = table.group_by(bucket=bucket(frame, table.day), channel=table.channel, member=table.member).agg(
        messages=table.n.sum(), replies=table.replies.sum(), questions=table.questions.sum()
    )
    return members.group_by("bucket", "channel").agg(
        messages=_.messages.sum(), speakers=_.count(), replies=_.replies.sum(), questions=_.questions.sum()
    )


def finish_channels(rows: list[Row], calendar: Calendar, **_options: Any) -> list[Row]:
    """A row a channel with its counts now and before, the liveliest first."""
    found: dict[int, Row] = {}
    for row in rows:
        channel = found.setdefault(
            row["channel"],
            {"channel": row["channel"]}
            | dict.fromkeys(("messages", "speakers", "replies", "questions", "messages_before", "speakers_before"), 0),
        )
        if row["bucket"] == 1:
            channel |= {count: row[count] for count in ("messages", "speakers", "replies", "questions")}
        elif row["bucket"] == 0:
            channel |= {"messages_before": row["messages"], "speakers_before": row["speakers"]}
    return sorted(found.values(), key=lambda row: (-row["messages"], -row["messages_before"], row["channel"]))


def _kinds(frame: Frame, **_options: Any) -> ibis.Table:
    table = daily(frame, kinds=[kind.value for kind in Kind])
    return table.group_by(bucket=bucket(frame, table.day), kind=table.kind).agg(n=_.n.sum())


def finish_kinds(rows: list[Row], calendar: Calendar, **_options: Any) -> list[Row]:
    """A row for every kind of event that occurred, now or before."""
    found = {(row["bucket"], row["kind"]): row["n"] for row in rows}
    return [
        {"kind": kind.value, "n": found.get((1, kind.value), 0), "before": found.get((0, kind.value), 0)}
        for kind in Kind
        if (1, kind.value) in found or (0, kind.value) in found
    ]


SHEETS = ()
METRICS = ()
GRIDS = (
    Grid(
        "heat",
        N_("一周热力图"),
        N_("一周七天、一天二十四小时，每一格有多少消息、多少人说话（社群当地时间，周一为第 0 天）。「之前」是前一段同样长的时间。"),
        (
            Column("weekday", N_("星期")),
            Column("hour", N_("小时")),
            Column("messages", N_("消息数"), Unit.MESSAGES),
            Column("speakers", N_("发言人数"), Unit.PEOPLE),
            Column("messages_before", N_("之前的消息数"), Unit.MESSAGES),
        ),
        _heat,
        finish_heat,
        compares=True,
    ),
    Grid(
        "channels",
        N_("各群情况"),
        N_("每个群或频道的消息、发言人数、回复和提问，热闹的在前。「之前」是前一段同样长的时间。"),
        (
            Column("channel", N_("群或频道")),
            Column("messages", N_("消息数"), Unit.MESSAGES),
            Column("speakers", N_("发言人数"), Unit.PEOPLE),
            Column("replies", N_("回复数"), Unit.MESSAGES),
            Column("questions", N_("提问数"), Unit.QUESTIONS),
            Column("messages_before", N_("之前的消息数"), Unit.MESSAGES),
            Column("speakers_before", N_("之前的发言人数"), Unit.PEOPLE),
        ),
        _channels,
        finish_channels,
        compares=True,
    ),
    Grid(
        "kinds",
        N_("各类事件"),
        N_("期内各类事件各有多少条。「之前」是前一段同样长的时间。"),
        (Column("kind", N_("种类")), Column("n", N_("条数"), Unit.TIMES), Column("before", N_("之前的条数"), Unit.TIMES)),
        _kinds,
        finish_kinds,
        compares=True,
    ),
)
