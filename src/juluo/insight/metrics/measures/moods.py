"""The mood of what is said, as read from the messages."""

import ibis
from ibis import _

from juluo.kit.errors import N_
from juluo.record.lake.tables import EVENTS, TEXTS

from ..types import Behind, Better, Frame, Metric, Sheet, Unit
from .base import START, STOP, bucket, counting, event_rows, filled, in_channels

COUNTS = ("read", "positive", "negative")


def readings(frame: Frame) -> ibis.Table:
    """The read messages of those who count."""
    return counting(in_channels(frame, TEXTS.filter(TEXTS.day >= START, TEXTS.day < STOP)), frame.who.kinds)


def _expression(frame: Frame) -> ibis.Table:
    table = readings(frame)
    return table.group_by(bucket=bucket(frame, table.day)).agg(
        read=_.count(), positive=_.count(where=table.mood > 0), negative=_.count(where=table.mood < 0)
    )


def _of_mood(mood: int) -> Behind:
    def expression(frame: Frame) -> ibis.Table:
        table = readings(frame)
        moments = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP).select(event=EVENTS.id, at=EVENTS.at)
        table = table.filter(table.mood == mood)
        return event_rows(table.join(moments, table.id == moments.event))

    return Behind("events", expression)


SHEETS = (
    Sheet(
        "moods",
        COUNTS,
        _expression,
        filled(COUNTS),
        is_local=True,
        reads_texts=True,
        behind={"positive": _of_mood(1), "negative": _of_mood(-1)},
    ),
)
GRIDS = ()

_BOTS = N_("拿不准的消息算中性，两边都不计。没有文字的消息（图片、语音）算中性。不含机器人和运营人员。")
_GROUP = "mood"

METRICS = (
    Metric(
        "positive_share",
        N_("正面情绪占比"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("读出正面情绪的消息 ÷ 消息数。"),
        meaning=N_("气氛好不好。机器读情绪会出错，看趋势、看明细，别盯着单个数字；读错的可以在明细里改正。"),
        excludes=_BOTS,
        top=("moods.positive",),
        bottom=("moods.read",),
        better=Better.UP,
    ),
    Metric(
        "negative_share",
        N_("负面情绪占比"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("读出负面情绪的消息 ÷ 消息数。"),
        meaning=N_("不满和难过有多少。突然升高时，先看明细里是在说哪件事。"),
        excludes=_BOTS,
        top=("moods.negative",),
        bottom=("moods.read",),
        better=Better.DOWN,
        good=(None, 15.0),
        good_source=N_("聚落的默认值，仅供起步；请按自己的社群校准。"),
    ),
    Metric(
        "negative_share.decided",
        N_("负面情绪占比（只看有情绪的）"),
        _GROUP,
        Unit.PERCENT,
        formula=N_("负面 ÷（正面 + 负面）。"),
        meaning=N_("不看中性的闲聊，有情绪的话里几成是坏情绪。"),
        excludes=_BOTS,
        top=("moods.negative",),
        bottom=("moods.positive", "moods.negative"),
        better=Better.DOWN,
        variant_of="negative_share",
    ),
)
