"""The embedded lake: immutable Parquet segments, listed in the transactional store and read by DuckDB.

Files lie in `lake/<community>/`: `<name>.parquet` (events), `<name>.daily.parquet` (their roll-up), `<name>.<reading>.texts.parquet`
(what was read out of them) and `people-<name>.parquet`. A file gets its name only when it is complete and counts only once the list
names it; see `ledger`.
"""

import datetime as dt
import fcntl
import os
import shutil
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.duckdb import compiler

from juluo.kit.disk import if_free, room_to_write, settle, sync_folder

from ..errors import LakeDamaged, LakeTooSmall
from ..models import Segment
from ..registry import annotators, dimensions
from ..rules import crowd, slices
from ..types import EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA, Merged, NewSegment, Prepared
from .ledger import READ_AT_ONCE, Ledger, State, days_asked, fresh_name, read_messages
from .questions import with_parameters

# A question may keep the processors busy for seconds. A page that needs none of them, or a quick one, must not wait in line behind it.
READERS = 16  # questions answered at the same time
STANDING_BACK = 5  # how far they stand back for whoever serves pages, see nice(2)

COLUMNS = ", ".join(f'"{name}"' for name in EVENT_SCHEMA.names)
CONTENT = 'hash(kind, "at", channel, thread, actor, reply_to, target, "value", text, props)'
ROLL_UP = """
    SELECT day, actor, channel, kind, source, count(*) AS n, count(reply_to) AS replies,
           count(*) FILTER (WHERE is_question) AS questions, coalesce(sum("value"), 0)::DOUBLE AS "value",
           min("at") AS first_at, max("at") AS last_at
    FROM {events} GROUP BY day, actor, channel, kind, source
"""


