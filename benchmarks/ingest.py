"""Taking live events in, a hundred at a time, against a bare SQLite transaction with the same unique key and the same durability."""

import sqlite3
import tempfile
import time
from pathlib import Path

from benchmarks.frame import Cost, Result, apart, best, cost, installation

GOAL = 0.5
BATCHES = 300
SIZE = 100
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32000", "mmap_size=134217728")


def bench() -> Result:
    runs = [(apart(bare), apart(ours)) for _ in range(2)]
    them, us = best(*(run[0] for run in runs)), best(*(run[1] for run in runs))
    lines = [
        f"{who}: {run}, {BATCHES * SIZE / run.cpu:,.0f} events a processor second" for who, run in (("bare SQLite", them), ("Juluo", us))
    ]
    return Result(them.cpu / us.cpu, GOAL, is_more_better=True, lines=lines)


def bare() -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        for pragma in PRAGMAS:
            store.execute(f"PRAGMA {pragma}")
        store.execute(
            """CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, community_id INTEGER, source TEXT, key TEXT, kind TEXT, at TEXT,
            channel TEXT, actor TEXT, thread TEXT, reply_to TEXT, target TEXT, value REAL, text TEXT, props TEXT, received_at TEXT,
            UNIQUE (community_id, source, key))"""
        )
        with cost() as measured:
            for batch in range(BATCHES):
                rows = [
                    (1, "bench", f"{batch}-{n}", "message.created", str(at(batch, n)), "大厅", f"member-{n}", TEXT, str(time.time()))
                    for n in range(SIZE)
                ]
                store.execute("BEGIN IMMEDIATE")
                store.executemany(
                    """INSERT INTO event (community_id, source, key, kind, at, channel, actor, text, received_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                    rows,
                )
                store.execute("COMMIT")
    return measured


def ours() -> Cost:
    with installation():
        from juluo.ground.communities.actions import found
        from juluo.record.events.actions import accept
        from juluo.record.events.types import Event, Kind

        community = found("Bench")
        with cost() as measured:
            for batch in range(BATCHES):
                events = [
                    Event(
                        key=f"{batch}-{n}",
                        at=at(batch, n),
                        kind=Kind.MESSAGE_CREATED,
                        source="bench",
                        channel="大厅",
                        actor=f"member-{n}",
                        text=TEXT,
                    )
                    for n in range(SIZE)
                ]
                assert all(accept(community.pk, events))
    return measured


TEXT = "今天的活动几点开始？我想带一个朋友一起来，可以吗？"


def at(batch: int, n: int) -> int:
    return 1_790_000_000_000_000 + (batch * SIZE + n) * 1_000_000
