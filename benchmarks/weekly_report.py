"""The weekly report of ten million events and two hundred thousand members, against bare DuckDB queries and against pandas.

Ours is `insight.reports.actions.build`: everything from reading the history to the stored report in words, with its score, sections and
suggestions. It is measured twice. First with nothing remembered of the community; its expressions are compiled, because a small
community's report was made in the same process (what the first one costs more is printed as well). Then as on a Monday: the report of the
week before was made a week ago, when first traces were kept as the worker keeps them, and since then events have come into the week that
is reported on, so that its counts, and those of weeks near enough to depend on it, are not as they were kept. Bare queries are held
against the first, pandas against the second. Theirs are only the figures, see `weekly_bare` (which has our roll-up) and `weekly_pandas`
(which has the events): checked to be the same figures. Moods and terms were read from the messages beforehand, for all three.
"""

import datetime as dt
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import weekly_bare, weekly_pandas
from benchmarks.frame import Cost, Result, apart, best, cost
from benchmarks.world import SLUG, SMALL, copied, inside

GOAL = 2.0  # × the sum of the bare queries
FASTER = 10.0  # times than pandas
MONDAY = dt.date(2026, 6, 22)
WEEK, BEFORE = "2026-W26", "2026-W25"


def bench() -> Result:
    us, them = [], []
    for _ in range(2):
        with copied() as data:
            them.append(apart(bare, str(data)))
            us.append(apart(ours, str(data)))  # last: it lets the history go on
    with copied() as data:
        frames = apart(pandas, str(data))
    report, queries = best(*us), best(*them)
    monday = report.says["monday"]
    _compare(report.says["figures"], queries.says["figures"])
    for name, value in frames.says["figures"].items():
        assert abs(queries.says["figures"][name] - value) <= 1e-6 * max(1, abs(value)), (name, queries.says["figures"][name], value)
    slowest = sorted(queries.says["seconds"].items(), key=lambda pair: -pair[1])[:6]
    lines = [
        f"Juluo: {report}",
        f"  the first report of a process takes {report.says['first']:.1f} s of processor more",
        f"bare DuckDB, {len(queries.says['seconds'])} queries: {queries}",
        "  of which " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in slowest),
        f"pandas: {frames}",
        f"Juluo on a Monday, closed weeks kept: {monday['cpu']:.1f} s of processor, {monday['wall']:.1f} s on the clock; "
        f"first traces were kept before in {monday['settling']:.1f} s of processor",
        f"times faster than pandas (goal {FASTER:g}): "
        f"{frames.cpu / monday['cpu']:.1f} by processor, {frames.wall / monday['wall']:.1f} by the clock; "
        f"with nothing remembered {frames.cpu / report.cpu:.1f} and {frames.wall / report.wall:.1f}",
    ]
    return Result(report.cpu / queries.cpu, GOAL, lines=lines, also=frames.wall / monday["wall"] >= FASTER)


def ours(data: str) -> Cost:
    with inside(Path(data)):
        from juluo.ground.communities.models import Community
        from juluo.insight.metrics.actions import settle
        from juluo.insight.reports.actions import build
        from juluo.insight.reports.queries import stored

        with cost() as first:
            build(Community.objects.get(slug=SMALL))
        with cost() as again:
            _forget(data)
            build(Community.objects.get(slug=SMALL))
        _forget(data)
        big = Community.objects.get(slug=SLUG)
        with cost() as measured:
            build(big, WEEK)
        kept = stored(big, WEEK)
        assert kept is not None
        courses = {code: list(course.values) for code, course in kept.courses.items()}
        sections = {code: section for code, section in kept.sections.items() if code in ("hours", "questions", "silent", "newcomers")}
        _forget(data)
        with cost() as settling:
            settle(big)  # what the worker does once a week
        build(big, BEFORE)
        _go_on(big)
        with cost() as monday:
            build(big, WEEK)
        measured.says = {
            "first": first.cpu - again.cpu,
            "monday": {"cpu": monday.cpu, "wall": monday.wall, "settling": settling.cpu},
            "figures": {"courses": courses, "sections": sections},
        }
    return measured


