"""The doors, on histories that went through the real merge."""

import datetime as dt

import pytest

from juluo.insight.metrics.queries import figures, table
from juluo.insight.metrics.registry import grids, metrics
from juluo.insight.metrics.types import Grain, Period
from tests.cast import history

pytestmark = pytest.mark.django_db
WEEK = Period.week(dt.date(2026, 3, 4))


def test_every_figure_can_be_asked_of_an_empty_community() -> None:
    community = history()

    found = figures(community, [metric.code for metric in metrics], WEEK, grain=Grain.DAY)

    assert {f.value for f in found.values()} == {None}
    assert all(f.missing for f in found.values())
    for grid in grids:
        assert table(community, grid.code, WEEK).missing
