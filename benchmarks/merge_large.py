"""Merging ten million events of two hundred thousand members, against bare DuckDB that sorts the same rows into one Parquet file.

A merge looks for repeated keys, holds every row against history, cuts it into segments in order of time, and rolls each up; then
the same files are merged again, which must change nothing; then everybody is observed and summarised.
"""

import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.frame import Cost, Result, apart, cost, installation

GOAL = 4.0
MOST_MEMORY = 1024  # MB
EVENTS = int(os.environ.get("BENCH_EVENTS", 10_000_000))
MEMBERS = max(EVENTS // 50, 100)
COMMUNITY = 1


def bench() -> Result:
    with tempfile.TemporaryDirectory(prefix="juluo-bench-staged-") as folder:
        staging = apart(stage, folder, EVENTS, MEMBERS)
        them, us = apart(bare, folder), apart(ours, folder)
    lines = [f"made and staged: {staging}", f"bare DuckDB: {them}", f"Juluo's merge: {us}", *us.says]
    return Result(us.cpu / them.cpu, GOAL, lines=lines, also=us.peak < MOST_MEMORY)


def stage(folder: str, events: int, members: int) -> Cost:
    with installation():
        from juluo.record.connectors.adapters.sandbox.world import batches, large
        from juluo.record.imports.staging import Stage

        with cost() as measured:
            staging = Stage(Path(folder), community_id=COMMUNITY, zone="Asia/Shanghai")
            for rows in staging.take_columns(batches(large(events=events, members=members))):
                measured.says = rows
            staging.close()
        (Path(folder) / "latest").write_text(str(staging.latest))
        (Path(folder) / "actors").write_text("\n".join(f"{source}\t{name}" for source, name in sorted(staging.sightings.actors)))
    return measured


def bare(folder: str) -> Cost:
    import duckdb

    engine = duckdb.connect(config={"memory_limit": "600MB", "temp_directory": f"{folder}/spill"})
    staged = f"SELECT * EXCLUDE (row) FROM read_parquet('{folder}/events.parquet') ORDER BY \"at\", id"
    with cost() as measured:
        engine.execute(f"COPY ({staged}) TO '{folder}/bare.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
    engine.close()
    shutil.rmtree(f"{folder}/spill", ignore_errors=True)
    return measured


def ours(folder: str) -> Cost:
    with installation():
        from juluo.ground.communities.actions import found
        from juluo.record.lake.actions import merge
        from juluo.record.lake.queries import size
        from juluo.record.people.actions import observe, summarise
        from juluo.record.people.types import Sightings

        community = found("Large")
        assert community.pk == COMMUNITY
        staged, latest = [Path(folder) / "events.parquet"], int((Path(folder) / "latest").read_text())
        names = [line.split("\t") for line in (Path(folder) / "actors").read_text().splitlines()]
        with cost() as measured:
            merged = merge(community, staged, as_of=latest)
        rows, bytes_ = size(community.pk)
        assert merged.added == rows
        measured.says = [f"{rows:,} rows in {bytes_ / 2**20:,.0f} MB"]
        with cost() as again:
            assert merge(community, staged, as_of=latest).known == rows
        measured.says.append(f"merging them again: {again}")
        with cost() as met:
            observe(community, Sightings(actors={(source, name) for source, name in names}))
        measured.says.append(f"{len(names):,} people observed: {met}")
        with cost() as summed:
            summarise(community)
        measured.says.append(f"and summarised: {summed}")
    measured.peak = again.peak
    return measured
