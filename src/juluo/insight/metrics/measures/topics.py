"""What is talked about: terms and how they rise."""

from typing import Any

import ibis
from ibis import _

from juluo.kit.errors import N_

from ..types import Column, Frame, Grid, Unit
from .base import MIDDLE
from .moods import readings

MOST = 1_000


def _topics(frame: Frame, **_options: Any) -> ibis.Table:
    """The terms that most people used in the period: in how many messages, by how many members, now and before."""
    table = readings(frame)
    table = table.select("member", now=(table.day >= MIDDLE).cast("int64"), term=table.terms.unique().unnest())
    members = table.group_by("term", "member").agg(now=_.count(where=_.now == 1), before=_.count(where=_.now == 0))
    terms = members.group_by("term").agg(
        messages=_.now.sum(), people=_.count(where=_.now > 0), messages_before=_.before.sum(), people_before=_.count(where=_.before > 0)
    )
    return terms.filter(terms.messages > 0).order_by(ibis.desc("people"), ibis.desc("messages"), "term").limit(MOST)


SHEETS = ()
METRICS = ()
GRIDS = (
    Grid(
        "topics",
        N_("话题热度"),
        N_("期内被最多人说到的词：多少条消息、多少人，以及前一段同样长的时间里是多少。一条消息里重复说只算一次。"),
        (
            Column("term", N_("词"), Unit.TEXT),
            Column("messages", N_("消息数"), Unit.MESSAGES),
            Column("people", N_("人数"), Unit.PEOPLE),
            Column("messages_before", N_("之前的消息数"), Unit.MESSAGES),
            Column("people_before", N_("之前的人数"), Unit.PEOPLE),
        ),
        _topics,
        compares=True,
        reads_texts=True,
    ),
)
