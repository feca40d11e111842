"""The embedded lake: immutable Parquet segments, listed in the transactional store and read by DuckDB.

Files lie in `lake/<community>/`: `<name>.parquet` (events), `<name>.daily.parquet` (their roll-up), `<name>.texts.parquet` (what was
read out of them) and `people-<n>.parquet`. A file gets its name only when it is complete and counts only once a row of `Segment` lists
it; what a crash leaves behind is unlisted and swept away. Readers keep the files of the state they began with: superseded
files are swept an hour later.
"""

import datetime as dt
import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.events.types import Kind

from ..errors import LakeBusy
from ..models import LakeState, Segment
from ..registry import annotators
from ..rules import LEAST_ROWS, MANY_SMALL, slices
from ..types import EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA, Merged, NewSegment, Prepared
from .tail import tail_mark, tail_rows

COLUMNS = ", ".join(f'"{name}"' for name in EVENT_SCHEMA.names)
CONTENT = 'kind, "at", channel, thread, actor, reply_to, target, "value", text, props'
ROLL_UP = """
    SELECT day, actor, channel, kind, source, count(*) AS n, count(reply_to) AS replies,
           count(*) FILTER (WHERE is_question) AS questions, coalesce(sum("value"), 0)::DOUBLE AS "value",
           min("at") AS first_at, max("at") AS last_at
    FROM {events} GROUP BY day, actor, channel, kind, source
"""
SWEEP_AFTER = 3600.0
PATIENCE = 30.0


