"""Asking the lake."""

import datetime as dt
import re
import threading
from collections import OrderedDict
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
from django.conf import settings

from .adapters.embedded import EmbeddedLake
from .adapters.tail import tail_mark
from .models import LakeState, Segment
from .ports import Lake
from .tables import DAILY

_compiled: OrderedDict[tuple[str, Any], tuple[str, frozenset[str], frozenset[str]]] = OrderedDict()
_compiling = threading.Lock()
_PARAMETER = re.compile(r"\bp_([a-z0-9_]+)\(\)", re.IGNORECASE)
KEEP = 2_000


@cache
def lake() -> Lake:
    """The lake of this installation, by `JULUO_LAKE_URL`."""
    return EmbeddedLake(settings.DATA_DIR / "lake", memory=settings.LAKE_MEMORY)


def ask(community_id: int, expression: ibis.Table, /, **params: Any) -> pa.Table:
    """Answer an Ibis expression over `tables` for one community.

    The expression is compiled once per engine and process (equal expressions count as one) and its `param`s are bound to
    `params`; surplus ones are ignored, a missing one is a `KeyError`.
    """
    engine = lake()
    sql, tables, wanted = _compile(engine.dialect, expression)
    return engine.ask(community_id, sql, {name: params[name] for name in wanted}, tables)


def revision(community_id: int) -> str:
    """A value that changes whenever an answer could: sealed history, who is who, or the hot tail."""
    state = LakeState.objects.filter(pk=community_id).values_list("revision", "people_revision").first() or (0, 0)
    newest, many = tail_mark(community_id)
    return f"{state[0]}.{state[1]}.{newest}.{many}"


def span(community_id: int) -> tuple[dt.date, dt.date] | None:
    """The first and last local day with events, or None for an empty history."""
    found = ask(community_id, DAILY.agg(first=DAILY.day.min(), last=DAILY.day.max())).to_pylist()[0]
    return (found["first"], found["last"]) if found["first"] else None


def size(community_id: int) -> tuple[int, int]:
    """Rows and bytes of the sealed history."""
    rows = Segment.objects.filter(community_id=community_id).values_list("rows", "bytes")
    return sum(r for r, _ in rows), sum(b for _, b in rows)


def _compile(dialect: str, expression: ibis.Table) -> tuple[str, frozenset[str], frozenset[str]]:
    key = (dialect, expression.op())
    with _compiling:
        if key in _compiled:
            _compiled.move_to_end(key)
            return _compiled[key]
    sql = str(ibis.to_sql(expression, dialect=dialect))
    wanted = frozenset(match.lower() for match in _PARAMETER.findall(sql))
    sql = _PARAMETER.sub(lambda m: f"${m[1].lower()}", sql)
    tables = frozenset(table.name for table in expression.op().find(ibis.expr.operations.UnboundTable))
    with _compiling:
        _compiled[key] = (sql, tables, wanted)
        while len(_compiled) > KEEP:
            _compiled.popitem(last=False)
    return sql, tables, wanted
