"""Questions: who answered, and how long it took.

An answer is, whichever comes first: an explicit reply to the question by another person; inside a thread, the next message there by
another person; outside threads, the next message by another person in the same channel within `NEARBY`. Bots never answer, staff
do. What comes later than `PATIENCE` is no answer any more, so that a figure is settled a week after its period.
"""

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, Table

from juluo.kit.errors import N_
from juluo.record.lake.tables import EVENTS
from juluo.record.people.measures import only

from ..types import Behind, Better, Column, Frame, Grid, Metric, Sheet, Unit
from .base import SPOKE, START, STOP, UNTIL, bucket, counting, event_rows, events, filled, in_channels

NEARBY = 30 * 60  # seconds
PATIENCE = 7 * 24 * 3600  # seconds
AHEAD = 8  # days read after the period, so that the last question has its full patience
OPENS, CLOSES = 9, 18  # office hours, Monday to Friday, local time

COUNTS = (
    "asked",
    "answered",
    "unanswered",
    "minutes",
    "minutes_p90",
    "asked_office",
    "answered_office",
    "minutes_office",
    "minutes_office_p90",
)
UNKNOWN = ("minutes", "minutes_p90", "minutes_office", "minutes_office_p90")


def conversation(frame: Frame) -> Table:
    """The messages of people (not bots), each with its `place` (its thread, else its channel) and whether its author `counts`."""
    table = events(frame, kinds=[SPOKE], until=UNTIL, people=_talkers(frame))
    return table.select(
        "id",
        "at",
        "day",
        "member",
        "reply_to",
        "is_question",
        place=ibis.coalesce(table.thread, table.channel),
        in_thread=table.thread.notnull(),
        counts=table.person.isin(frame.who.kinds),
    )


def _talkers(frame: Frame) -> tuple[str, ...]:
    return tuple({"person", "staff", *frame.who.kinds})


def _asked(frame: Frame) -> Table:
    """The questions of those who count."""
    table = in_channels(frame, EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE, EVENTS.is_question))
    return counting(table, frame.who.kinds).select("id", "at", "day", "hour", "channel", "actor", "member")


def _followed(frame: Frame) -> Table:
    """For every question, when somebody else next spoke in its place, as `other_at` (None: nobody did).

    Read backwards, that is what came after the last change of speaker seen so far. Of all messages only the questions and the ends of runs
    (several messages of one speaker) matter for this, so that the second pass is over few of them.
    """
    table = conversation(frame).select("id", "at", "place", "in_thread", "member", "is_question")
    backwards = ibis.window(group_by="place", order_by=[ibis.desc("at"), ibis.desc("id")])
    table = table.mutate(
        next_member=table.member.lag(1, default=table.member).over(backwards),
        next_at=table.at.lag(1, default=table.at).over(backwards),
        last_member=table.member.lead(1, default=table.member).over(backwards),
    )
    changed = table.next_member != table.member
    table = table.filter(table.is_question | (changed & (table.last_member == table.member)))
    so_far = ibis.window(group_by="place", order_by=[ibis.desc("at"), ibis.desc("id")], preceding=None, following=0)
    table = table.mutate(other_at=only(table.next_at, table.next_member != table.member).min().over(so_far))
    return table.filter(table.is_question).select("in_thread", "other_at", question="id")


def _replied(frame: Frame) -> Table:
    """For every question with a reply by somebody else in time, the seconds until the first one, as `direct`."""
    asked = _asked(frame).select("id", "at", "member")
    replies = events(frame, kinds=[SPOKE], until=UNTIL, people=_talkers(frame))
    replies = replies.filter(replies.reply_to.notnull()).select("reply_to", replier="member", replied_at="at")
    met = asked.join(replies, (asked.id == replies.reply_to) & (asked.member != replies.replier) & (replies.replied_at >= asked.at))
    met = met.group_by(replied="id").agg(direct=met.replied_at.min().delta(met.at.min(), unit="second"))
    return met.filter(met.direct <= PATIENCE)


def questions(frame: Frame) -> Table:
    """Every question of those who count, with `seconds` until its answer (None: unanswered)."""
    asked, followed, replied = _asked(frame), _followed(frame), _replied(frame)
    asked = asked.join(followed, asked.id == followed.question)
    wait = asked.other_at.delta(asked.at, unit="second")
    asked = asked.mutate(nearby=only(wait, wait <= ibis.ifelse(asked.in_thread, PATIENCE, NEARBY)))
    asked = asked.left_join(replied, asked.id == replied.replied)
    both = asked.nearby.notnull() & asked.direct.notnull()
    seconds = ibis.ifelse(both, ibis.least(asked.nearby, asked.direct), ibis.coalesce(asked.nearby, asked.direct))
    return asked.select("id", "at", "day", "hour", "channel", "actor", "member", seconds=seconds)


def _in_office_hours(table: Table) -> BooleanValue:
    return (table.hour >= OPENS) & (table.hour < CLOSES) & (table.day.day_of_week.index() < 5)


def _expression(frame: Frame) -> ibis.Table:
    table = questions(frame)
    minutes = table.seconds.cast("float64") / 60
    table = table.select(bucket=bucket(frame, table.day), minutes=minutes, office=_in_office_hours(table))
    answered = table.minutes.notnull()
    return table.group_by("bucket").agg(
        asked=_.count(),
        answered=_.count(where=answered),
        unanswered=_.count(where=~answered),
        minutes=table.minutes.quantile(0.5),
        minutes_p90=table.minutes.quantile(0.9),
        asked_office=_.count(where=table.office),
        answered_office=_.count(where=table.office & answered),
        minutes_office=table.minutes.quantile(0.5, where=table.office),
        minutes_office_p90=table.minutes.quantile(0.9, where=table.office),
    )


