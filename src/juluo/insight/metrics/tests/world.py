"""Small histories as plain Python, put before a real engine without an import: for counting the same thing twice.

A `World` is what happened and who is who. `Bench` shows it to DuckDB (or ClickHouse) as the lake's four tables.
"""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pyarrow as pa

from juluo.insight.metrics.measures import GRIDS, SHEETS
from juluo.insight.metrics.measures.base import CONNECTIONS, JOINED, LEFT, NEVER, NOT_A_SIGN, SPOKE, parameters, plain, row_parameters
from juluo.insight.metrics.measures.traces import TRACES
from juluo.insight.metrics.types import Calendar, Frame, Grain, Period, Who
from juluo.record.lake.tables import arrow_schema
from juluo.record.lake.types import EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA

SHEET = {sheet.code: sheet for sheet in SHEETS}
GRID = {grid.code: grid for grid in GRIDS}
DAILY_SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("actor", pa.int64()),
        ("channel", pa.int64()),
        ("kind", pa.string()),
        ("source", pa.string()),
        ("n", pa.int64()),
        ("replies", pa.int64()),
        ("questions", pa.int64()),
        ("value", pa.float64()),
        ("first_at", pa.timestamp("us")),
        ("last_at", pa.timestamp("us")),
    ]
)


@dataclass(frozen=True)
class Happening:
    """One event. `at` is UTC without a zone, as the lake keeps it; `day` and `hour` are local."""

    id: int
    at: dt.datetime
    kind: str
    actor: int
    channel: int = 1
    thread: int | None = None
    reply_to: int | None = None
    is_question: bool = False
    source: str = "test"
    mood: int = 0
    terms: tuple[str, ...] = ()
    day: dt.date = dt.date.min
    hour: int = 0


