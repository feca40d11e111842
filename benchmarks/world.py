"""The big community that benchmarks share: ten million events of two hundred thousand members, made by the sandbox.

It goes through the real lake and register once and is kept in `BENCH_DIR` (a folder of the system's temp by default), under a name that
changes with whatever it was made by, so that a benchmark never meets a community of another shape. Making it takes some minutes.
Beside it stands a small community, for what has to be done once before anything is measured.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

from benchmarks.frame import Cost, apart, cost

EVENTS, MEMBERS = 10_000_000, 200_000
SLUG, SMALL = "big", "small"
ABOVE = ("texts", "metrics", "reports")  # rooms whose tables are made when a copy is taken
VERSION = 1  # to be raised when what is made here, or what the lake and the register keep of it, changes its meaning


def folder() -> Path:
    """Where big things are kept between runs."""
    chosen = os.environ.get("BENCH_DIR")
    return Path(chosen) if chosen else Path(tempfile.gettempdir()) / f"juluo-bench-{os.getuid()}"


def world() -> Path:
    """The data folder of the big community, made if it is not there. Not to be written to: see `copied`."""
    home = folder()
    made = home / f"{EVENTS}-{_fingerprint()}"
    if not made.exists():
        home.mkdir(parents=True, exist_ok=True)
        for old in home.glob(f"{EVENTS}-*"):
            shutil.rmtree(old)
        print(f"  making a community of {EVENTS:,} events, once, in {home} …", file=sys.stderr, flush=True)
        making = made.with_name(f"{made.name}.making")
        done = apart(make, str(making), EVENTS, MEMBERS)
        for stage, seconds in done.says.items():
            print(f"    {stage}: {seconds:.0f} s of processor", file=sys.stderr)
        print(f"    {done}", file=sys.stderr, flush=True)
        making.rename(made)
    return made


@contextmanager
def copied() -> Iterator[Path]:
    """The big community to do with as one likes: its sealed files are linked (nobody writes into those), the rest is copied."""
    there = world()
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="copy-", dir=folder()) as name:
        copy = Path(name) / "data"
        shutil.copytree(there, copy, copy_function=_linked)
        apart(migrated, str(copy))
        yield copy


def _linked(source: str, target: str) -> None:
    if source.endswith(".parquet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


@contextmanager
def inside(data: Path) -> Iterator[None]:
    """Django set up on a data folder. Once a process."""
    for name in [name for name in os.environ if name.startswith("JULUO_")]:
        del os.environ[name]
    os.environ |= {"JULUO_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "juluo.site.settings"}
    import django

    django.setup()
    yield


def migrated(data: str) -> Cost:
    """Make the tables of the rooms above the record: the big community is kept without them, so that it outlives their changes."""
    with inside(Path(data)), cost() as measured:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
    return measured


def make(data: str, events: int, members: int) -> Cost:
    """Make both communities in `data`; `says` how many seconds each stage took."""
    path = Path(data)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    with inside(path), cost() as whole:
        from django.core.management import call_command

        from juluo.record.connectors.adapters.sandbox.world import large

        call_command("migrate", verbosity=0)
        _fill(path, SMALL, large(20_000, 400))
        whole.says = _fill(path, SLUG, large(events, members))
        for room in ABOVE:
            call_command("migrate", room, "zero", verbosity=0)
    with sqlite3.connect(path / "juluo.sqlite3") as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return whole


def _fill(path: Path, slug: str, recipe: Any) -> dict[str, float]:
    """Make a community of a recipe; seconds of processor by stage."""
    from juluo.ground.communities.actions import found
    from juluo.record.lake.actions import merge
    from juluo.record.lake.queries import lake
    from juluo.record.people.actions import observe, recognise, summarise

    community = found(recipe.title, slug=slug, zone=recipe.zone)
    stages: dict[str, float] = {}
    file = path / "staged.parquet"
    with _timed(stages, "simulated and staged"):
        sightings, latest = _staged(file, community, recipe)
    with _timed(stages, "merged into the lake, people put into the register"):
        merge(community, [file], as_of=latest, also=lambda _: _quietly(observe(community, sightings)))
    file.unlink()
    with _timed(stages, "members summarised"):
        summarise(community)
    with _timed(stages, "members compared"):
        recognise(community)
    with _timed(stages, "texts read"):
        lake().read_texts(community.pk)
    return stages


def _staged(path: Path, community: Any, recipe: Any) -> tuple[Any, int]:
    """Write the recipe's events as a staged file; the people and places in it, and the moment of the last event."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from juluo.record.connectors.adapters.sandbox.world import batches, channels, people
    from juluo.record.imports.staging import Numbers
    from juluo.record.lake.rules import dated
    from juluo.record.lake.types import STAGED_SCHEMA
    from juluo.record.people.types import Sightings

    sightings = Sightings()
    sightings.see(channels(recipe))
    sightings.see(people(recipe))
    numbers = Numbers(community.pk, sightings)
    rows, latest = 0, 0
    with pq.ParquetWriter(path, STAGED_SCHEMA, compression="lz4") as writer:
        for batch in batches(recipe):
            column = {name: batch.column(name) for name in batch.schema.names}
            names = {name: column[name].to_pylist() for name in ("source", "key", "channel", "actor", "thread", "reply_to", "target")}
            columns = {
                "id": numbers.events(names["source"], names["key"]),
                "channel": numbers.channels(names["source"], names["channel"]),
                "thread": numbers.threads(names["source"], names["channel"], names["thread"]),
                "actor": numbers.actors(names["source"], names["actor"]),
                "reply_to": numbers.events(names["source"], names["reply_to"]),
                "target": numbers.events(names["source"], names["target"]),
                "at": column["at"].cast(pa.timestamp("us")),
                "version": pa.repeat(pa.scalar(0, pa.int64()), len(batch)),
            } | {name: column[name] for name in ("key", "source", "kind", "text", "props", "value")}
            order = pa.array(range(rows, rows + len(batch)), pa.int64())
            writer.write_table(dated(columns, community.zone).append_column(STAGED_SCHEMA.field("row"), order))
            rows += len(batch)
            latest = max(latest, pc.max(column["at"]).as_py())
    return sightings, latest


