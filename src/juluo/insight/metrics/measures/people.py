"""Who makes the community: the loudest, those who fell silent, who talks with whom."""

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.kit.errors import N_

from ..types import Column, Frame, Grid, Unit
from .answers import NEARBY, PATIENCE, conversation
from .base import ACTS, MIDDLE, REACH, REACTED, SPOKE, STOP, daily, events, stacked

MOST = 500
QUIET_REACH = 30


def _members(frame: Frame, **_options: Any) -> ibis.Table:
    table = daily(frame, kinds=ACTS)
    now, spoke = table.day >= MIDDLE, table.kind == SPOKE
    members = table.group_by("member").agg(
        messages=ibis.coalesce(table.n.sum(where=now & spoke), 0),
        active_days=table.day.nunique(where=now),
        replies=ibis.coalesce(table.replies.sum(where=now & spoke), 0),
        questions=ibis.coalesce(table.questions.sum(where=now & spoke), 0),
        reactions=ibis.coalesce(table.n.sum(where=now & (table.kind == REACTED)), 0),
        messages_before=ibis.coalesce(table.n.sum(where=~now & spoke), 0),
    )
    return members.order_by(ibis.desc("messages"), ibis.desc("messages_before"), "member").limit(MOST)


def _quiet(frame: Frame, **_options: Any) -> ibis.Table:
    table = daily(frame, kinds=ACTS, since=REACH)
    members = table.group_by("member").agg(
        now=table.n.sum(where=table.day >= MIDDLE),
        messages=ibis.coalesce(table.n.sum(where=table.kind == SPOKE), 0),
        active_days=table.day.nunique(),
        last_on=table.day.max(),
    )
    members = members.filter(members.now.isnull() | (members.now == 0)).drop("now")
    return members.order_by(ibis.desc("active_days"), ibis.desc("messages"), "member").limit(MOST)


def taking_up(frame: Frame) -> Table:
    """Every message of those who count that takes up what somebody else said: `id`, `at`, `day`, `member`, whose word it was (`other`) and
    whether that was a question (`is_answer`).

    It does when it is marked as a reply, or else when it comes next in the same place and not long after. Asked from MIDDLE on, over
    messages from START (in talk) and REACH (marked replies) on.
    """
    table = conversation(frame)
    table = table.filter(table.counts, table.day >= MIDDLE, table.day < STOP)
    earlier = ibis.window(group_by="place", order_by=["at", "id"])
    table = table.mutate(
        spoke_before=table.member.lag(1, default=table.member).over(earlier),
        spoken_at=table.at.lag(1, default=table.at).over(earlier),
        asked_before=table.is_question.lag(1).over(earlier),
    )
    wait = table.at.delta(table.spoken_at, unit="second")
    near = wait <= ibis.ifelse(table.in_thread, PATIENCE, NEARBY)
    followed = table.filter(table.reply_to.isnull() & near & (table.spoke_before != table.member))
    followed = followed.select("id", "at", "day", "member", other=followed.spoke_before, is_answer=followed.asked_before)

    answered = events(frame, kinds=[SPOKE], since=REACH)
    answered = answered.select(answered=answered.id, other=answered.member, is_answer=answered.is_question)
    replied = table.filter(table.reply_to.notnull())
    replied = replied.join(answered, (replied.reply_to == answered.answered) & (replied.member != answered.other))
    return stacked(followed, replied.select("id", "at", "day", "member", "other", "is_answer"))


def _graph(frame: Frame, **_options: Any) -> ibis.Table:
    edges = taking_up(frame).group_by("member", "other").agg(times=_.count())
    return edges.order_by(ibis.desc("times"), "member", "other").limit(2 * MOST)


SHEETS = ()
METRICS = ()
GRIDS = (
    Grid(
        "members",
        N_("成员排行"),
        N_("期内发言最多的成员，以及他们前一段同样长的时间里的消息数，最多 500 人。"),
        (
            Column("member", N_("成员")),
            Column("messages", N_("消息数"), Unit.MESSAGES),
            Column("active_days", N_("活跃天数")),
            Column("replies", N_("回复数"), Unit.MESSAGES),
            Column("questions", N_("提问数"), Unit.QUESTIONS),
            Column("reactions", N_("表情回应数"), Unit.TIMES),
            Column("messages_before", N_("之前的消息数"), Unit.MESSAGES),
        ),
        _members,
        compares=True,
    ),
    Grid(
        "quiet",
        N_("安静下来的成员"),
        N_("期初之前 30 天里活跃过、期内完全没有动静的成员，原先来得勤的在前，最多 500 人。"),
        (
            Column("member", N_("成员")),
            Column("messages", N_("那 30 天的消息数"), Unit.MESSAGES),
            Column("active_days", N_("那 30 天的活跃天数")),
            Column("last_on", N_("最近活跃"), Unit.DATE),
        ),
        _quiet,
        reach=QUIET_REACH,
    ),
    Grid(
        "graph",
        N_("对话关系"),
        N_("谁接谁的话：直接回复；没有回复标记时，同一个群里 30 分钟内（话题串里 7 天内）紧跟着别人说的。每对成员多少次，最多 1000 对。"),
        (Column("member", N_("成员")), Column("other", N_("接谁的话")), Column("times", N_("次数"), Unit.TIMES)),
        _graph,
        reach=QUIET_REACH,
    ),
)