def _go_on(community: Any) -> None:
    """Let one message come into the reported week and be sealed, as all of that week's were since the report before."""
    from juluo.record.events.actions import accept
    from juluo.record.events.types import Event, Kind
    from juluo.record.lake.actions import seal
    from juluo.record.people.models import Channel, Identity

    who, where = Identity.objects.filter(community=community).first(), Channel.objects.filter(community=community).first()
    assert who is not None
    assert where is not None
    noon = dt.datetime.combine(MONDAY, dt.time(4), dt.UTC)
    at = int(noon.timestamp() * 1_000_000)
    accept(community.pk, [Event("late", at, Kind.MESSAGE_CREATED, who.source, channel=where.external_id, actor=who.external_id, text="好")])
    assert seal(community) == 1


def _forget(data: str) -> None:
    """What was remembered of answers; not what was compiled."""
    from django.core.cache import cache

    cache.clear()


def bare(data: str) -> Cost:
    import duckdb

    seconds: dict[str, float] = {}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    with tempfile.TemporaryDirectory() as spill, duckdb.connect(config={"temp_directory": spill}) as engine:
        engine.execute("SET TimeZone = 'UTC'; SET parquet_metadata_cache = true")
        for view in weekly_bare.views(files(data)):
            engine.execute(view)
        with cost() as measured:
            ids: list[int] = []
            for name, query in weekly_bare.queries(MONDAY).items():
                begun = time.process_time()
                found = engine.sql(query, params={"ids": ids} if "$ids" in query else None).to_arrow_table()
                seconds[name] = time.process_time() - begun
                if name == "unanswered":
                    ids = found["id"].to_pylist()[:100]
                if name in _CHECKED:
                    rows[name] = [tuple(row.values()) for row in found.to_pylist()]
    measured.says = {"seconds": seconds, "figures": {name: float(value) for name, value in _told(rows).items()}}
    return measured


def pandas(data: str) -> Cost:
    import pyarrow.parquet  # noqa: F401  (not part of what is measured)

    seconds: dict[str, float] = {}
    figures: dict[str, float] = {}
    week = (MONDAY - dt.date(1970, 1, 5)).days // 7
    with cost() as measured:
        started = time.process_time()
        history = weekly_pandas.History(files(data), MONDAY)
        seconds["reading the events"] = time.process_time() - started
        for name, find in weekly_pandas.FIGURES.items():
            begun = time.process_time()
            found = find(history)
            seconds[name] = time.process_time() - begun
            if name in _FRAMES:
                figures |= _FRAMES[name](found, week)
    measured.says = {"seconds": seconds, "figures": figures}
    return measured


def files(data: str) -> dict[str, list[str]]:
    """The Parquet files that hold the big community's history, by table."""
    store = sqlite3.connect(Path(data) / "juluo.sqlite3")
    number = store.execute("SELECT id FROM communities_community WHERE slug = ?", [SLUG]).fetchone()[0]
    segments = store.execute("SELECT file, daily, texts FROM lake_segment WHERE community_id = ? ORDER BY first_day", [number]).fetchall()
    people = json.loads(store.execute("SELECT people FROM lake_lakestate WHERE community_id = ?", [number]).fetchone()[0])
    store.close()
    names = dict(zip(("events", "daily", "texts", "people"), [*zip(*segments, strict=True), [name for name, _ in people]], strict=True))
    return {table: [str(Path(data) / "lake" / name) for name in of_table if name] for table, of_table in names.items()}


# -- are they the same figures? --------------------------------------------------------------------------------------

_CHECKED = {
    "speaking",
    "trailing",
    "membership",
    "answers",
    "first words",
    "newcomers' part",
    "lifecycle",
    "moods",
    "shared topics",
    "silent",
}


