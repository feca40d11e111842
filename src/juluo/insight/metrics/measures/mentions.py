"""What was said about something, or in some mood: courses of terms, moods by channel, the messages themselves."""

import ibis
from ibis import _
from ibis.expr.types import Table

from juluo.kit.errors import N_
from juluo.record.lake.tables import EVENTS, param

from ..types import Column, Frame, Grid, Unit
from .base import SPOKE, START, STOP, bucket, daily, event_rows
from .moods import readings

TERMS = param("terms", "array<string>")
IDS = param("ids", "array<int64>")
MOOD = param("mood", "int64")
MOST = 2_000


def term_courses(frame: Frame) -> Table:
    """How many messages and members spoke of each of `terms` in every bucket."""
    table = readings(frame)
    table = table.select("member", bucket=bucket(frame, table.day), term=table.terms.unique().unnest())
    table = table.filter(TERMS.contains(table.term))
    return table.group_by("bucket", "term").agg(messages=_.count(), people=_.member.nunique())


def mentions(frame: Frame, *, of: str) -> Table:
    """The messages that speak of the first of `terms` (`of` "term"), or that are in the `mood` ("mood"); the newest first."""
    table = readings(frame)
    table = table.filter(table.terms.contains(TERMS[0]) if of == "term" else table.mood == MOOD)
    moments = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, EVENTS.kind == SPOKE).select(event=EVENTS.id, at=EVENTS.at)
    return event_rows(table.join(moments, table.id == moments.event)).order_by(ibis.desc("at"), "id").limit(MOST)


def words() -> Table:
    """What the messages `ids` said: `id`, `text`."""
    table = EVENTS.filter(EVENTS.day >= START, EVENTS.day < STOP, IDS.contains(EVENTS.id))
    return table.select("id", "text")


def haunts(frame: Frame) -> Table:
    """In which channel each of the members `ids` spoke most: `member`, `channel`."""
    table = daily(frame, kinds=[SPOKE])
    table = table.filter(IDS.contains(table.member)).group_by("member", "channel").agg(n=_.n.sum())
    table = table.mutate(nth=ibis.row_number().over(ibis.window(group_by="member", order_by=[ibis.desc("n"), "channel"])))
    return table.filter(table.nth == 0).select("member", "channel")


def _moods(frame: Frame, **_options: str) -> Table:
    table = readings(frame)
    return table.group_by("channel").agg(read=_.count(), positive=_.count(where=_.mood > 0), negative=_.count(where=_.mood < 0))


SHEETS = ()
METRICS = ()
GRIDS = (
    Grid(
        "moods",
        N_("各群情绪"),
        N_("期内每个群或频道有多少消息，其中读出正面、负面情绪的各有多少。"),
        (
            Column("channel", N_("群或频道")),
            Column("read", N_("消息数"), Unit.MESSAGES),
            Column("positive", N_("正面"), Unit.MESSAGES),
            Column("negative", N_("负面"), Unit.MESSAGES),
        ),
        _moods,
        lambda rows, calendar, **options: sorted(rows, key=lambda row: (-row["read"], row["channel"])),
        reads_texts=True,
    ),
)
