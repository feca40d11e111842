"""Taking up what others said, marked as a reply or not: replies as far as a platform without marks lets one see them."""

import ibis
from ibis import _

from juluo.kit.errors import N_

from ..types import Behind, Better, Frame, Metric, Sheet, Unit
from .answers import NEARBY, PATIENCE
from .base import REACH, SPOKE, START, STOP, bucket, event_rows, events, filled

COUNTS = ("messages", "taking_up")
DAYS = 8  # read before the period, so that its first messages have something to take up


def _messages(frame: Frame) -> ibis.Table:
    """Every message of those who count in the period, and whether it takes up (`takes_up`) what somebody else said.

    It does when it is marked as a reply, or when the message before it in the same place (its thread, else its channel) is by another
    person and not long ago. Bots are not heard, staff are.
    """
    table = events(frame, kinds=[SPOKE], since=REACH, until=STOP, people={"person", "staff", *frame.who.kinds})
    place = ibis.window(group_by=ibis.coalesce(table.thread, table.channel), order_by=[table.at, table.id])
    table = table.mutate(
        by_before=table.member.lag(1, default=table.member).over(place), said_before=table.at.lag(1, default=table.at).over(place)
    )
    wait = table.at.delta(table.said_before, unit="second")
    follows = (table.by_before != table.member) & (wait <= ibis.ifelse(table.thread.notnull(), PATIENCE, NEARBY))
    table = table.mutate(takes_up=table.reply_to.notnull() | follows)
    return table.filter(table.day >= START, table.person.isin(frame.who.kinds))


def _expression(frame: Frame) -> ibis.Table:
    table = _messages(frame)
    table = table.select("takes_up", bucket=bucket(frame, table.day))
    return table.group_by("bucket").agg(messages=_.count(), taking_up=_.count(where=_.takes_up))


def _taking_up(frame: Frame) -> ibis.Table:
    table = _messages(frame)
    return event_rows(table.filter(table.takes_up))


SHEETS = (
    Sheet(
        "uptake",
        COUNTS,
        _expression,
        filled(COUNTS),
        reach=DAYS,
        is_local=True,
        behind={"taking_up": Behind("events", _taking_up, reach=DAYS)},
    ),
)
GRIDS = ()
METRICS = (
    Metric(
        "reply_share.uptake",
        N_("接话占比（没有回复标记也算）"),
        "talk",
        Unit.PERCENT,
        formula=N_("接着别人说的消息条数 ÷ 消息数。带回复标记的算；同一个群里 30 分钟内、话题串里 7 天内紧跟着别人说的也算。"),
        meaning=N_("不靠回复标记看大家是不是在对话。各平台都能算，但紧跟着不一定就是在接话。"),
        excludes=N_("不含机器人和运营人员说的话；接机器人的话不算，接运营人员的话算。"),
        top=("uptake.taking_up",),
        bottom=("uptake.messages",),
        better=Better.UP,
        variant_of="reply_share",
    ),
)