@contextmanager
def _timed(stages: dict[str, float], name: str) -> Iterator[None]:
    begun = time.process_time()
    yield
    stages[name] = time.process_time() - begun


def _quietly(_: object) -> None:
    return None


def messages(rows: int) -> Path:
    """A file of so many messages of half as many weeks, a JSON object a line as Zulip's archives have them."""
    file = folder() / f"messages-{rows}-{VERSION}.jsonl"
    if not file.exists():
        folder().mkdir(parents=True, exist_ok=True)
        print(f"  writing a file of {rows:,} messages, once, in {folder()} …", file=sys.stderr, flush=True)
        apart(_write_messages, str(file), rows)
    return file


def _write_messages(path: str, rows: int) -> Cost:
    """Half a year up to the end of the big community, by a tenth as many people in three hundred channels."""
    import random

    import msgspec

    from juluo.record.connectors.adapters.sandbox.world import batches, large

    chance = random.Random(rows)
    texts = [text for batch in batches(large(40_000, 1_000)) for text in batch.column("text").to_pylist() if text]
    end = 1_782_662_400  # 2026-06-28 16:00 UTC, midnight there
    step = 182 * 86_400 / rows
    encode = msgspec.json.Encoder().encode
    with cost() as measured, Path(path + ".making").open("wb", buffering=1 << 20) as out:
        for number in range(rows):
            who, where = int(chance.paretovariate(0.9) * 7) % (rows // 10), int(300 * chance.random() ** 2)
            row = {
                "id": number,
                "timestamp": int(end - (rows - number) * step),
                "sender_full_name": f"来客 {who}",
                "stream": f"频道 {where}",
                "topic": f"话题 {number // 40 % 5_000}",
                "content": f"{chance.choice(texts)} {chance.choice(texts)}",
            }
            out.write(encode(row))
            out.write(b"\n")
    Path(path + ".making").rename(path)
    return measured


def _fingerprint() -> str:
    """Changes with the recipe, the shape of the lake's files, and `VERSION`; tables of the database are brought up to date in each copy."""
    from juluo.record.connectors.adapters.sandbox.world import large
    from juluo.record.lake.types import EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA

    parts = (VERSION, large(EVENTS, MEMBERS), EVENT_SCHEMA, PEOPLE_SCHEMA, TEXTS_SCHEMA)
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=6).hexdigest()
