"""How newcomers fare: their first word, and their part in the talk."""

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.kit.errors import N_

from ..types import Behind, Better, Column, Frame, Grid, Metric, Sheet, Unit
from .base import JOINED, PAST, SPOKE, START, STOP, bucket, daily, days_later, filled, member_rows, stacked
from .membership import entries, traces

FRESH = 30  # days after entering in which a member is a newcomer
SENIORITY = ("newcomer_messages", "messages", "newcomer_speakers", "speakers")
FIRST_WORDS = ("came_1", "spoke_1", "came_7", "spoke_7")


def arrivals(frame: Frame) -> Table:
    """Members whose first trace is joining, with `entered`, the moment `joined_at`, and that of their first word `spoke_at` (or None).

    Those who were there before anybody recorded their joining cannot be told from old members and are left out.
    """
    everywhere = Frame(frame.grain, frame.who)
    table = traces(everywhere)
    arrived = table.filter(table.joined_at <= table.first_at)
    arrived = arrived.select("member", "joined_at", "spoke_at", entered="first_on")
    if not frame.by_channel:
        return arrived
    words = traces(frame).select(speaker="member", word_at="spoke_at")
    arrived = arrived.left_join(words, arrived.member == words.speaker)
    return arrived.select("member", "entered", "joined_at", spoke_at="word_at")


def _first_words(frame: Frame) -> ibis.Table:
    """Of those for whom 1 and 7 days were up in each bucket: who had spoken within 24 hours and 7 × 24 hours of joining."""
    arrived = arrivals(frame)
    parts = []
    for days in (1, 7):
        due = arrived.mutate(due=days_later(arrived.entered, days))
        due = due.filter(due.due >= START, due.due < STOP)
        counted = due.group_by(bucket=bucket(frame, due.due)).agg(
            came=_.count(), spoke=_.count(where=_.spoke_at.delta(_.joined_at, unit="second") <= days * 86_400)
        )
        zero = ibis.literal(0, "int64")
        parts.append(
            counted.select(
                "bucket",
                came_1=counted.came if days == 1 else zero,
                spoke_1=counted.spoke if days == 1 else zero,
                came_7=counted.came if days == 7 else zero,
                spoke_7=counted.spoke if days == 7 else zero,
            )
        )
    both = stacked(*parts)
    return both.group_by("bucket").agg(**{count: both[count].sum() for count in FIRST_WORDS})


def _due(days: int) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        arrived = arrivals(frame)
        arrived = arrived.mutate(due=days_later(arrived.entered, days)).filter(_.due >= START, _.due < STOP)
        spoke = arrived.spoke_at.delta(arrived.joined_at, unit="second") <= days * 86_400
        return arrived.select(
            member=arrived.member,
            n=ibis.coalesce(spoke, False).cast("int64"),
            first_on=arrived.entered,
            last_on=ibis.ifelse(ibis.coalesce(spoke, False), arrived.spoke_at.date(), ibis.null("date")),
        )

    return Behind("members", expression)


def with_seniority(frame: Frame) -> Table:
    """The messages of the roll-up, each row with `fresh`: whether its member had been there for less than `FRESH` days."""
    table = daily(frame, kinds=[SPOKE])
    known = entries(Frame(frame.grain, frame.who)).rename(known="member")
    table = table.left_join(known, table.member == known.known)
    days = table.day.delta(table.entered, unit="day")
    return table.mutate(fresh=ibis.coalesce((table.entered > PAST) & (days < FRESH), False))


def _seniority(frame: Frame) -> ibis.Table:
    table = with_seniority(frame)
    members = table.group_by(bucket=bucket(frame, table.day), member=table.member).agg(
        messages=table.n.sum(), fresh=table.n.sum(where=table.fresh)
    )
    return members.group_by("bucket").agg(
        newcomer_messages=ibis.coalesce(_.fresh.sum(), 0),
        messages=_.messages.sum(),
        newcomer_speakers=_.count(where=_.fresh > 0),
        speakers=_.count(),
    )


def _newcomer_speakers(frame: Frame) -> ibis.Table:
    table = with_seniority(frame)
    table = table.filter(table.fresh)
    return member_rows(table, table.n.sum())


