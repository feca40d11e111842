"""Topics and moods."""

import ibis
from ibis import _

from juluo.insight.metrics.measures.base import MIDDLE, bucket, filled
from juluo.insight.metrics.measures.moods import readings
from juluo.insight.metrics.types import Better, Frame, Metric, Sheet, Unit
from juluo.kit.errors import N_

FRAME = Frame()
SHARED_BY = 3  # members


def _shared(frame: Frame) -> ibis.Table:
    table = readings(frame)
    table = table.select("member", bucket=bucket(frame, table.day), term=table.terms.unique().unnest())
    terms = table.group_by("bucket", "term").agg(people=table.member.nunique())
    return terms.group_by("bucket").agg(shared=_.count(where=_.people >= SHARED_BY), terms=_.count())


SHEET = Sheet("topic_spread", ("shared", "terms"), _shared, filled(("shared", "terms")), is_local=True, reads_texts=True)
METRIC = Metric(
    "shared_topics",
    N_("共同话题数"),
    "topics",
    Unit.TIMES,
    formula=N_("期内被至少 3 位成员说到的话题词的个数。"),
    meaning=N_("有多少话题是大家一起聊的，而不是一个人在说。"),
    excludes=N_("话题词由机器从消息里切出，常用虚词不算。不含机器人和运营人员。"),
    top=("topic_spread.shared",),
    better=Better.UP,
)


def moods() -> ibis.Table:
    """Messages read in both weeks by channel: `now`, `channel`, `read`, `positive`, `negative`."""
    table = readings(FRAME)
    return table.group_by(now=table.day >= MIDDLE, channel=table.channel).agg(
        read=_.count(), positive=_.count(where=_.mood > 0), negative=_.count(where=_.mood < 0)
    )


def sore_points() -> ibis.Table:
    """The topics of the reported week's negative messages: `term`, `people`, `messages`, those of most members first."""
    table = readings(FRAME)
    table = table.filter(table.mood < 0, table.day >= MIDDLE)
    table = table.select("member", term=table.terms.unique().unnest())
    terms = table.group_by("term").agg(people=table.member.nunique(), messages=_.count())
    return terms.order_by(ibis.desc("people"), ibis.desc("messages"), "term").limit(20)
