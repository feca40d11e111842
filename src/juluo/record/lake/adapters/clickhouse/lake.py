"""The lake on ClickHouse, for communities that have outgrown one machine's files.

A segment is a partition: rows of `events` and `daily` carry the number of their segment, the list in the transactional store says which
numbers count, and questions go to views that narrow the tables to these. So a state changes here exactly as in the embedded
lake, whatever number of months a merge touches. See `ledger`.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import ibis
import ibis.expr.datatypes as types
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlglot.expressions as sge

from juluo.kit.disk import if_free
from juluo.record.events.types import Kind

from ...models import Segment
from ...registry import annotators, dimensions
from ...rules import crowd, slices
from ...types import EVENT_SCHEMA, PEOPLE_SCHEMA, STAGED_SCHEMA, TEXTS_SCHEMA, Merged, NewSegment, Prepared
from ..ledger import READ_AT_ONCE, SWEEP_AFTER, Ledger, State, days_asked, fresh_name, read_messages
from ..questions import parameters, shaped, with_parameters
from .server import Server
from .sql import compiler
from .tables import DAILY_SCHEMA, TABLES, column, names

COLUMNS = names(EVENT_SCHEMA)
_CONTENT = ("kind", "at", "channel", "thread", "actor", "reply_to", "target", "value", "text", "props")
# NULL and nothing are different contents, but alike to a hash.
CONTENT = "sipHash64(" + ", ".join(f'ifNull(toString("{name}"), \'\'), isNull("{name}")' for name in _CONTENT) + ")"
KEY = '"id", sipHash64("key")'
ROLL_UP = """SELECT day, actor, channel, kind, source, toInt64(count()) AS n, toInt64(count(reply_to)) AS replies,
    toInt64(countIf(is_question)) AS questions, toFloat64(ifNull(sum(value), 0)) AS value, min(at) AS first_at, max(at) AS last_at
    FROM {events} GROUP BY day, actor, channel, kind, source"""
LARGEST = 4_000_000  # rows of a segment: partitions are dearer here than files, and scanning is cheaper
LIVES = SWEEP_AFTER / 2  # seconds that a state's views are used before they are made anew, so that a sweep knows dead ones by age
STATE = "STATE__"  # stands in compiled questions for the database and the names of the state's views


class ClickHouseLake(Ledger):
    """See `ports.Lake` for the promise, and `Server` for the URL."""

    dialect: ClassVar[str] = "clickhouse"

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self.server = Server(url)
        self.database = self.server.database
        self._guards: defaultdict[int, Lock] = defaultdict(Lock)
        self._states: dict[int, list[tuple[State, str, float]]] = {}

    # -- changing ------------------------------------------------------------------------------------------------

    def prepare(self, community_id: int, staged: Sequence[Path], *, as_of: int | None = None) -> Prepared:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        with self._workbench(community_id) as work:
            self._arrive(work, staged, as_of)
            touched = self._compare(work, community_id, segments)
            fresh = f"SELECT {COLUMNS} FROM {work}deduped WHERE ({KEY}) NOT IN (SELECT id, kh FROM {work}judged WHERE NOT gives_way)"
            ((added, first, last),) = self.server.rows(f"SELECT count(), min(day), max(day) FROM ({fresh})")
            ((replaced, known),) = self.server.rows(f"SELECT countIf(gives_way), countIf(NOT gives_way) FROM {work}judged")
            if not added:
                return Prepared(community_id, base, Merged(known=known))
            weeks = self._weeks(f"SELECT day FROM ({fresh}) UNION ALL SELECT day FROM {work}judged WHERE gives_way")
            touched |= crowd({s.pk: s.rows for s in segments})
            kept = [s for s in segments if s.pk in touched]
            source = fresh
            if kept:
                gone = f"SELECT id, kh FROM {work}judged WHERE gives_way"
                source += f" UNION ALL SELECT {COLUMNS} FROM ({self._sealed(kept)}) WHERE ({KEY}) NOT IN ({gone})"
            add = self._seal(community_id, source)
        outcome = Merged(added=added - replaced, replaced=replaced, known=known, first_day=first, last_day=last)
        return Prepared(community_id, base, outcome, add, [s.pk for s in kept], weeks=weeks)

    def _arrive(self, work: str, staged: Sequence[Path], as_of: int | None) -> None:
        """Bring the staged rows in, and leave one row a key: the last one read."""
        columns = ", ".join(column(field) for field in STAGED_SCHEMA)
        self.server.do(f"CREATE TABLE {work}staged ({columns}) ENGINE = MergeTree ORDER BY id")
        for path in staged:
            for batch in pq.ParquetFile(path).iter_batches(100_000):
                table = pa.Table.from_batches([batch])
                if as_of is not None:
                    place = table.schema.get_field_index("version")
                    table = table.set_column(place, STAGED_SCHEMA.field("version"), pa.repeat(pa.scalar(as_of, pa.int64()), table.num_rows))
                self.server.insert(f"{work}staged", table)
        self.server.do(
            f"""CREATE TABLE {work}twice ENGINE = Memory AS
            SELECT id, sipHash64(key) AS kh, max(row) AS row FROM {work}staged GROUP BY id, kh HAVING count() > 1"""
        )
        self.server.do(
            f"""CREATE VIEW {work}deduped AS SELECT {COLUMNS} FROM {work}staged
            WHERE ({KEY}) NOT IN (SELECT id, kh FROM {work}twice) OR ({KEY}, row) IN (SELECT id, kh, row FROM {work}twice)"""
        )

    def _compare(self, work: str, community_id: int, segments: list[Segment]) -> set[int]:
        """Hold the batch against history: fill `judged` (rows that meet one with their key, and whether the old one gives way).

        Gives the segments that rows give way in.
        """
        self.server.do(f"CREATE TABLE {work}judged (segment UInt64, id Int64, kh UInt64, day Date32, gives_way Bool) ENGINE = Memory")
        if not segments:
            return set()
        numbers = ", ".join(_number(s.file) for s in segments)
        old = f"""SELECT segment, id, sipHash64(key) AS kh, day, version, {CONTENT} AS content FROM {self.database}.events
            WHERE community = {community_id} AND segment IN ({numbers}) AND id IN (SELECT id FROM {work}staged)"""
        new = f"SELECT id, sipHash64(key) AS kh, version, {CONTENT} AS content FROM {work}deduped"
        self.server.do(
            f"""INSERT INTO {work}judged SELECT o.segment, o.id, o.kh, o.day, f.version >= o.version AND f.content != o.content
            FROM ({new}) AS f INNER JOIN ({old}) AS o ON f.id = o.id AND f.kh = o.kh SETTINGS join_algorithm = 'grace_hash'"""
        )
        by_number = {_number(s.file): s.pk for s in segments}
        return {by_number[str(number)] for (number,) in self.server.rows(f"SELECT DISTINCT segment FROM {work}judged WHERE gives_way")}

    def without(self, community_id: int, actors: Sequence[int]) -> Prepared:
        base = self.row(community_id).revision
        by_number = {_number(s.file): s for s in self.segments(community_id)}
        mine = ", ".join(str(int(actor)) for actor in actors)
        if not by_number or not mine:
            return Prepared(community_id, base, is_change=True)
        theirs = f"""FROM {self.database}.events WHERE community = {community_id}
            AND segment IN ({", ".join(by_number)}) AND actor IN ({mine})"""
        hits = self.server.rows(f"SELECT segment, count() {theirs} GROUP BY segment")
        weeks = self._weeks(f"SELECT day {theirs}")
        touched = [by_number[str(number)] for number, _ in hits]
        add = self._seal(community_id, f"SELECT * FROM ({self._sealed(touched)}) WHERE actor NOT IN ({mine})") if hits else []
        gone = sum(count for _, count in hits)
        return Prepared(community_id, base, add=add, drop=[s.pk for s in touched], gone=gone, is_change=True, weeks=weeks)

    def rezoned(self, community_id: int, zone: str) -> Prepared:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        local_at = f'toTimeZone("at", {_text(zone)})'
        anew = {"day": f"toDate32({local_at}) AS day", "hour": f"toInt8(toHour({local_at})) AS hour"}
        columns = ", ".join(anew.get(name, f'"{name}"') for name in EVENT_SCHEMA.names)
        add = self._seal(community_id, f"SELECT {columns} FROM ({self._sealed(segments)})") if segments else []
        return Prepared(community_id, base, add=add, drop=[s.pk for s in segments], zone=zone, is_change=True, weeks=None)

    def compacted(self, community_id: int) -> Prepared | None:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        crowded = crowd({s.pk: s.rows for s in segments}, thorough=True)
        if not crowded:
            return None
        kept = [s for s in segments if s.pk in crowded]
        return Prepared(community_id, base, add=self._seal(community_id, self._sealed(kept)), drop=[s.pk for s in kept])

    def write_people(self, community_id: int, people: pa.Table) -> str:
        return self.write_part(community_id, "people", people)

    def read_people(self, community_id: int, file: str) -> pa.Table:
        return self._part(community_id, "people", file, PEOPLE_SCHEMA)

    def write_part(self, community_id: int, table: str, rows: pa.Table) -> str:
        name = _name(table, community_id)
        self._put(name, rows)
        return name

    def read_part(self, community_id: int, table: str, file: str) -> pa.Table:
        return self._part(community_id, table, file, dimensions[table].schema)

    def _part(self, community_id: int, table: str, file: str, schema: pa.Schema) -> pa.Table:
        where = f"community = {community_id} AND segment = {_number(file)}"
        return shaped(self.server.table(f"SELECT {names(schema)} FROM {self.database}.{table} WHERE {where}"), schema)

    def _seal(self, community_id: int, source: str) -> list[NewSegment]:
        """Write the rows of `source` as segments with their roll-ups; all of them or none."""
        sealed: list[NewSegment] = []
        daily_columns = names(DAILY_SCHEMA)
        try:
            days = self.server.rows(f"SELECT day, count() FROM ({source}) GROUP BY day ORDER BY day")
            for first, last, rows in slices(days, most=LARGEST):
                events = _name("events", community_id)
                daily = events.replace("events", "daily")
                sealed.append(NewSegment(events, daily, rows, 0, first, last))
                where = f"community = {community_id} AND segment = {_number(events)}"
                self.server.do(
                    f"""INSERT INTO {self.database}.events (community, segment, {COLUMNS})
                    SELECT {community_id}, {_number(events)}, {COLUMNS} FROM ({source}) WHERE day BETWEEN '{first}' AND '{last}'"""
                )
                self.server.do(
                    f"""INSERT INTO {self.database}.daily (community, segment, {daily_columns})
                    SELECT {community_id}, {_number(events)}, {daily_columns}
                    FROM ({ROLL_UP.format(events=f"(SELECT * FROM {self.database}.events WHERE {where})")})"""
                )
                ((size,),) = self.server.rows(
                    f"""SELECT sum(bytes_on_disk) FROM system.parts WHERE database = '{self.database}' AND table = 'events'
                    AND active AND partition = '({community_id},{_number(events)})'"""
                )
                sealed[-1] = NewSegment(events, daily, rows, size, first, last)
        except BaseException:
            self.remove([name for new in sealed for name in (new.file, new.daily)])
            raise
        return sealed

    def _weeks(self, days: str) -> frozenset[dt.date]:
        """The Mondays of these days."""
        return frozenset(monday for (monday,) in self.server.rows(f"SELECT DISTINCT toMonday(day) FROM ({days})"))

    def communities(self) -> list[int]:
        found = self.server.rows(
            f"SELECT DISTINCT partition FROM system.parts WHERE database = '{self.database}' AND table IN {self._tables} AND active"
        )
        return sorted({int(partition.strip("()").split(",")[0]) for (partition,) in found})

    def kept(self, community_id: int) -> dict[str, float]:
        found = self.server.rows(
            f"""SELECT table, partition, toUnixTimestamp(max(modification_time)) FROM system.parts
            WHERE database = '{self.database}' AND table IN {self._tables} AND active AND startsWith(partition, '({community_id},')
            GROUP BY table, partition"""
        )
        since = {f"{table}/{community_id}/{partition.strip('()').split(',')[1]}": float(when) for table, partition, when in found}
        for name, when in self.server.rows(f"SELECT name, toUnixTimestamp(max(since)) FROM {self.database}.superseded GROUP BY name"):
            if name in since:
                since[name] = max(since[name], float(when))
        return since

    def supersede(self, names: list[str]) -> None:
        if names:
            since = pa.array([int(time.time())] * len(names), pa.timestamp("s", "UTC"))
            self.server.insert(f"{self.database}.superseded", pa.table({"name": names, "since": since}))

    def remove(self, names: list[str]) -> None:
        for name in names:
            table, community, number = name.split("/")
            self.server.do(f"ALTER TABLE {self.database}.{table} DROP PARTITION ({int(community)}, {int(number)})")

    def sweep(self) -> int:
        swept = super().sweep()
        old = self.server.rows(
            f"""SELECT name, engine FROM system.tables WHERE database = '{self.database}' AND match(name, '^(work|state)_')
            AND metadata_modification_time < now() - {int(SWEEP_AFTER)}"""
        )
        for name, engine in old:
            with if_free(self._lock(int(name.split("_")[1]))) as is_free:
                if is_free or name.startswith("state_"):
                    self.server.do(f"DROP {'VIEW' if engine == 'View' else 'TABLE'} IF EXISTS {self.database}.{name}")
                    swept += 1
        self.server.do(f"DELETE FROM {self.database}.superseded WHERE since < now() - {2 * int(SWEEP_AFTER)}")
        return swept

    # -- reading -------------------------------------------------------------------------------------------------

    def compile(self, expression: ibis.Table) -> str:
        kinds = parameters(expression)

        def placed(name: str, _: sge.Expression) -> sge.Expression:
            return sge.Placeholder(this=name, kind=_kind(kinds[name]))

        tree = with_parameters(compiler.to_sqlglot(expression), placed)
        for table in tree.find_all(sge.Table):
            if table.name in self._schemas() and not table.db:
                alias = table.alias or table.name
                table.set("this", sge.to_identifier(f"{STATE}{table.name}", quoted=True))
                table.set("alias", sge.TableAlias(this=sge.to_identifier(alias, quoted=True)))
        return str(tree.sql(compiler.dialect))

    def ask(self, community_id: int, sql: str, params: Mapping[str, Any], tables: frozenset[str]) -> pa.Table:
        if "texts" in tables:
            self.read_texts(community_id, *days_asked(params), only_new=True)
        state = self._described(community_id)
        sql = sql.replace(f'"{STATE}', f'{self.database}."{state}')
        return self.server.table(sql, {name: _value(value) for name, value in params.items()})

    def read_texts(self, community_id: int, since: dt.date | None = None, until: dt.date | None = None, *, only_new: bool = False) -> int:
        annotator = next(iter(annotators), None)
        if annotator is None:
            return 0
        version = annotator.version(community_id)
        read = 0
        for segment in self.stale_texts(community_id, version, since, until, only_new=only_new):
            name = _name("texts", community_id)
            spoken = f"FROM ({self._sealed([segment])}) WHERE kind = '{Kind.MESSAGE_CREATED.value}'"
            try:
                for first, last, _ in slices(
                    self.server.rows(f"SELECT day, count() {spoken} GROUP BY day ORDER BY day"), most=READ_AT_ONCE
                ):
                    days = f"AND day BETWEEN '{first}' AND '{last}'"
                    found = self.server.table(f"SELECT id, day, channel, actor, kind, text {spoken} {days}")
                    table = read_messages(community_id, found)
                    read += table.num_rows
                    self._put(name, table)
            except BaseException:
                self.remove([name])
                raise
            if segment.texts:
                self.supersede([segment.texts])
            Segment.objects.filter(pk=segment.pk).update(texts=name, texts_version=version)
        return read

    def damaged(self, community_id: int) -> list[str]:
        self.server.greet()  # whoever asks this wants to hear soon that a server is silent
        found = self.server.rows(
            f"""SELECT partition, sum(rows) FROM system.parts WHERE database = '{self.database}' AND table = 'events' AND active
            AND startsWith(partition, '({community_id},') GROUP BY partition"""
        )
        rows = {f"events/{community_id}/{partition.strip('()').split(',')[1]}": count for partition, count in found}
        return [s.file for s in self.segments(community_id) if rows.get(s.file) != s.rows]

    def _described(self, community_id: int) -> str:
        """The prefix of views that show the community's present state."""
        mark = self.mark(community_id)
        with self._guards[community_id]:
            states = self._states.setdefault(community_id, [])
            if not states or states[-1][0].mark != mark or states[-1][2] < time.monotonic() - LIVES:
                state = self.present(community_id, mark, states[-1][0] if states else None)
                prefix = f"state_{community_id}_{fresh_name()}_"
                self._describe(state, prefix)
                states.append((state, prefix, time.monotonic()))
                if len(states) > 2:  # the one before may still be in use by another thread
                    self.server.drop(states.pop(0)[1])
            return states[-1][1]

    def _describe(self, state: State, prefix: str) -> None:
        tail, community = state.tail.rows, state.tail.community_id
        listed = {
            "events": [s.file for s in state.segments],
            "daily": [s.daily for s in state.segments],
            "texts": [s.texts for s in state.segments if s.texts],
            "people": list(state.people),
            **state.dimensions,
        }
        parts: dict[str, list[str]] = {}
        for table, schema in self._schemas().items():
            numbers = ", ".join(_number(name) for name in listed[table]) or "0"
            parts[table] = [f"SELECT {names(schema)} FROM {self.database}.{table} WHERE community = {community} AND segment IN ({numbers})"]
        if tail.num_rows:
            for table, rows in (("tail", tail), ("tail_texts", read_messages(community, tail))):
                columns = ", ".join(column(field) for field in rows.schema)
                self.server.do(f"CREATE TABLE {self.database}.{prefix}{table} ({columns}) ENGINE = Memory")
                self.server.insert(f"{self.database}.{prefix}{table}", rows)
            parts["events"].append(f"SELECT {COLUMNS} FROM {self.database}.{prefix}tail")
            parts["daily"].append(ROLL_UP.format(events=f"{self.database}.{prefix}tail"))
            parts["texts"].append(f"SELECT {names(TEXTS_SCHEMA)} FROM {self.database}.{prefix}tail_texts")
        for table, selects in parts.items():
            self.server.do(f"CREATE VIEW {self.database}.{prefix}{table} AS {' UNION ALL '.join(selects)}")

    def sealed_among(self, segments: tuple[Segment, ...], tail: pa.Table) -> set[tuple[int, str]]:
        near = [
            s
            for s in segments
            if tail.num_rows and s.first_day <= pc.max(tail["day"]).as_py() and s.last_day >= pc.min(tail["day"]).as_py()
        ]
        if not near:
            return set()
        ids = tail["id"].to_pylist()
        found: set[tuple[int, str]] = set()
        for start in range(0, len(ids), 5_000):
            some = ", ".join(map(str, ids[start : start + 5_000]))
            found.update(self.server.rows(f"SELECT id, key FROM ({self._sealed(near)}) WHERE id IN ({some})"))
        return found

    # -- small things --------------------------------------------------------------------------------------------

    @property
    def _tables(self) -> tuple[str, ...]:
        return tuple(self._schemas())

    def _schemas(self) -> dict[str, pa.Schema]:
        """The columns of every table there is to ask."""
        return {**TABLES, **{known.code: known.schema for known in dimensions}}

    def _sealed(self, segments: Sequence[Segment]) -> str:
        """A SELECT of the events of segments of one community."""
        numbers = ", ".join(_number(s.file) for s in segments)
        community = segments[0].community_id
        return f"SELECT {COLUMNS} FROM {self.database}.events WHERE community = {community} AND segment IN ({numbers})"

    def _put(self, name: str, rows: pa.Table) -> None:
        """Add rows to a part."""
        table, community, number = name.split("/")
        keys = {"community": pa.repeat(pa.scalar(int(community), pa.int64()), rows.num_rows)}
        keys["segment"] = pa.repeat(pa.scalar(int(number), pa.uint64()), rows.num_rows)
        self.server.insert(f"{self.database}.{table}", pa.table({**keys, **{n: rows[n] for n in rows.schema.names}}))

    @contextmanager
    def _workbench(self, community_id: int) -> Iterator[str]:
        """A prefix for tables that are gone afterwards."""
        prefix = f"work_{community_id}_{fresh_name()}_"
        try:
            yield f"{self.database}.{prefix}"
        finally:
            self.server.drop(prefix)


def _name(table: str, community_id: int) -> str:
    return f"{table}/{community_id}/{int(fresh_name(), 16)}"


def _number(name: str) -> str:
    return str(int(name.rpartition("/")[2]))


def _kind(dtype: types.DataType) -> sge.DataType:
    return compiler.type_mapper.from_ibis(dtype.copy(nullable=False))


def _value(value: Any) -> Any:
    return f"{value.replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, dt.datetime) else value


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