def _newcomers(frame: Frame, **_options: Any) -> ibis.Table:
    everywhere = Frame(frame.grain, frame.who)
    came = entries(everywhere)
    came = came.filter(came.entered >= START, came.entered < STOP, came.entered > PAST)
    words = daily(frame, kinds=[SPOKE], since=START, until=None)
    words = words.group_by("member").agg(spoke_at=words.first_at.min(), messages=words.n.sum(), last_on=words.day.max())
    words = words.rename(speaker="member")
    came = came.left_join(words, came.member == words.speaker)
    came = came.select("member", "entered", "spoke_at", "last_on", messages=ibis.coalesce(came.messages, 0))
    return came.order_by(ibis.desc("messages"), "entered", "member").limit(500)


SHEETS = (
    Sheet(
        "first_words",
        FIRST_WORDS,
        _first_words,
        filled(FIRST_WORDS),
        looks_back=True,
        behind={"came_1": _due(1), "came_7": _due(7)},
    ),
    Sheet(
        "seniority",
        SENIORITY,
        _seniority,
        filled(SENIORITY),
        looks_back=True,
        behind={"newcomer_speakers": Behind("members", _newcomer_speakers), "newcomer_messages": Behind("members", _newcomer_speakers)},
    ),
)
GRIDS = (
    Grid(
        "newcomers",
        N_("新成员近况"),
        N_("期内进群（或第一次出现）的成员，说了第一句话没有、到现在说了多少；说得多的在前，最多 500 人。"),
        (
            Column("member", N_("成员")),
            Column("entered", N_("进群日期"), Unit.DATE),
            Column("spoke_at", N_("第一句话"), Unit.DATE),
            Column("messages", N_("到现在的消息数"), Unit.MESSAGES),
            Column("last_on", N_("最近发言"), Unit.DATE),
        ),
        _newcomers,
    ),
)

_GROUP = "newcomers"
_KNOWN = N_("只看有进群记录、且进群是第一次出现的成员；没有进群记录的平台无从得知。不含机器人和运营人员。")


def _first_word(days: int, code: str, name: str, within: str, meaning: str, **more: Any) -> Metric:
    return Metric(
        code,
        name,
        _GROUP,
        Unit.PERCENT,
        formula=within,
        meaning=meaning,
        excludes=_KNOWN,
        top=(f"first_words.spoke_{days}",),
        bottom=(f"first_words.came_{days}",),
        rows=f"first_words.came_{days}",
        better=Better.UP,
        needs=(JOINED,),
        **more,
    )


METRICS = (
    _first_word(
        1,
        "first_word_24h",
        N_("24 小时破冰率"),
        N_("进群 24 小时内发出第一句话的新成员 ÷ 期内满一天的新成员。"),
        N_("欢迎仪式有没有让人愿意开口。偏低时，把第一个任务做得更小、更容易。"),
        good=(20.0, None),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    _first_word(
        7,
        "first_word_7d",
        N_("7 天破冰率"),
        N_("进群 7 × 24 小时内发出第一句话的新成员 ÷ 期内满 7 天的新成员。"),
        N_("一周之后还没开口的人，多半不会再开口。"),
        good=(30.0, None),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "newcomer_share",
        N_("新人发言占比"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("进群不满 30 天的成员发的消息 ÷ 消息数。"),
        meaning=N_("话是老成员在说还是新成员在说。太低，新人插不上话；太高，老成员在离开。"),
        excludes=N_("数据开头的 30 天里人人都像新人，不必当真。不含机器人和运营人员。"),
        top=("seniority.newcomer_messages",),
        bottom=("seniority.messages",),
        better=Better.NEITHER,
    ),
    Metric(
        "newcomer_share.people",
        N_("新人占发言者的比例"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("进群不满 30 天的发言者 ÷ 发言人数。"),
        meaning=N_("按人数而不是按条数看。"),
        excludes=N_("数据开头的 30 天里人人都像新人，不必当真。不含机器人和运营人员。"),
        top=("seniority.newcomer_speakers",),
        bottom=("seniority.speakers",),
        variant_of="newcomer_share",
    ),
)