def _told(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """What the bare queries say of the reported week, under the names our figures have."""
    week = (MONDAY - dt.date(1970, 1, 5)).days // 7
    (spoken,) = (row for row in rows["speaking"] if row[0] == week)
    (answered,) = (row for row in rows["answers"] if row[0] == week)
    (mood,) = (row for row in rows["moods"] if row[0] == week)
    (part,) = (row for row in rows["newcomers' part"] if row[0] == week)
    (shared,) = (row[1] for row in rows["shared topics"] if row[0] == week)
    moved = [(-1 if row[0] is None else row[0], *row[1:]) for row in rows["membership"]]
    members = sum(row[1] - row[2] for row in moved if row[0] <= week)
    (moving,) = (row for row in moved if row[0] == week)
    stages = {row[1]: row[2] for row in rows["lifecycle"] if row[0] == week}
    words = {row[0]: (row[2], row[3]) for row in rows["first words"] if row[1] == week}
    last = MONDAY + dt.timedelta(days=6)
    reach = [(last - row[0]).days for row in rows["trailing"]]
    monthly = sum(row[2] for days, row in zip(reach, rows["trailing"], strict=True) if 0 <= days < min(30, row[1]))
    weekly = sum(row[2] for days, row in zip(reach, rows["trailing"], strict=True) if 0 <= days < min(7, row[1]))
    return {
        "messages": spoken[1],
        "speakers": spoken[2],
        "active_members": spoken[5],
        "joins": spoken[6],
        "leaves": spoken[7],
        "reply_share": 100 * spoken[3] / spoken[1],
        "reactions": spoken[4],
        "members": members,
        "new_members": moving[3],
        "lost_members": moving[2],
        "wau": weekly,
        "mau": monthly,
        "questions": answered[1],
        "unanswered": answered[1] - answered[2],
        "first_answer": answered[3],
        "first_answer.p90": answered[4],
        "first_word_24h": 100 * words[1][1] / words[1][0],
        "first_word_7d": 100 * words[7][1] / words[7][0],
        "newcomer_share": 100 * part[1] / part[2],
        "returning_members": stages["returning"],
        "dormant_members": stages["dormant"],
        "resurrected_members": stages["resurrected"],
        "return_rate": 100 * stages["returning"] / (stages["returning"] + stages["dormant"]),
        "positive_share": 100 * mood[2] / mood[1],
        "negative_share": 100 * mood[3] / mood[1],
        "shared_topics": shared,
        "silent": len(rows["silent"]) and rows["silent"][0][-1],
    }


# What the frames of pandas say of the reported week, by the query they are named after.
_FRAMES: dict[str, Callable[[Any, int], dict[str, float]]] = {
    "speaking": lambda f, week: {
        "messages": float(f.loc[week, "messages"]),
        "speakers": float(f.loc[week, "speakers"]),
        "active_members": float(f.loc[week, "active"]),
        "joins": float(f.loc[week, "joins"]),
        "leaves": float(f.loc[week, "leaves"]),
        "reactions": float(f.loc[week, "reactions"]),
        "reply_share": float(100 * f.loc[week, "replies"] / f.loc[week, "messages"]),
    },
    "membership": lambda f, week: {
        "members": float((f.came - f.gone.fillna(0))[f.index <= week].sum()),
        "new_members": float(f.loc[week, "new"]),
    },
    "answers": lambda f, week: {
        "questions": float(f.loc[week, "asked"]),
        "unanswered": float(f.loc[week, "asked"] - f.loc[week, "answered"]),
        "first_answer": float(f.loc[week, "minutes"]),
        "first_answer.p90": float(f.loc[week, "p90"]),
    },
    "lifecycle": lambda f, week: {
        "returning_members": float(f[week, "returning"]),
        "dormant_members": float(f[week, "dormant"]),
        "resurrected_members": float(f[week, "resurrected"]),
    },
    "newcomers' part": lambda f, week: {"newcomer_share": float(100 * f.loc[week, "fresh"] / f.loc[week, "messages"])},
    "moods": lambda f, week: {"positive_share": float(100 * f.loc[week, "positive"] / f.loc[week, "read"])},
    "shared topics": lambda f, week: {"shared_topics": float(f.loc[week])},
    "silent": lambda f, week: {"silent": float(len(f))},
}


def _compare(us: dict[str, Any], them: dict[str, Any]) -> None:
    """Raise `AssertionError` where ours and theirs are not the same figures."""
    ours = {code: values[-1] for code, values in us["courses"].items()} | {"silent": us["sections"]["silent"]["many"]}
    for name, value in them.items():
        if name in ours:
            assert abs(ours[name] - value) <= 1e-6 * max(1, abs(value)), (name, ours[name], value)