class EmbeddedLake:
    """See `ports.Lake` for the promise."""

    dialect: ClassVar[str] = "duckdb"

    def __init__(self, folder: Path, *, memory: str = "600MB") -> None:
        self.folder = folder
        self.memory = memory
        self._engine: duckdb.DuckDBPyConnection | None = None
        self._states: dict[int, list[tuple[Any, str]]] = {}
        self._guard = threading.Lock()

    # -- writing ------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, community_id: int) -> Iterator[None]:
        home = self._home(community_id)
        with (home / ".lock").open("w") as lock:
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise LakeBusy() from None
                    time.sleep(0.1)
            yield

    def prepare(self, community_id: int, staged: Sequence[Path], *, as_of: int | None = None) -> Prepared:
        base = self._state(community_id).revision
        segments = list(Segment.objects.filter(community_id=community_id).order_by("first_day", "id"))
        with self._workbench() as bench:
            version = "" if as_of is None else f"REPLACE ({as_of}::BIGINT AS version)"
            bench.execute(f"CREATE VIEW staged AS SELECT * {version}, hash(key) AS kh FROM read_parquet({_names(staged)})")
            fresh = _drop_earlier_rows(bench)
            touched = self._compare(bench, segments)
            ((added, first, last),) = bench.execute(f"SELECT count(*), min(day), max(day) FROM {fresh}").fetchall()
            replaced = _count(bench, "replaced")
            known = _count(bench, "settled")
            outcome = Merged(added=added - replaced, replaced=replaced, known=known, first_day=first, last_day=last)
            if not added:
                return Prepared(community_id, base, outcome)
            touched |= self._crowd(segments, first, last)
            kept = [s for s in segments if s.pk in touched]
            source = f"SELECT {COLUMNS} FROM {fresh}"
            if kept:
                old = f"read_parquet({_names([self.folder / s.file for s in kept])})"
                source += (
                    f" UNION ALL SELECT {COLUMNS} FROM {old} o WHERE NOT EXISTS (FROM replaced r WHERE r.id = o.id AND r.kh = hash(o.key))"
                )
            add = self._seal(bench, community_id, source)
        return Prepared(community_id, base, outcome, add, [s.pk for s in kept])

    def publish(self, prepared: Prepared) -> Merged:
        if not prepared.add and not prepared.drop:
            return prepared.outcome
        state = self._state(prepared.community_id, lock=True)
        if state.revision != prepared.base:
            raise LakeBusy()
        Segment.objects.filter(pk__in=prepared.drop).delete()
        Segment.objects.bulk_create(
            Segment(
                community_id=prepared.community_id,
                file=self._name(new.path),
                daily=self._name(new.daily),
                rows=new.rows,
                bytes=new.bytes,
                first_day=new.first_day,
                last_day=new.last_day,
                sealed_at=clock.now(),
            )
            for new in prepared.add
        )
        state.revision += 1
        state.save(update_fields=["revision"])
        return prepared.outcome

    def _compare(self, bench: duckdb.DuckDBPyConnection, segments: list[Segment]) -> set[int]:
        """Hold the batch against history: fill `replaced` (old rows that give way) and `settled` (new rows that add nothing)."""
        bench.execute("CREATE TEMP TABLE replaced (id BIGINT, kh UBIGINT); CREATE TEMP TABLE settled (id BIGINT, kh UBIGINT)")
        if not segments:
            return set()
        by_file = {str(self.folder / s.file): s.pk for s in segments}
        bench.execute(
            f"""CREATE TEMP TABLE met AS SELECT o.id, hash(o.key) AS kh, o.filename AS file
            FROM read_parquet({_names(by_file)}, filename = true) o JOIN fresh_keys f ON o.id = f.id AND hash(o.key) = f.kh"""
        )
        files = [file for (file,) in bench.execute("SELECT DISTINCT file FROM met").fetchall()]
        if not files:
            return set()
        bench.execute(
            f"""CREATE TEMP TABLE judged AS
            SELECT o.id, hash(o.key) AS kh, o.filename AS file,
                   f.version >= o.version AND hash({_of("f")}) <> hash({_of("o")}) AS gives_way
            FROM read_parquet({_names(files)}, filename = true) o
            JOIN met ON met.id = o.id AND met.kh = hash(o.key) AND met.file = o.filename
            JOIN fresh f ON f.id = met.id AND f.kh = met.kh"""
        )
        bench.execute("INSERT INTO replaced SELECT id, kh FROM judged WHERE gives_way")
        bench.execute("INSERT INTO settled SELECT id, kh FROM judged WHERE NOT gives_way")
        bench.execute(
            "CREATE OR REPLACE VIEW fresh AS SELECT * FROM deduped d WHERE NOT EXISTS (FROM settled s WHERE s.id = d.id AND s.kh = d.kh)"
        )
        return {by_file[file] for (file,) in bench.execute("SELECT DISTINCT file FROM judged WHERE gives_way").fetchall()}

    def _crowd(self, segments: list[Segment], first: dt.date, last: dt.date) -> set[int]:
        """Small segments worth sealing anew together with this batch, so that steady trickling does not leave thousands of files."""
        small = [s for s in segments if s.rows < LEAST_ROWS]
        return {s.pk for s in small} if len(small) >= MANY_SMALL else set()

    def _seal(self, bench: duckdb.DuckDBPyConnection, community_id: int, source: str) -> list[NewSegment]:
        """Write the rows of `source` as segments, in order of time, each with its roll-up."""
        home = self._home(community_id)
        days = bench.execute(f"SELECT day, count(*) FROM ({source}) GROUP BY day ORDER BY day").fetchall()
        sealed = []
        for first, last, rows in slices(days):
            path = home / f"{first:%Y%m%d}-{uuid4().hex[:12]}.parquet"
            daily = path.with_suffix(".daily.parquet")
            part = f"SELECT * FROM ({source}) WHERE day BETWEEN DATE '{first}' AND DATE '{last}' ORDER BY \"at\", id"
            _write(bench, part, path)
            _write(bench, ROLL_UP.format(events=f"read_parquet('{path}')") + " ORDER BY day, kind, actor", daily)
            sealed.append(NewSegment(path, daily, rows, path.stat().st_size, first, last))
        _sync_folder(home)
        return sealed

    def publish_people(self, community_id: int, people: pa.Table) -> None:
        state = self._state(community_id, lock=True)
        state.people_revision += 1
        path = self._home(community_id) / f"people-{state.people_revision}-{uuid4().hex[:6]}.parquet"
        pq.write_table(people.cast(PEOPLE_SCHEMA), path, compression="zstd")
        state.people_file = self._name(path)
        state.save(update_fields=["people_revision", "people_file"])

    def rezone(self, community_id: int, zone: str) -> None:
        local = f"timezone('{zone}', timezone('UTC', \"at\"))"
        columns = ", ".join(
            {"day": f"CAST({local} AS DATE) AS day", "hour": f"CAST(hour({local}) AS TINYINT) AS hour"}.get(name, f'"{name}"')
            for name in EVENT_SCHEMA.names
        )
        self._rewrite(community_id, list(Segment.objects.filter(community_id=community_id)), f"SELECT {columns} FROM %s")

    def erase(self, community_id: int, actors: Sequence[int]) -> int:
        mine = ", ".join(str(int(actor)) for actor in actors) or "NULL"
        with self.writing(community_id), self._workbench() as bench:
            segments = list(Segment.objects.filter(community_id=community_id))
            by_file = {str(self.folder / s.file): s for s in segments}
            if not by_file:
                return 0
            hits = bench.execute(
                f"SELECT filename, count(*) FROM read_parquet({_names(by_file)}, filename = true) WHERE actor IN ({mine}) GROUP BY filename"
            ).fetchall()
        if hits:
            self._rewrite(community_id, [by_file[file] for file, _ in hits], f"SELECT {COLUMNS} FROM %s WHERE actor NOT IN ({mine})")
        return sum(count for _, count in hits)

    def _rewrite(self, community_id: int, segments: list[Segment], select: str) -> None:
        """Seal segments anew through a SELECT over their rows. Runs in a transaction of its caller."""
        if not segments:
            return
        with self.writing(community_id), self._workbench() as bench:
            files = _names([self.folder / s.file for s in segments])
            base = self._state(community_id).revision
            add = self._seal(bench, community_id, select % f"read_parquet({files})")
            self.publish(Prepared(community_id, base, Merged(), add, [s.pk for s in segments]))

    def dissolve(self, community_id: int) -> None:
        Segment.objects.filter(community_id=community_id).delete()
        LakeState.objects.filter(community_id=community_id).delete()

    def sweep(self) -> int:
        listed = set(LakeState.objects.values_list("people_file", flat=True))
        for files in Segment.objects.values_list("file", "daily", "texts"):
            listed.update(files)
        swept = 0
        for path in self.folder.glob("*/*.parquet*"):
            if self._name(path) not in listed and path.stat().st_mtime < time.time() - SWEEP_AFTER:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    # -- reading ------------------------------------------------------------------------------------------------

    def ask(self, community_id: int, sql: str, params: Mapping[str, Any], tables: frozenset[str]) -> pa.Table:
        if "texts" in tables:
            self.read_texts(community_id, params.get("start"), params.get("stop"))
        cursor = self._cursor(community_id)
        try:
            answer = cursor.sql(sql, params=dict(params) or None).to_arrow_table()
        finally:
            cursor.close()
        return whole_numbers(answer)

    def read_texts(self, community_id: int, since: dt.date | None = None, until: dt.date | None = None) -> int:
        annotator = next(iter(annotators), None)
        if annotator is None:
            return 0
        version = annotator.version(community_id)
        stale = Segment.objects.filter(community_id=community_id).exclude(texts_version=version)
        if since is not None:
            stale = stale.filter(last_day__gte=since)
        if until is not None:
            stale = stale.filter(first_day__lt=until)
        read = 0
        for segment in stale.order_by("-last_day"):
            path = (self.folder / segment.file).with_suffix(f".{uuid4().hex[:6]}.texts.parquet")
            partial = path.with_suffix(".partial")
            with pq.ParquetWriter(partial, TEXTS_SCHEMA, compression="zstd") as writer:
                for batch in pq.ParquetFile(self.folder / segment.file).iter_batches(
                    50_000, columns=["id", "day", "channel", "actor", "kind", "text"]
                ):
                    table = read_messages(community_id, pa.Table.from_batches([batch]))
                    read += table.num_rows
                    writer.write_table(table)
            os.replace(partial, path)
            Segment.objects.filter(pk=segment.pk).update(texts=self._name(path), texts_version=version)
        return read

    def _cursor(self, community_id: int) -> duckdb.DuckDBPyConnection:
        """A cursor whose tables are the community's present state."""
        mark = self._mark(community_id)
        with self._guard:
            if self._engine is None:
                self._engine = duckdb.connect(config={"memory_limit": self.memory, "temp_directory": str(self.folder / ".spill")})
                self._engine.execute("SET parquet_metadata_cache = true; SET enable_progress_bar = false; SET TimeZone = 'UTC'")
            states = self._states.setdefault(community_id, [])
            if not states or states[-1][0] != mark:
                schema = f"c{community_id}_{uuid4().hex[:8]}"
                self._describe(community_id, schema)
                states.append((mark, schema))
                if len(states) > 2:  # the one before may still be in use by another thread
                    self._engine.execute(f"DROP SCHEMA IF EXISTS {states.pop(0)[1]} CASCADE")
            cursor = self._engine.cursor()
            cursor.execute(f"USE {states[-1][1]}")
        return cursor

    def _mark(self, community_id: int) -> tuple[Any, ...]:
        state = LakeState.objects.filter(pk=community_id).values_list("revision", "people_revision").first()
        read = Segment.objects.filter(community_id=community_id).exclude(texts="").order_by("id").values_list("texts", flat=True)
        return state, tuple(read), tail_mark(community_id)

    def _describe(self, community_id: int, schema: str) -> None:
        assert self._engine is not None
        engine = self._engine
        segments = list(Segment.objects.filter(community_id=community_id).order_by("first_day"))
        people = LakeState.objects.filter(pk=community_id).values_list("people_file", flat=True).first()
        engine.execute(f"CREATE SCHEMA {schema}")
        zone = Community.objects.values_list("zone", flat=True).get(pk=community_id)
        tail, _ = tail_rows(community_id, zone)
        _table(engine, f"{schema}.tail", tail)
        _table(engine, f"{schema}.tail_texts", read_messages(community_id, tail) if tail.num_rows else TEXTS_SCHEMA.empty_table())
        sealed = f"SELECT {COLUMNS} FROM read_parquet({_names([self.folder / s.file for s in segments])}) UNION ALL " if segments else ""
        rolled = f"FROM read_parquet({_names([self.folder / s.daily for s in segments])}) UNION ALL " if segments else ""
        texts = [self.folder / s.texts for s in segments if s.texts]
        words = f"FROM read_parquet({_names(texts)}) UNION ALL " if texts else ""
        engine.execute(f"CREATE VIEW {schema}.events AS {sealed}SELECT {COLUMNS} FROM {schema}.tail")
        engine.execute(f"CREATE VIEW {schema}.daily AS {rolled}{ROLL_UP.format(events=f'{schema}.tail')}")
        engine.execute(f"CREATE VIEW {schema}.texts AS {words}FROM {schema}.tail_texts")
        if people:
            engine.execute(f"CREATE VIEW {schema}.people AS FROM read_parquet('{self.folder / people}')")
        else:
            _table(engine, f"{schema}.people", PEOPLE_SCHEMA.empty_table())

    # -- small things -------------------------------------------------------------------------------------------

    def _home(self, community_id: int) -> Path:
        home = self.folder / str(community_id)
        home.mkdir(parents=True, exist_ok=True)
        return home

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _state(self, community_id: int, *, lock: bool = False) -> LakeState:
        states = LakeState.objects.select_for_update() if lock else LakeState.objects
        return states.get_or_create(community_id=community_id)[0]

    @contextmanager
    def _workbench(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own for heavy work, so that readers keep their memory."""
        spill = self.folder / ".spill"
        spill.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(
            config={"memory_limit": self.memory, "temp_directory": str(spill), "preserve_insertion_order": "false"}
        ) as bench:
            bench.execute("SET enable_progress_bar = false; SET TimeZone = 'UTC'")
            yield bench


def whole_numbers(table: pa.Table) -> pa.Table:
    """DuckDB sums 64-bit integers into 128 bits, which Arrow calls decimals; our sums fit in 64 again."""
    for index, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type) and field.type.scale == 0:
            table = table.set_column(index, field.name, table[index].cast(pa.int64()))
    return table


def read_messages(community_id: int, events: pa.Table) -> pa.Table:
    """What the annotator finds in the messages among `events`, as rows of `texts`."""
    annotator = next(iter(annotators), None)
    messages = events.filter(pc.equal(events["kind"], Kind.MESSAGE_CREATED.value))
    if annotator is None or not messages.num_rows:
        return TEXTS_SCHEMA.empty_table()
    terms, moods = annotator.annotate(community_id, messages["text"].to_pylist())
    named = {"mood": pa.array(moods, pa.int8()), "terms": pa.array(terms, pa.list_(pa.string()))}
    return pa.table([named[n] if n in named else messages[n] for n in TEXTS_SCHEMA.names], schema=TEXTS_SCHEMA)


def _drop_earlier_rows(bench: duckdb.DuckDBPyConnection) -> str:
    """Leave one row a key of the batch, the last one read; give the name of the view that holds them."""
    bench.execute("CREATE TEMP TABLE twice AS SELECT id, kh, max(row) AS row FROM staged GROUP BY id, kh HAVING count(*) > 1")
    if _count(bench, "twice"):
        bench.execute(
            """CREATE VIEW deduped AS SELECT s.* FROM staged s
            WHERE NOT EXISTS (FROM twice t WHERE t.id = s.id AND t.kh = s.kh AND t.row <> s.row)"""
        )
    else:
        bench.execute("CREATE VIEW deduped AS SELECT * FROM staged")
    bench.execute("CREATE VIEW fresh AS SELECT * FROM deduped; CREATE TEMP TABLE fresh_keys AS SELECT id, kh FROM deduped")
    return "fresh"


def _write(bench: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    partial = path.with_suffix(".partial")
    bench.execute(f"COPY ({select}) TO '{partial}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(partial, path)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _table(engine: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    engine.register("arriving", table)
    engine.execute(f"CREATE TABLE {name} AS FROM arriving")
    engine.unregister("arriving")


def _count(bench: duckdb.DuckDBPyConnection, table: str) -> int:
    return bench.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]


def _names(paths: Any) -> str:
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"


def _of(alias: str) -> str:
    return ", ".join(f"{alias}.{column.strip()}" for column in CONTENT.split(","))
