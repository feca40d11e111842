"""Asking the lake."""

import datetime as dt
import threading
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
from django.conf import settings
from django.db.models import Count, Max, Min

from .adapters.clickhouse.lake import ClickHouseLake
from .adapters.embedded import EmbeddedLake
from .adapters.questions import parameters, shaped
from .adapters.tail import tail_mark, tail_span
from .models import DimensionPart, LakeState, Segment, Week
from .ports import Lake
from .registry import annotators, dimensions
from .tables import arrow_schema

KEEP = 2_000


@dataclass(frozen=True)
class _Question:
    """A compiled expression: its SQL, the tables it reads, the parameters it wants, and the shape of its answer."""

    sql: str
    tables: frozenset[str]
    wanted: frozenset[str]
    schema: pa.Schema


_compiled: OrderedDict[tuple[str, Any], _Question] = OrderedDict()
_compiling = threading.Lock()
_building = threading.Lock()


@cache
def lake() -> Lake:
    """The lake of this installation, by `JULUO_LAKE_URL`."""
    if settings.LAKE_URL:
        return ClickHouseLake(settings.DATA_DIR / "lake", settings.LAKE_URL)
    return EmbeddedLake(settings.DATA_DIR / "lake", memory=settings.LAKE_MEMORY)


def ask(community_id: int, expression: ibis.Table, /, **params: Any) -> pa.Table:
    """Answer an Ibis expression over `tables` for one community, in the types the expression says, whichever engine answers.

    The expression is compiled once per engine and process (equal expressions count as one) and its `param`s are bound to
    `params`; surplus ones are ignored, a missing one is a `KeyError`. Raises `LakeDamaged`, `LakeTooSmall`, `LakeAway`.
    """
    engine = lake()
    question = _compile(engine, expression)
    for code in question.tables & dimensions.codes():
        dimensions[code].refresh(community_id)
    answer = engine.ask(community_id, question.sql, {name: params[name] for name in question.wanted}, question.tables)
    return shaped(answer, question.schema)


def revision(community_id: int) -> str:
    """A value that changes whenever an answer could: sealed history, who is who, or the hot tail."""
    state = LakeState.objects.filter(pk=community_id).values_list("revision", "people_revision").first() or ("", "")
    newest, many = tail_mark(community_id)
    return f"{state[0]}.{state[1]}.{newest}.{many}"


@dataclass(frozen=True)
class Marks:
    """When which weeks of a history last changed, for whoever keeps what was counted in a stretch of days.

    `base` changes when anything may be otherwise in any week: another time zone, or somebody who was known is somebody else now.
    That others have come changes nothing in the weeks before them; who counts people without any event looks at `revision` instead.
    """

    base: str
    mondays: tuple[dt.date, ...]
    words: tuple[str, ...]
    tail: tuple[dt.date, ...]
    tail_mark: tuple[int, int]

    def of(self, since: dt.date, until: dt.date) -> str:
        """A value that changes whenever an event of the days from `since` up to, not including, `until` came, went or changed."""
        first = bisect_left(self.mondays, since - dt.timedelta(days=since.weekday()))
        words = self.words[first : bisect_left(self.mondays, until)]
        is_in_tail = self.tail and self.tail[0] < until and self.tail[-1] >= since
        return blake2b(repr((words, self.tail_mark if is_in_tail else ())).encode(), digest_size=10).hexdigest()


def marks(community_id: int) -> Marks:
    """The marks now. Read them before asking: an answer may then be newer than its mark, and is counted again, but never older."""
    state = LakeState.objects.filter(pk=community_id).values_list("epoch", "people_epoch").first() or ("", "")
    tail, tail_days = tail_mark(community_id), tail_span(community_id)
    weeks = list(Week.objects.filter(community_id=community_id).order_by("monday").values_list("monday", "word"))
    return Marks(".".join(state), tuple(monday for monday, _ in weeks), tuple(word for _, word in weeks), tail_days, tail)


def texts_revision(community_id: int) -> str:
    """A value that changes whenever the `texts` table says something else of messages it had read before: which versions of the
    reader it was read by, and, where there are several, how much by each."""
    read = Segment.objects.filter(community_id=community_id).exclude(texts="").values_list("texts_version").annotate(n=Count("pk"))
    versions = sorted(read.order_by())
    if len(versions) < 2:
        return versions[0][0] if versions else "+".join(annotator.version(community_id) for annotator in annotators)
    return "+".join(f"{version}:{n}" for version, n in versions)


def texts_waiting(community_id: int) -> int:
    """How many rows lie in parts of the history that wait to be read again, because the reader has changed since."""
    versions = [annotator.version(community_id) for annotator in annotators]
    waiting = Segment.objects.filter(community_id=community_id).exclude(texts="").exclude(texts_version__in=versions)
    return sum(waiting.values_list("rows", flat=True)) if versions else 0


def dimension_revision(community_id: int, *tables: str) -> str:
    """A value that changes whenever one of these rooms' tables does."""
    for table in tables:
        dimensions[table].refresh(community_id)
    parts = DimensionPart.objects.filter(community_id=community_id, table__in=tables)
    newest, many = parts.aggregate(newest=Max("pk"), many=Count("pk")).values()
    return f"{newest or 0}.{many}"


def dimension_parts(community_id: int, table: str) -> dict[str, int]:
    """The parts of a room's table, each with its number of rows."""
    return dict(DimensionPart.objects.filter(community_id=community_id, table=table).values_list("part", "rows"))


def span(community_id: int) -> tuple[dt.date, dt.date] | None:
    """The first and last local day with events, or None for an empty history. The list of what is sealed and the tail know it."""
    sealed = Segment.objects.filter(community_id=community_id).aggregate(first=Min("first_day"), last=Max("last_day"))
    days = [day for day in (sealed["first"], sealed["last"], *tail_span(community_id)) if day is not None]
    return (min(days), max(days)) if days else None


def size(community_id: int) -> tuple[int, int]:
    """Rows and bytes of the sealed history."""
    rows = Segment.objects.filter(community_id=community_id).values_list("rows", "bytes")
    return sum(r for r, _ in rows), sum(b for _, b in rows)


def _compile(engine: Lake, expression: ibis.Table) -> _Question:
    key = (engine.dialect, expression.op())
    with _compiling:
        if key in _compiled:
            _compiled.move_to_end(key)
            return _compiled[key]
    with _building:  # one at a time: two at once would only take turns at the processor
        question = _Question(
            sql=engine.compile(expression),
            tables=frozenset(table.name for table in expression.op().find(ops.UnboundTable)),
            wanted=frozenset(parameters(expression)),
            schema=arrow_schema(expression),
        )
    with _compiling:
        _compiled[key] = question
        while len(_compiled) > KEEP:
            _compiled.popitem(last=False)
    return question
