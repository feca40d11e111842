"""A five-step funnel with a window of seven days over twenty million events of a million members, against chained window functions.

Ours is the very SQL that `insight.funnels.measures.totals` compiles to; it also finds how long each step took, which theirs does not.
Theirs is what one writes by hand: every event carries the latest start of an attempt that comes to it, one window function a step over
all events of a member, and then the furthest of all attempts. Both read the same Parquet files with the same engine and settings; the
counts must be equal.
"""

import datetime as dt
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.frame import Cost, Result, apart, best, cost
from benchmarks.world import folder

GOAL = 3.0
EVENTS, MEMBERS, DAYS = int(os.environ.get("BENCH_EVENTS", 20_000_000)), int(os.environ.get("BENCH_MEMBERS", 1_000_000)), 180
KINDS = ("member.joined", "message.created", "reaction.added", "checkin", "order.paid")
VERSION = 1
START, STOP = dt.date(2026, 2, 1), dt.date(2026, 5, 2)
WINDOW = 7
TIMES = 5


def bench() -> Result:
    data = history()
    # Side by side, so that whatever else the machine does weighs on both.
    pairs = [(apart(ours, str(data)), apart(chained, str(data))) for _ in range(TIMES)]
    for us, them in pairs:
        assert us.says == them.says, (us.says, them.says)
    quick, slow = best(*[us for us, _ in pairs]), best(*[them for _, them in pairs])
    by_processor = sorted(them.cpu / us.cpu for us, them in pairs)
    by_clock = sorted(them.wall / us.wall for us, them in pairs)
    lines = [f"Juluo: {quick}", f"chained window functions: {slow}", f"members at each step: {quick.says}"]
    lines += [_told("processor", by_processor), _told("clock", by_clock)]
    return Result(median(by_processor), GOAL, is_more_better=True, lines=lines)


def _told(what: str, ratios: list[float]) -> str:
    return f"times faster by the {what}, {len(ratios)} runs: median {median(ratios):.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}"


def history() -> Path:
    """The Parquet files: every member joins once, the rest is spread as communities are (few do most), one identity a member."""
    made = folder() / f"funnel-{EVENTS}-{MEMBERS}-{VERSION}"
    if not made.exists():
        folder().mkdir(parents=True, exist_ok=True)
        apart(make, str(made))
    return made


def make(data: str) -> Cost:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    making = Path(data + ".making")
    making.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(7)
    first = np.datetime64("2026-01-01T00:00:00", "us").astype("int64")
    span = DAYS * 86_400 * 1_000_000
    with cost() as measured:
        joins = first + chance.integers(0, span, MEMBERS)
        # Half of what members do falls into the weeks after they joined, the rest anywhere.
        many = EVENTS - MEMBERS
        who = (MEMBERS * chance.random(many) ** 1.6).astype("int64")
        soon = joins[who] + (chance.exponential(6 * 86_400 * 1_000_000, many)).astype("int64")
        at = np.where(chance.random(many) < 0.5, soon, first + chance.integers(0, span, many))
        kind = chance.choice(np.arange(1, 5), many, p=[0.72, 0.16, 0.1, 0.02])
        who, at, kind = np.r_[np.arange(MEMBERS), who], np.r_[joins, at], np.r_[np.zeros(MEMBERS, "int64"), kind]
        order = np.argsort(at, kind="stable")
        who, at, kind = who[order], at[order], kind[order]
        day = at.view("datetime64[us]").astype("datetime64[D]")
        table = pa.table(
            {
                "id": pa.array(np.arange(EVENTS)),
                "kind": pa.DictionaryArray.from_arrays(pa.array(kind.astype("int8")), list(KINDS)).cast(pa.string()),
                "at": pa.array(at, pa.timestamp("us")),
                "day": pa.array(day, pa.date32()),
                "channel": pa.array(who % 300),
                "actor": pa.array(who),
            }
        )
        pq.write_table(table, making / "events.parquet", row_group_size=120_000)
        numbers = pa.array(np.arange(MEMBERS))
        pq.write_table(pa.table({"identity": numbers, "member": numbers, "kind": pa.repeat("person", MEMBERS)}), making / "people.parquet")
    making.rename(data)
    return measured


def _engine(data: str, spill: str) -> Any:
    import duckdb

    engine = duckdb.connect(config={"temp_directory": spill})
    engine.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
    for name in ("events", "people"):
        engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{Path(data) / name}.parquet')")
    return engine


def ours(data: str) -> Cost:
    os.environ["DJANGO_SETTINGS_MODULE"] = "juluo.site.settings"
    with tempfile.TemporaryDirectory() as spill:
        os.environ["JULUO_DATA_DIR"] = spill
        import django

        django.setup()
        from juluo.insight.funnels import measures
        from juluo.insight.funnels.types import Path as Steps
        from juluo.insight.funnels.types import Span, Step
        from juluo.record.events.types import Kind
        from juluo.record.lake.adapters.embedded import EmbeddedLake
        from juluo.record.lake.adapters.questions import parameters

        path = Steps(tuple(Step(Kind(kind)) for kind in KINDS), WINDOW)
        question = measures.totals(path.shape)
        sql = EmbeddedLake(Path(spill) / "lake", memory="2GB").compile(question)
        known = measures.parameters(path, Span(START, STOP))
        engine = _engine(data, spill)
        with cost() as measured:
            found = engine.sql(sql, params={name: known[name] for name in parameters(question)}).to_arrow_table().to_pylist()[0]
        measured.says = [found[f"n{step}"] for step in range(1, len(KINDS) + 1)]
    return measured


def chained(data: str) -> Cost:
    with tempfile.TemporaryDirectory() as spill:
        engine = _engine(data, spill)
        with cost() as measured:
            (found,) = engine.execute(CHAINED, {"start": START, "stop": STOP, "until": STOP + dt.timedelta(days=WINDOW + 1)}).fetchall()
        measured.says = list(found)
    return measured


def _chained() -> str:
    """Every event of a step carries the latest start of an attempt that comes to it, from the events before it of the step before."""
    window = "PARTITION BY member ORDER BY moment, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    layers = [
        f"""l1 AS (SELECT member, e."at" AS moment, id, e.kind, CASE WHEN e.kind = '{KINDS[0]}' AND day < $stop THEN e."at" END AS s1
        FROM events AS e JOIN people AS p ON e.actor = p.identity AND p.kind = 'person' WHERE day >= $start AND day < $until)"""
    ]
    for step in range(2, len(KINDS) + 1):
        start = f"max(s{step - 1}) OVER w"
        fits = f"kind = '{KINDS[step - 1]}' AND moment <= {start} + INTERVAL {WINDOW} DAY"
        layers.append(f"l{step} AS (SELECT *, CASE WHEN {fits} THEN {start} END AS s{step} FROM l{step - 1} WINDOW w AS ({window}))")
    counts = ", ".join(f"count(s{step})" for step in range(1, len(KINDS) + 1))
    furthest = ", ".join(f"max(s{step}) AS s{step}" for step in range(1, len(KINDS) + 1))
    return f"WITH {', '.join(layers)} SELECT {counts} FROM (SELECT {furthest} FROM l{len(KINDS)} GROUP BY member)"


CHAINED = _chained()
