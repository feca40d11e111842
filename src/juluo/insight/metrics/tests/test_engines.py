"""One definition, every engine: ClickHouse gives what DuckDB gives."""

import datetime as dt
import random
from typing import Any

import pytest

from juluo.insight.metrics.measures import GRIDS, SHEETS
from juluo.insight.metrics.types import Grain, Period, Who

from .world import Bench, ClickEngine, DuckEngine, Happening, World

PERIOD = Period(dt.date(2026, 1, 12), dt.date(2026, 2, 9))
SCOPES = [(Who.PEOPLE, None), (Who.EVERYONE, (1, 2))]


@pytest.fixture(scope="module")
def click() -> ClickEngine:
    pytest.importorskip("chdb", reason="chDB (the ClickHouse engine in-process) is not installed here")
    clickhouse = pytest.importorskip("clickhouse_connect")
    return ClickEngine(clickhouse.get_client(interface="chdb"))


def _world() -> World:
    """Ten weeks of forty identities: chatter in bursts, threads, replies, comings and goings."""
    dice = random.Random(20260112)
    kinds = ["message.created"] * 14 + ["reaction.added", "reaction.removed", "checkin", "member.joined", "member.left", "message.edited"]
    events = []
    moment = dt.datetime(2025, 12, 20, 3)
    for number in range(1, 1500):
        moment += dt.timedelta(seconds=dice.choice([0, 20, 90, 600, 5_000, 9_000]))
        kind = dice.choice(kinds)
        spoke = kind == "message.created"
        events.append(
            Happening(
                id=number if number % 2 else -number,
                at=moment,
                kind=kind,
                actor=dice.randint(1, 40),
                channel=dice.choice([1, 1, 2, 3] if kind != "member.left" else [1, 2, 9]),
                thread=dice.choice([None, None, 101, 102, 103]) if spoke else None,
                reply_to=dice.choice([None, None, max(1, number - dice.randint(1, 60))]) if spoke else None,
                is_question=spoke and dice.random() < 0.3,
                source=dice.choice(["test", "irc"]),
                mood=dice.randint(-1, 1),
                terms=tuple(dice.choices(["读书", "徒步", "coffee"], k=dice.randint(0, 3))),
            )
        )
    people = {n: (500 + n // 2, dice.choice(["person"] * 5 + ["bot", "staff"])) for n in range(1, 36)}
    people |= {n: (600 + n, "person") for n in range(41, 50)}
    return World(events, people)


@pytest.mark.parametrize(("grain", "scope"), [*zip(Grain, SCOPES * 2, strict=True)])
def test_every_sheet_counts_the_same_on_clickhouse(click: ClickEngine, grain: Grain, scope: Any) -> None:
    world = _world()
    duck_bench, click_bench = Bench(world, DuckEngine()), Bench(world, click)

    for sheet in SHEETS:
        expected = duck_bench.counts(sheet.code, PERIOD, grain, *scope)
        found = click_bench.counts(sheet.code, PERIOD, grain, *scope)

        assert expected.keys() == found.keys()
        for number in expected:
            assert found[number] == pytest.approx(expected[number]), (sheet.code, number)


@pytest.mark.parametrize("scope", SCOPES[1:])
def test_every_table_and_row_is_the_same_on_clickhouse(click: ClickEngine, scope: Any) -> None:
    world = _world()
    duck_bench, click_bench = Bench(world, DuckEngine()), Bench(world, click)

    for grid in GRIDS:
        for how in grid.options.get("how", ("",)):
            options = {"how": how} if how else {}
            expected = duck_bench.table(grid.code, PERIOD, Grain.WEEK, *scope, **options)
            found = click_bench.table(grid.code, PERIOD, Grain.WEEK, *scope, **options)

            assert alike(found) == alike(expected), grid.code
    for sheet in SHEETS:
        for count in sheet.behind:
            expected = alike(duck_bench.rows(sheet.code, count, PERIOD, *scope))
            assert sorted(alike(click_bench.rows(sheet.code, count, PERIOD, *scope)), key=str) == sorted(expected, key=str), (
                sheet.code,
                count,
            )


def alike(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the engines' habits taken off: a moment is a moment, whether or not it says UTC."""

    def calm(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.replace(tzinfo=None)
        return round(value, 9) if isinstance(value, float) else value

    return [{name: calm(value) for name, value in row.items()} for row in rows]