class EmbeddedLake(Ledger):
    """See `ports.Lake` for the promise."""

    dialect: ClassVar[str] = "duckdb"

    def __init__(self, folder: Path, *, memory: str = "600MB") -> None:
        super().__init__(folder)
        self.memory = memory
        self._engine: duckdb.DuckDBPyConnection | None = None
        self._hands = ThreadPoolExecutor(READERS, "lake", initializer=_stand_back)
        self._guard = threading.Lock()
        self._guards: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._states: dict[int, list[tuple[State, str]]] = {}

    # -- changing ------------------------------------------------------------------------------------------------

    def prepare(self, community_id: int, staged: Sequence[Path], *, as_of: int | None = None) -> Prepared:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        with self._workbench() as bench:
            version = "" if as_of is None else f"REPLACE ({as_of}::BIGINT AS version)"
            bench.execute(f"CREATE VIEW staged AS SELECT * {version}, hash(key) AS kh FROM read_parquet({_names(staged)})")
            _drop_earlier_rows(bench)
            touched = self._compare(bench, segments)
            ((added, first, last),) = bench.execute("SELECT count(*), min(day), max(day) FROM fresh").fetchall()
            replaced, known = _count(bench, "replaced"), _count(bench, "settled")
            outcome = Merged(added=added - replaced, replaced=replaced, known=known, first_day=first, last_day=last)
            if not added:
                return Prepared(community_id, base, outcome)
            touched |= crowd({s.pk: s.rows for s in segments})
            kept = [s for s in segments if s.pk in touched]
            weeks = _weeks(bench, "SELECT day FROM fresh UNION ALL SELECT day FROM replaced")
            source = f"SELECT {COLUMNS} FROM fresh"
            if kept:
                source += f""" UNION ALL SELECT {COLUMNS} FROM {self._rows(kept)} o
                    WHERE NOT EXISTS (FROM replaced r WHERE r.id = o.id AND r.kh = hash(o.key))"""
            add = self._seal(bench, community_id, source)
        return Prepared(community_id, base, outcome, add, [s.pk for s in kept], weeks=weeks)

    def _compare(self, bench: duckdb.DuckDBPyConnection, segments: list[Segment]) -> set[int]:
        """Hold the batch against history: fill `replaced` (old rows that give way) and `settled` (new rows that add nothing), and
        make `fresh` the rows to be written. Gives the segments that rows give way in."""
        bench.execute("CREATE TEMP TABLE replaced (id BIGINT, kh UBIGINT, day DATE); CREATE TEMP TABLE settled (id BIGINT, kh UBIGINT)")
        bench.execute("CREATE VIEW fresh AS FROM deduped")
        by_file = {str(self.folder / s.file): s.pk for s in segments}
        if not by_file:
            return set()
        # Keys first, over all of history but two columns wide; whole rows only from the files where keys met.
        bench.execute(
            f"""CREATE TEMP TABLE met AS SELECT o.id, hash(o.key) AS kh, o.filename AS file
            FROM read_parquet({_names(by_file)}, filename = true) o
            WHERE EXISTS (FROM deduped d WHERE d.id = o.id AND d.kh = hash(o.key))"""
        )
        files = [file for (file,) in bench.execute("SELECT DISTINCT file FROM met").fetchall()]
        if not files:
            return set()
        bench.execute(
            f"""CREATE TEMP TABLE judged AS SELECT o.id, o.kh, o.day, o.file, f.version >= o.version AND f.content <> o.content AS gives_way
            FROM (SELECT id, hash(key) AS kh, day, filename AS file, version, {CONTENT} AS content
                  FROM read_parquet({_names(files)}, filename = true)) o
            JOIN (SELECT id, kh, version, {CONTENT} AS content FROM deduped) f ON f.id = o.id AND f.kh = o.kh"""
        )
        bench.execute("INSERT INTO replaced SELECT id, kh, day FROM judged WHERE gives_way")
        bench.execute("INSERT INTO settled SELECT id, kh FROM judged WHERE NOT gives_way")
        bench.execute("CREATE OR REPLACE VIEW fresh AS FROM deduped d WHERE NOT EXISTS (FROM settled s WHERE s.id = d.id AND s.kh = d.kh)")
        return {by_file[file] for (file,) in bench.execute("SELECT DISTINCT file FROM judged WHERE gives_way").fetchall()}

    def without(self, community_id: int, actors: Sequence[int]) -> Prepared:
        base = self.row(community_id).revision
        mine = ", ".join(str(int(actor)) for actor in actors) or "NULL"
        by_file = {str(self.folder / s.file): s for s in self.segments(community_id)}
        if not by_file:
            return Prepared(community_id, base, is_change=True)
        with self._workbench() as bench:
            theirs = f"FROM read_parquet({_names(by_file)}, filename = true) WHERE actor IN ({mine})"
            hits = bench.execute(f"SELECT filename, count(*) {theirs} GROUP BY filename").fetchall()
            weeks = _weeks(bench, f"SELECT day {theirs}")
            touched = [by_file[file] for file, _ in hits]
            add = (
                self._seal(bench, community_id, f"SELECT {COLUMNS} FROM {self._rows(touched)} WHERE actor NOT IN ({mine})") if hits else []
            )
        gone = sum(count for _, count in hits)
        return Prepared(community_id, base, add=add, drop=[s.pk for s in touched], gone=gone, is_change=True, weeks=weeks)

    def rezoned(self, community_id: int, zone: str) -> Prepared:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        local = f"timezone({_text(zone)}, timezone('UTC', \"at\"))"
        anew = {"day": f"CAST({local} AS DATE) AS day", "hour": f"CAST(hour({local}) AS TINYINT) AS hour"}
        columns = ", ".join(anew.get(name, f'"{name}"') for name in EVENT_SCHEMA.names)
        add = []
        if segments:
            with self._workbench() as bench:
                add = self._seal(bench, community_id, f"SELECT {columns} FROM {self._rows(segments)}")
        return Prepared(community_id, base, add=add, drop=[s.pk for s in segments], zone=zone, is_change=True, weeks=None)

    def compacted(self, community_id: int) -> Prepared | None:
        base = self.row(community_id).revision
        segments = self.segments(community_id)
        crowded = crowd({s.pk: s.rows for s in segments}, thorough=True)
        if not crowded:
            return None
        kept = [s for s in segments if s.pk in crowded]
        with self._workbench() as bench:
            add = self._seal(bench, community_id, f"SELECT {COLUMNS} FROM {self._rows(kept)}")
        return Prepared(community_id, base, add=add, drop=[s.pk for s in kept])

    def write_people(self, community_id: int, people: pa.Table) -> str:
        with room_to_write():
            return self.write_part(community_id, "people", people)

    def read_people(self, community_id: int, file: str) -> pa.Table:
        return pq.read_table(self.folder / file, schema=PEOPLE_SCHEMA)

    def write_part(self, community_id: int, table: str, rows: pa.Table) -> str:
        path = self._home(community_id) / f"{table}-{fresh_name()}.parquet"
        _write_table(rows, path)
        sync_folder(path.parent)
        return self._name(path)

    def read_part(self, community_id: int, table: str, file: str) -> pa.Table:
        return pq.read_table(self.folder / file)

    def _seal(self, bench: duckdb.DuckDBPyConnection, community_id: int, source: str) -> list[NewSegment]:
        """Write the rows of `source` as segments, in order of time, each with its roll-up; all of them or none."""
        home = self._home(community_id)
        sealed: list[NewSegment] = []
        try:
            days = bench.execute(f"SELECT day, count(*) FROM ({source}) GROUP BY day ORDER BY day").fetchall()
            for first, last, rows in slices(days):
                path = home / f"{first:%Y%m%d}-{fresh_name()}.parquet"
                daily = path.with_suffix(".daily.parquet")
                sealed.append(NewSegment(self._name(path), self._name(daily), rows, 0, first, last))
                part = f"SELECT * FROM ({source}) WHERE day BETWEEN DATE '{first}' AND DATE '{last}' ORDER BY \"at\", id"
                _write(bench, part, path)
                _write(bench, ROLL_UP.format(events=f"read_parquet({_text(path)})") + " ORDER BY day, kind, actor", daily)
                sealed[-1] = NewSegment(self._name(path), self._name(daily), rows, path.stat().st_size, first, last)
            sync_folder(home)
        except BaseException:
            self.remove([name for new in sealed for name in (new.file, new.daily)])
            raise
        return sealed

    def supersede(self, names: list[str]) -> None:
        for name in names:
            path = self.folder / name
            if path.exists():
                os.utime(path)

    def remove(self, names: list[str]) -> None:
        for name in names:
            path = self.folder / name
            path.unlink(missing_ok=True)
            path.with_suffix(".partial").unlink(missing_ok=True)  # where it got no further than that

    def kept(self, community_id: int) -> dict[str, float]:
        return {self._name(path): path.stat().st_mtime for path in self._home(community_id).iterdir()}

    def communities(self) -> list[int]:
        return [int(home.name) for home in self.folder.glob("[0-9]*")]

    def sweep(self) -> int:
        swept = super().sweep()
        for spill in self.folder.glob(".spill/*"):
            with if_free(spill / "alive") as is_free:
                if is_free:
                    shutil.rmtree(spill, ignore_errors=True)
                    swept += 1
        return swept

    # -- reading -------------------------------------------------------------------------------------------------

    def compile(self, expression: ibis.Table) -> str:
        tree = compiler.to_sqlglot(expression)
        return str(with_parameters(tree, lambda name, _: sge.Parameter(this=sge.Var(this=name))).sql(compiler.dialect))

    def ask(self, community_id: int, sql: str, params: Mapping[str, Any], tables: frozenset[str]) -> pa.Table:
        if "texts" in tables:
            self.read_texts(community_id, *days_asked(params), only_new=True)
        try:
            return self._answer(community_id, sql, params)
        except duckdb.OutOfMemoryException as full:
            raise LakeTooSmall() from full
        except duckdb.CatalogException:  # the state we began with is gone: two newer ones came between
            return self._answer(community_id, sql, params)
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as error:
            if damaged := self.damaged(community_id):
                raise LakeDamaged(count=len(damaged), names=", ".join(damaged[:3])) from error
            raise

    def _answer(self, community_id: int, sql: str, params: Mapping[str, Any]) -> pa.Table:
        cursor = self._cursor(community_id)
        try:
            return self._hands.submit(lambda: cursor.sql(sql, params=dict(params) or None).to_arrow_table()).result()
        finally:
            cursor.close()

    def damaged(self, community_id: int) -> list[str]:
        names = [(s.file, s.bytes) for s in self.segments(community_id)]
        names += [(name, 0) for s in self.segments(community_id) for name in (s.daily, s.texts) if name]
        names += [(name, 0) for name in self.people_files(community_id)]
        names += [(name, 0) for files in self.dimension_files(community_id).values() for name in files]
        return [Path(name).name for name, size in names if not _is_whole(self.folder / name, size)]

    def read_texts(self, community_id: int, since: dt.date | None = None, until: dt.date | None = None, *, only_new: bool = False) -> int:
        annotator = next(iter(annotators), None)
        if annotator is None:
            return 0
        version = annotator.version(community_id)
        read = 0
        for segment in self.stale_texts(community_id, version, since, until, only_new=only_new):
            path = (self.folder / segment.file).with_suffix(f".{fresh_name()}.texts.parquet")
            try:
                with room_to_write(), pq.ParquetWriter(path.with_suffix(".partial"), TEXTS_SCHEMA, compression="zstd") as writer:
                    for batch in pq.ParquetFile(self.folder / segment.file).iter_batches(
                        READ_AT_ONCE, columns=["id", "day", "channel", "actor", "kind", "text"]
                    ):
                        table = read_messages(community_id, pa.Table.from_batches([batch]))
                        read += table.num_rows
                        writer.write_table(table)
                settle(path.with_suffix(".partial"), path)
            except BaseException:
                path.with_suffix(".partial").unlink(missing_ok=True)
                raise
            if segment.texts:
                self.supersede([segment.texts])
            Segment.objects.filter(pk=segment.pk).update(texts=self._name(path), texts_version=version)
        return read

    def _cursor(self, community_id: int) -> duckdb.DuckDBPyConnection:
        """A cursor whose tables are the community's present state."""
        mark = self.mark(community_id)
        cursor = self._connection().cursor()
        with self._guards[community_id]:
            states = self._states.setdefault(community_id, [])
            if not states or states[-1][0].mark != mark:
                state = self.present(community_id, mark, states[-1][0] if states else None)
                schema = f"c{community_id}_{fresh_name()}"
                self._describe(cursor, state, schema)
                states.append((state, schema))
                if len(states) > 2:  # the one before may still be in use by another thread
                    cursor.execute(f"DROP SCHEMA IF EXISTS {states.pop(0)[1]} CASCADE")
            cursor.execute(f"USE {states[-1][1]}")
        return cursor

    def _describe(self, cursor: duckdb.DuckDBPyConnection, state: State, schema: str) -> None:
        tail = state.tail.rows
        sealed, daily, texts = (
            [self.folder / name for s in state.segments if (name := getattr(s, which))] for which in ("file", "daily", "texts")
        )
        events = f"SELECT {COLUMNS} FROM read_parquet({_names(sealed)}) UNION ALL " if sealed else ""
        rolled = f"FROM read_parquet({_names(daily)}) UNION ALL " if daily else ""
        read = f"FROM read_parquet({_names(texts)}) UNION ALL " if texts else ""
        cursor.execute(f"CREATE SCHEMA {schema}")
        _table(cursor, f"{schema}.tail", tail)
        _table(cursor, f"{schema}.tail_texts", read_messages(state.tail.community_id, tail))
        cursor.execute(f"CREATE VIEW {schema}.events AS {events}SELECT {COLUMNS} FROM {schema}.tail")
        cursor.execute(f"CREATE VIEW {schema}.daily AS {rolled}{ROLL_UP.format(events=f'{schema}.tail')}")
        cursor.execute(f"CREATE VIEW {schema}.texts AS {read}FROM {schema}.tail_texts")
        if state.people:
            cursor.execute(f"CREATE VIEW {schema}.people AS FROM read_parquet({_names(self.folder / name for name in state.people)})")
        else:
            _table(cursor, f"{schema}.people", PEOPLE_SCHEMA.empty_table())
        for code, files in state.dimensions.items():
            if files:
                cursor.execute(f"CREATE VIEW {schema}.{code} AS FROM read_parquet({_names([self.folder / name for name in files])})")
            else:
                _table(cursor, f"{schema}.{code}", dimensions[code].schema.empty_table())

    def sealed_among(self, segments: tuple[Segment, ...], tail: pa.Table) -> set[tuple[int, str]]:
        days = tail["day"].to_pylist()
        near = [s for s in segments if days and s.first_day <= max(days) and s.last_day >= min(days)]
        if not near:
            return set()
        cursor = self._connection().cursor()
        try:
            cursor.register("arriving", tail.select(["id", "key"]))
            return set(cursor.execute(f"SELECT id, key FROM {self._rows(near)} SEMI JOIN arriving USING (id, key)").fetchall())
        finally:
            cursor.close()

    # -- small things --------------------------------------------------------------------------------------------

    def _home(self, community_id: int) -> Path:
        home = self.folder / str(community_id)
        home.mkdir(parents=True, exist_ok=True)
        return home

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _rows(self, segments: Sequence[Segment]) -> str:
        return f"read_parquet({_names([self.folder / s.file for s in segments])})"

    def _connection(self) -> duckdb.DuckDBPyConnection:
        """The connection for reading, made when first needed."""
        with self._guard:
            if self._engine is None:
                self._spilling = self._spill()
                spill = self._spilling.__enter__()  # until the process ends
                self._engine = self._hands.submit(self._connect, spill).result()  # the engine's own threads are as its maker
                self._engine.execute("SET parquet_metadata_cache = true")
            return self._engine

    @contextmanager
    def _workbench(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own for heavy work, so that readers keep their memory."""
        with self._spill() as spill, self._connect(spill) as bench:
            bench.execute("SET preserve_insertion_order = false")
            try:
                yield bench
            except duckdb.OutOfMemoryException as full:
                raise LakeTooSmall() from full

    def _connect(self, spill: Path) -> duckdb.DuckDBPyConnection:
        engine = duckdb.connect(config={"memory_limit": self.memory, "temp_directory": str(spill)})
        engine.execute("SET enable_progress_bar = false; SET TimeZone = 'UTC'")
        return engine

    @contextmanager
    def _spill(self) -> Iterator[Path]:
        """A folder for what does not fit in memory. Its lock tells a sweep whether we are still alive."""
        folder = self.folder / ".spill" / fresh_name()
        folder.mkdir(parents=True)
        with (folder / "alive").open("w") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def _stand_back() -> None:
    """Let this thread and those it starts give way to the rest of the process. Elsewhere than on Linux it would be all of the process."""
    if sys.platform == "linux":
        os.nice(STANDING_BACK)


def _drop_earlier_rows(bench: duckdb.DuckDBPyConnection) -> None:
    """Make `deduped`: of several rows with one key in the batch, the last one read."""
    bench.execute("CREATE TEMP TABLE twice AS SELECT id, kh, max(row) AS row FROM staged GROUP BY id, kh HAVING count(*) > 1")
    later = "WHERE NOT EXISTS (FROM twice t WHERE t.id = s.id AND t.kh = s.kh AND t.row <> s.row)" if _count(bench, "twice") else ""
    bench.execute(f"CREATE VIEW deduped AS SELECT s.* FROM staged s {later}")


def _write(bench: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    partial = path.with_suffix(".partial")
    bench.execute(f"COPY ({select}) TO {_text(partial)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
    settle(partial, path)


def _write_table(table: pa.Table, path: Path) -> None:
    partial = path.with_suffix(".partial")
    try:
        pq.write_table(table, partial, compression="zstd")
        settle(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _table(cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    cursor.register("arriving", table)
    cursor.execute(f"CREATE TABLE {name} AS FROM arriving")
    cursor.unregister("arriving")


def _count(bench: duckdb.DuckDBPyConnection, table: str) -> int:
    return bench.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]


def _weeks(bench: duckdb.DuckDBPyConnection, days: str) -> frozenset[dt.date]:
    """The Mondays of these days."""
    return frozenset(monday for (monday,) in bench.execute(f"SELECT DISTINCT date_trunc('week', day)::DATE FROM ({days})").fetchall())


def _is_whole(path: Path, size: int) -> bool:
    """Whether a Parquet file is there, has the size it was listed with (if any), and ends in a readable footer."""
    try:
        if size and path.stat().st_size != size:
            return False
        pq.read_metadata(path)
    except (OSError, pa.ArrowInvalid):
        return False
    return True


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _names(paths: Iterable[object]) -> str:
    return "[" + ", ".join(_text(path) for path in paths) + "]"
