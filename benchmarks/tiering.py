"""Who stands in which of the five tiers, in a community of a million members and twenty million events: the whole history walked at
once, and the day after with fifty thousand new events.

Beside the whole history stands the same walk written by hand for bare DuckDB over the very same files, and its moves must be equal; beside
the day a bare query that holds everybody's last 30 days and 13 weeks against the lines, which knows no patience. Ours also writes the
moves, brings the list of members up to date and says who is near. The new day is to be 20 times cheaper than walking everything anew.
"""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.frame import Cost, Result, apart, cost, installation
from benchmarks.segment import EVENTS, LAST, MEMBERS, made

GOAL, QUICKER, MOST_MEMORY = 3.0, 20.0, 4_000
NEW = max(1, 50_000 * EVENTS // 20_000_000)
DEEDS = """
    SELECT member, (day - DATE '1970-01-05')::BIGINT AS num, sum(n) FILTER (d.kind = 'message.created')::BIGINT AS messages,
        sum(replies) FILTER (d.kind = 'message.created')::BIGINT AS replies, sum(n) FILTER (d.kind = 'reaction.added')::BIGINT AS reactions
    FROM read_parquet({daily}) d JOIN read_parquet({people}) p ON d.actor = p.identity AND p.kind = 'person'
    WHERE d.kind IN ({acts}) AND {days} GROUP BY ALL
"""
# Everybody's level on a day, as somebody who knows the files would write it.
DAY = """
    WITH deeds AS ({deeds}), have AS (
        SELECT member, count(*) FILTER (num > {on} - 30) AS days, sum(messages) FILTER (num > {on} - 30) AS messages,
            sum(replies) FILTER (num > {on} - 30) AS replies, count(DISTINCT num // 7) FILTER (num // 7 > {on} // 7 - 13) AS weeks
        FROM deeds GROUP BY member
    )
    SELECT CASE WHEN days >= 8 AND messages >= 20 AND weeks >= 6 THEN 3 WHEN days >= 4 AND messages >= 5 THEN 2
        WHEN days >= 1 THEN 1 ELSE 0 END AS tier, count(*) FROM have GROUP BY tier ORDER BY tier
"""
# The walk: what counts between two steps, how long each line is met or kept, and what is left when gaps within the grace are closed.
WALK = """
    WITH deeds AS ({deeds}), marked AS (
        SELECT *, (coalesce((lag(num) OVER w) // 7, -1) < num // 7)::BIGINT AS is_first
        FROM deeds WINDOW w AS (PARTITION BY member ORDER BY num)
    ), steps AS (
        SELECT member, num, 1 AS day, coalesce(messages, 0) AS messages, is_first AS week FROM marked
        UNION ALL SELECT member, num + 30, -1, -coalesce(messages, 0), 0 FROM marked
        UNION ALL SELECT member, (num // 7 + 13) * 7, 0, 0, -1 FROM marked WHERE is_first = 1
    ), summed AS (SELECT member, num, sum(day) AS day, sum(messages) AS messages, sum(week) AS week FROM steps GROUP BY ALL
    ), have AS (
        SELECT member, num AS start, coalesce(lead(num) OVER w, 10000000) AS stop, sum(day) OVER w AS days,
            sum(messages) OVER w AS messages, sum(week) OVER w AS weeks FROM summed WINDOW w AS (PARTITION BY member ORDER BY num)
    ), levels AS (
        SELECT member, start, stop, (days >= 1)::INT + (days >= 4 AND messages >= 5)::INT
                + (days >= 8 AND messages >= 20 AND weeks >= 6)::INT AS level,
            (days >= 1)::INT + (days >= 3 AND messages >= 4)::INT + (days >= 6 AND messages >= 15 AND weeks >= 5)::INT AS stay
        FROM have WHERE days >= 1
    ), split AS (SELECT *, unnest(range(1, stay + 1)) AS tier FROM levels), runs AS (
        SELECT member, tier, start, stop, CASE WHEN level >= tier THEN start END AS up,
            coalesce(start - (lag(stop) OVER w) > 14, true)::INT AS is_new FROM split WINDOW w AS (PARTITION BY member, tier ORDER BY start)
    ), holds AS (
        SELECT *, sum(is_new) OVER (PARTITION BY member, tier ORDER BY start) AS hold FROM runs
    ), held AS (
        SELECT member, min(up) AS up, max(stop) + 14 AS off FROM holds GROUP BY member, tier, hold HAVING min(up) IS NOT NULL
    ), ends AS (
        SELECT member, up AS num, 1 AS change FROM held UNION ALL SELECT member, off, -1 FROM held
    ), moves AS (SELECT member, num, sum(change) AS change FROM ends GROUP BY ALL HAVING sum(change) <> 0)
    SELECT count(*), sum(member % 997 * (num % 1009) + change * 31)::BIGINT FROM moves WHERE num <= {on}
"""


def bench() -> Result:
    with tempfile.TemporaryDirectory(prefix="juluo-bench-tiering-") as folder:
        measured = apart(both, folder)
    says = measured.says
    whole, day, walk, level = says["whole"], says["day"], says["walk"], says["level"]
    lines = [
        f"the whole history: {whole['cpu']:.1f} s of processor, {whole['wall']:.1f} s on the clock, {says['moves']:,} moves; "
        f"bare DuckDB, the same walk: {walk['cpu']:.1f} s, {walk['wall']:.1f} s",
        f"the day after, {NEW:,} events of {says['acted']:,} members: {day['cpu']:.2f} s of processor, {day['wall']:.2f} s on the clock; "
        f"bare DuckDB, everybody's level on the day: {level['cpu']:.2f} s, {level['wall']:.2f} s",
        f"by processor the day is {whole['cpu'] / day['cpu']:.1f} times cheaper than the whole (goal {QUICKER:g}), "
        f"{whole['cpu'] / walk['cpu']:.2f} and {day['cpu'] / level['cpu']:.2f} times the bare queries (goal {GOAL:g}); "
        f"at most {says['peak']:.0f} MB (goal {MOST_MEMORY:,})",
    ]
    also = whole["cpu"] >= QUICKER * day["cpu"] and says["peak"] < MOST_MEMORY
    return Result(max(whole["cpu"] / walk["cpu"], day["cpu"] / level["cpu"]), GOAL, lines=lines, also=also)


def both(folder: str) -> Cost:
    """Ours and theirs by turns over one community."""
    with installation():
        import duckdb

        from juluo.insight.metrics.measures.base import ACTS
        from juluo.insight.tiers.actions import assign
        from juluo.insight.tiers.tables import TIER_MOVES
        from juluo.kit import clock
        from juluo.record.lake.models import LakeState, Segment
        from juluo.record.lake.queries import ask, lake

        community = made(Path(folder))
        enrolled(community)
        home = lake().folder
        engine = duckdb.connect(config={"memory_limit": "600MB", "temp_directory": f"{folder}/spill"})

        def bare(query: str, on: dt.date, since: dt.date | None = None) -> Any:
            names = [
                "[" + ", ".join(f"'{home / name}'" for name in files) + "]"
                for files in (
                    Segment.objects.values_list("daily", flat=True),
                    [name for files in LakeState.objects.values_list("people", flat=True) for name, _ in files],
                )
            ]
            days = f"day <= DATE '{on}'" + (f" AND day >= DATE '{since}'" if since else "")
            acts = ", ".join(f"'{kind}'" for kind in ACTS)
            deeds = DEEDS.format(daily=names[0], people=names[1], acts=acts, days=days)
            return engine.execute(query.format(deeds=deeds, on=(on - dt.date(1970, 1, 5)).days)).fetchall()

        with clock.hold(_noon(LAST + dt.timedelta(days=1))), cost() as whole:
            assert assign(community).how == "whole"
        with cost() as walk:
            found = bare(WALK, LAST)
        rows = ask(community.pk, TIER_MOVES)
        member, at = rows["member"].to_numpy(), (rows["day"].to_numpy() - _monday()).astype("timedelta64[D]").astype("int64")
        change = rows["tier"].to_numpy() - rows["before"].to_numpy()
        assert found[0] == (rows.num_rows, int((member % 997 * (at % 1009) + change * 31).sum())), (found, rows.num_rows)

        next_day = LAST + dt.timedelta(days=1)
        acted = happened(community, next_day, Path(folder))
        with clock.hold(_noon(next_day + dt.timedelta(days=1))):
            with cost() as day:
                assert assign(community).how == "fresh"
            with cost() as level:
                bare(DAY, next_day, next_day - dt.timedelta(days=97))
    whole.says = {
        name: {"cpu": one.cpu, "wall": one.wall} for name, one in {"whole": whole, "day": day, "walk": walk, "level": level}.items()
    } | {"moves": rows.num_rows, "acted": acted, "peak": day.peak}
    return whole


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def _monday() -> Any:
    import numpy as np

    return np.datetime64("1970-01-05")


def enrolled(community: Any) -> None:
    """The members in the register, so that the list of members has somebody to show the tier of."""
    from django.utils import timezone

    from juluo.record.people.models import Member

    now = timezone.now()
    for start in range(1, MEMBERS + 1, 50_000):
        names = range(start, min(start + 50_000, MEMBERS + 1))
        Member.objects.bulk_create([Member(pk=n, community=community, name=f"m{n}", created_at=now) for n in names], 5_000)


def happened(community: Any, day: dt.date, folder: Path) -> int:
    """Another day's messages come in; of how many members."""
    import duckdb
    from django.db import transaction

    from juluo.record.lake.queries import lake
    from juluo.record.lake.types import Prepared

    keeper, staged = lake(), folder / "day.parquet"
    with duckdb.connect() as engine:
        engine.execute("SELECT setseed(0.25)")
        engine.execute(
            f"""
            COPY (
                SELECT {EVENTS} + i AS id, 'd' || i AS key, 'test' AS source, 'message.created' AS kind, "at", "at"::DATE AS day,
                    hour("at")::TINYINT AS hour, i % 20 AS channel, NULL::BIGINT AS thread, actor, NULL::BIGINT AS reply_to,
                    NULL::BIGINT AS target, NULL::DOUBLE AS "value", NULL::VARCHAR AS text, NULL::VARCHAR AS props,
                    FALSE AS is_question, 1::BIGINT AS version
                FROM (SELECT i, 1 + ({MEMBERS} * random() ** 3)::BIGINT % {MEMBERS} AS actor,
                    TIMESTAMP '{day}' + to_microseconds((random() * 86399e6)::BIGINT) AS "at" FROM range({NEW}) t(i))
            ) TO '{staged}' (FORMAT parquet)"""
        )
        ((many,),) = engine.execute(f"SELECT count(DISTINCT actor) FROM '{staged}'").fetchall()
    with keeper._workbench() as bench:
        sealed = keeper._seal(bench, community.pk, f"SELECT * FROM read_parquet('{staged}')")
    with transaction.atomic():
        keeper.publish(Prepared(community.pk, keeper.row(community.pk).revision, add=sealed))
    return int(many)
