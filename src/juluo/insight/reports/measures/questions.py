"""Where and when questions were answered, and what the unanswered ones said."""

import ibis
from ibis import _

from juluo.insight.metrics.measures.answers import questions
from juluo.insight.metrics.measures.base import MIDDLE, START, STOP
from juluo.insight.metrics.types import Frame
from juluo.record.lake.tables import EVENTS, param

FRAME = Frame()
PROMPT = 3_600  # seconds: answered within the hour
MOST = 1_000
IDS = param("ids", "array<int64>")


def answered() -> ibis.Table:
    """Questions by week (`now`), `channel` and `hour`: `asked`, `answered`, and `prompt`, those answered within the hour."""
    table = questions(FRAME)
    return table.group_by(now=table.day >= MIDDLE, channel=table.channel, hour=table.hour.cast("int64")).agg(
        asked=_.count(), answered=_.count(where=_.seconds.notnull()), prompt=_.count(where=_.seconds <= PROMPT)
    )


def unanswered() -> ibis.Table:
    """The unanswered questions of the reported week, the oldest first: `id`, `at`, `channel`, `member`."""
    table = questions(FRAME)
    table = table.filter(table.seconds.isnull(), table.day >= MIDDLE)
    table = table.mutate(many=_.count().over())
    return table.order_by("at", "id").limit(MOST).select("id", "at", "channel", "member", "many")


def texts() -> ibis.Table:
    """What the messages `ids` of both weeks said: `id`, `text`."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, IDS.contains(EVENTS.id))
    return table.select("id", "text")