@dataclass
class World:
    """What happened (in any order), and who is who: identity → (member, kind)."""

    events: list[Happening]
    people: dict[int, tuple[int, str]] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        zone = ZoneInfo(self.zone)
        local = [(event, event.at.replace(tzinfo=dt.UTC).astimezone(zone)) for event in self.events]
        self.events = [replace(event, day=moment.date(), hour=moment.hour) for event, moment in local]

    def member(self, actor: int) -> int:
        return self.people[actor][0] if actor in self.people else actor

    def kind(self, actor: int) -> str:
        return self.people[actor][1] if actor in self.people else "person"

    def tables(self) -> dict[str, pa.Table]:
        rows = [
            {
                "id": e.id,
                "key": str(e.id),
                "source": e.source,
                "kind": e.kind,
                "at": e.at,
                "day": e.day,
                "hour": e.hour,
                "channel": e.channel,
                "thread": e.thread,
                "actor": e.actor,
                "reply_to": e.reply_to,
                "target": None,
                "value": None,
                "text": "",
                "props": None,
                "is_question": e.is_question,
                "version": 1,
            }
            for e in self.events
        ]
        read = [
            {"id": e.id, "day": e.day, "channel": e.channel, "actor": e.actor, "mood": e.mood, "terms": list(e.terms)}
            for e in self.events
            if e.kind == "message.created"
        ]
        people = [{"identity": i, "member": m, "kind": k} for i, (m, k) in self.people.items()]
        return {
            "events": pa.Table.from_pylist(rows, EVENT_SCHEMA),
            "daily": pa.Table.from_pylist(self._rolled_up(), DAILY_SCHEMA),
            "people": pa.Table.from_pylist(people, PEOPLE_SCHEMA),
            "texts": pa.Table.from_pylist(read, TEXTS_SCHEMA),
            "traces": pa.Table.from_pylist(self._traces(), arrow_schema(TRACES)),
        }

    @property
    def traced(self) -> dt.date:
        """The day before which first traces are kept: in the middle of what happened."""
        days = sorted(event.day for event in self.events)
        return days[len(days) // 2] if days else NEVER

    def _traces(self) -> list[dict[str, Any]]:
        """First traces before `traced`, and a list of long ago that must not be read any more."""
        groups = defaultdict(list)
        for e in self.events:
            if e.day < self.traced and e.kind not in NOT_A_SIGN:
                groups[e.actor, e.channel].append(e)
        found = []
        for (actor, channel), mine in groups.items():
            exits = [e for e in mine if e.kind == LEFT and e.source not in CONNECTIONS]
            there = [e for e in mine if e not in exits]
            row = {"until": self.traced, "actor": actor, "channel": channel}
            row |= {"there_on": min((e.day for e in there), default=None), "there": min((e.at for e in there), default=None)}
            row |= {"exit_on": min((e.day for e in exits), default=None), "exit": min((e.at for e in exits), default=None)}
            row |= {"last_there": max((e.at for e in there), default=None)}
            row |= {"joined_at": min((e.at for e in mine if e.kind == JOINED), default=None)}
            row |= {"spoke_at": min((e.at for e in mine if e.kind == SPOKE), default=None)}
            found.append(row)
            found.append(
                row | {"until": self.traced - dt.timedelta(days=7), "there": dt.datetime(1990, 1, 1), "there_on": dt.date(1990, 1, 1)}
            )
        return found

    def _rolled_up(self) -> list[dict[str, Any]]:
        """The roll-up, in two parts as if two segments held some days each, so that a key may have several rows."""
        groups = defaultdict(list)
        for number, e in enumerate(self.events):
            groups[number % 2, e.day, e.actor, e.channel, e.kind, e.source].append(e)
        return [
            {
                "day": day,
                "actor": actor,
                "channel": channel,
                "kind": kind,
                "source": source,
                "n": len(group),
                "replies": sum(e.reply_to is not None for e in group),
                "questions": sum(e.is_question for e in group),
                "value": 0.0,
                "first_at": min(e.at for e in group),
                "last_at": max(e.at for e in group),
            }
            for (_part, day, actor, channel, kind, source), group in groups.items()
        ]


class Bench:
    """A world before an engine."""

    def __init__(self, world: World, engine: Any = None) -> None:
        self.engine = engine or DuckEngine()
        self.engine.show(world.tables())
        self.about = {"marking": sorted({e.source for e in world.events if e.reply_to is not None}), "traced": world.traced}

    def counts(self, code: str, period: Period, grain: Grain = Grain.WHOLE, who: Who = Who.PEOPLE, channels: Any = None) -> dict[int, Any]:
        """A sheet's counts by bucket number, as the doors would give them."""
        sheet, calendar = SHEET[code], Calendar(grain, period)
        frame = Frame(Grain.DAY if sheet.by_day else grain, who, channels is not None)
        values = parameters(calendar, reach=sheet.reach, ahead=sheet.ahead, channels=channels or (), **self.about)
        return sheet.finish(self.engine.ask(built(sheet.expression, frame), values), calendar)

    def count(self, code: str, period: Period, **more: Any) -> dict[str, Any]:
        """A sheet's counts of the whole period."""
        return self.counts(code, period, **more)[1]

    def table(
        self, code: str, period: Period, grain: Grain = Grain.WEEK, who: Who = Who.PEOPLE, channels: Any = None, **options: str
    ) -> list[dict[str, Any]]:
        grid = GRID[code]
        frame = Frame(grain if grid.by_grain else Grain.WHOLE, who, channels is not None)
        calendar = Calendar(frame.grain, period)
        chosen = {name: options.get(name, offered[0]) for name, offered in grid.options.items()}
        if grid.by_grain or grid.compares:
            values = parameters(calendar, reach=grid.reach, ahead=grid.ahead, channels=channels or (), **self.about)
        else:
            values = row_parameters(period, reach=grid.reach, ahead=grid.ahead, channels=channels or (), **self.about)
        return grid.finish(self.engine.ask(built(grid.expression, frame, tuple(sorted(chosen.items()))), values), calendar, **chosen)

    def rows(self, code: str, count: str, period: Period, who: Who = Who.PEOPLE, channels: Any = None) -> list[dict[str, Any]]:
        """The rows behind a count."""
        behind = SHEET[code].behind[count]
        if behind.window:
            period = Period(period.stop - dt.timedelta(days=behind.window), period.stop)
        values = row_parameters(period, reach=behind.reach, ahead=behind.ahead, channels=channels or (), **self.about)
        return self.engine.ask(built(behind.expression, Frame(Grain.WHOLE, who, channels is not None)), values)


@cache
def built(expression: Any, frame: Frame, options: tuple[tuple[str, str], ...] = ()) -> ibis.Table:
    return expression(frame, **dict(options))


@cache
def compiled(expression: ibis.Table, dialect: str) -> str:
    return str(ibis.to_sql(expression, dialect=dialect))


_PARAMETER = re.compile(r"\bp_([a-z0-9_]+)\(\)", re.IGNORECASE)


class DuckEngine:
    """One DuckDB in memory for all tests of a process; showing it a world replaces the one before."""

    connection = duckdb.connect(config={"threads": 1})

    def show(self, tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            self.connection.register("arriving", table)
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM arriving")

    def ask(self, expression: ibis.Table, values: dict[str, Any]) -> list[dict[str, Any]]:
        sql = compiled(expression, "duckdb")
        wanted = {name.lower() for name in _PARAMETER.findall(sql)}
        sql = _PARAMETER.sub(lambda m: "$" + m[1].lower(), sql)
        return plain(self.connection.sql(sql, params={name: values[name] for name in wanted}).to_arrow_table())


class ClickEngine:
    """The real ClickHouse engine inside the process (chDB), with the settings and exact functions the lake's adapter uses."""

    TABLES = {
        "events": "id Int64, key String, source String, kind String, at DateTime64(6, 'UTC'), day Date32, hour Int8, channel Int64, "
        "thread Nullable(Int64), actor Int64, reply_to Nullable(Int64), target Nullable(Int64), value Nullable(Float64), "
        "text Nullable(String), props Nullable(String), is_question Bool, version Int64",
        "daily": "day Date32, actor Int64, channel Int64, kind String, source String, n Int64, replies Int64, questions Int64, "
        "value Float64, first_at DateTime64(6, 'UTC'), last_at DateTime64(6, 'UTC')",
        "people": "identity Int64, member Int64, kind String",
        "texts": "id Int64, day Date32, channel Int64, actor Int64, mood Int8, terms Array(String)",
        "traces": "until Date32, actor Int64, channel Int64, there_on Nullable(Date32), there Nullable(DateTime64(6, 'UTC')), "
        "last_there Nullable(DateTime64(6, 'UTC')), exit_on Nullable(Date32), exit Nullable(DateTime64(6, 'UTC')), "
        "joined_at Nullable(DateTime64(6, 'UTC')), spoke_at Nullable(DateTime64(6, 'UTC'))",
    }

    def __init__(self, client: Any) -> None:
        self.client = client
        self.client.command("SET join_use_nulls = 1, max_threads = 1")  # once: with each question, they would be set back after it

    def show(self, tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            self.client.command(f"CREATE OR REPLACE TABLE {name} ({self.TABLES[name]}) ENGINE = Memory")
            self.client.insert_arrow(name, table)

    def ask(self, expression: ibis.Table, values: dict[str, Any]) -> list[dict[str, Any]]:
        sql = compiled(expression, "clickhouse")
        sql = re.sub(r"\buniq(If)?\(", r"uniqExact\1(", sql)
        sql = re.sub(r"\bquantile(If)?\(", r"quantileExactInclusive\1(", sql)
        sql = _PARAMETER.sub(lambda m: self._literal(values[m[1].lower()]), sql)
        return plain(self.client.query_arrow(sql))

    @staticmethod
    def _literal(value: Any) -> str:
        if isinstance(value, list) and value and isinstance(value[0], str):
            return repr(value)
        if isinstance(value, list):
            return f"CAST([{', '.join(map(str, value))}], 'Array(Int64)')"
        return f"toDate32('{value}')" if isinstance(value, dt.date) else str(value)