def _behind(which: str) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = questions(frame)
        if which.endswith("_office"):
            table = table.filter(_in_office_hours(table))
        match which.removesuffix("_office"):
            case "answered":
                table = table.filter(table.seconds.notnull())
            case "unanswered":
                table = table.filter(table.seconds.isnull())
        return event_rows(table)

    return Behind("events", expression, ahead=AHEAD)


def _unanswered(frame: Frame, **_options: Any) -> ibis.Table:
    table = questions(frame)
    return event_rows(table.filter(table.seconds.isnull())).order_by(ibis.desc("at"), "id").limit(500)


SHEETS = (
    Sheet(
        "answers",
        COUNTS,
        _expression,
        filled(COUNTS, unknown=UNKNOWN),
        ahead=AHEAD,
        is_local=True,
        behind={which: _behind(which) for which in ("asked", "answered", "unanswered", "asked_office", "answered_office")},
    ),
)
GRIDS = (
    Grid(
        "unanswered",
        N_("没人接的问题"),
        N_("期内提出、7 天之内没有别人回答的问题，最近的在前，最多 500 条。"),
        (
            Column("id", N_("编号")),
            Column("at", N_("时间"), Unit.DATE),
            Column("day", N_("日期"), Unit.DATE),
            Column("channel", N_("群或频道")),
            Column("actor", N_("账号")),
            Column("member", N_("成员")),
        ),
        _unanswered,
        ahead=AHEAD,
    ),
)

_RULE = N_(
    "读起来像提问的消息才算问题。算作回答的是（取最早）：别人的直接回复；话题串里别人的下一条消息；"
    "不在话题串里时，同一个群里 30 分钟内别人的下一条消息。机器人的话不算回答，运营人员的算。超过 7 天才等到的不算。"
)
_GROUP = "response"
_OFFICE = N_("只看周一到周五 9 点到 18 点（社群当地时间）提出的问题。")

METRICS = (
    Metric(
        "questions",
        N_("提问数"),
        _GROUP,
        Unit.QUESTIONS,
        formula=N_("期内成员提出的问题条数。"),
        meaning=N_("大家有没有把社群当成能问问题的地方。"),
        excludes=_RULE,
        top=("speaking.questions",),  # the same number, out of the roll-up: nobody need look for answers to count questions
        rows="answers.asked",
        better=Better.NEITHER,
    ),
    Metric(
        "unanswered",
        N_("没人接的问题"),
        _GROUP,
        Unit.QUESTIONS,
        formula=N_("期内提出、7 天之内没有别人回答的问题条数；不满 7 天的按目前算。"),
        meaning=N_("每一条都是一次失望。打开明细，一条条去接住。"),
        excludes=_RULE,
        top=("answers.unanswered",),
        better=Better.DOWN,
    ),
    Metric(
        "answered_share",
        N_("问题有人答的占比"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("有人回答的问题 ÷ 提问数。"),
        meaning=N_("问了有没有人理。偏低时，给热心成员一个「答疑人」的身份，或安排值班。"),
        excludes=_RULE,
        top=("answers.answered",),
        bottom=("answers.asked",),
        better=Better.UP,
        good=(80.0, None),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "answered_share.office",
        N_("问题有人答的占比（上班时间）"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("上班时间提出的问题中有人回答的占比。"),
        meaning=_OFFICE,
        excludes=_RULE,
        top=("answers.answered_office",),
        bottom=("answers.asked_office",),
        variant_of="answered_share",
    ),
    Metric(
        "first_answer",
        N_("首答时间"),
        _GROUP,
        Unit.MINUTES,
        formula=N_("有人回答的问题，从提问到第一个回答的分钟数，取中位数。"),
        meaning=N_("一半的问题在这么久之内有人接。变长时看看是哪些时段没人值守。"),
        excludes=_RULE,
        value="answers.minutes",
        top=("answers.answered",),
        better=Better.DOWN,
        good=(None, 60.0),
        good_source=N_("聚落的默认值：一小时内有人接。论坛界的参考是平均不超过 1000 分钟（Lithium，二手资料）。"),
    ),
    Metric(
        "first_answer.p90",
        N_("首答时间（九成）"),
        _GROUP,
        Unit.MINUTES,
        formula=N_("有人回答的问题，九成在这么多分钟之内得到第一个回答。"),
        meaning=N_("最不走运的人要等多久。"),
        excludes=_RULE,
        value="answers.minutes_p90",
        top=("answers.answered",),
        better=Better.DOWN,
        variant_of="first_answer",
    ),
    Metric(
        "first_answer.office",
        N_("首答时间（上班时间）"),
        _GROUP,
        Unit.MINUTES,
        formula=N_("上班时间提出、有人回答的问题，从提问到第一个回答的分钟数，取中位数。"),
        meaning=_OFFICE,
        excludes=_RULE,
        value="answers.minutes_office",
        top=("answers.answered_office",),
        better=Better.DOWN,
        variant_of="first_answer",
    ),
    Metric(
        "first_answer.office_p90",
        N_("首答时间（上班时间，九成）"),
        _GROUP,
        Unit.MINUTES,
        formula=N_("上班时间提出、有人回答的问题，九成在这么多分钟之内得到第一个回答。"),
        meaning=_OFFICE,
        excludes=_RULE,
        value="answers.minutes_office_p90",
        top=("answers.answered_office",),
        better=Better.DOWN,
        variant_of="first_answer",
    ),
)
