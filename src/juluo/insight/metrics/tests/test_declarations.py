"""The declarations hold together, and the documentation says what they say."""

import pytest

from juluo.insight.metrics import wiring
from juluo.insight.metrics.measures import METRICS
from juluo.insight.metrics.queries.rows import has_rows
from juluo.insight.metrics.registry import grids, metrics, sheets, variants_of
from juluo.insight.metrics.types import GROUPS, Metric, Unit
from tools import metrics_doc


def test_the_page_of_figures_is_what_the_declarations_say() -> None:
    assert metrics_doc.PAGE.read_text(encoding="utf-8") == metrics_doc.page(), "run python -m tools.metrics_doc"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_a_metric_stands_on_counts_that_exist(metric: Metric) -> None:
    assert metric.counts
    for name in (*metric.counts, *([metric.rows] if metric.rows else [])):
        sheet, _dot, count = name.partition(".")
        assert count in sheets[sheet].counts


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_a_metric_explains_itself(metric: Metric) -> None:
    assert metric.group in GROUPS
    assert all(text.endswith(("。", "」")) for text in (metric.formula, metric.meaning))
    assert metric.excludes
    assert bool(metric.good) == bool(metric.good_source)
    if metric.unit is Unit.PERCENT:
        assert metric.bottom or metric.value


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_the_rows_behind_a_metric_can_be_read(metric: Metric) -> None:
    assert has_rows(metric.code)


def test_a_variant_belongs_to_a_principal_figure_that_is_none_itself() -> None:
    for metric in metrics:
        if metric.variant_of:
            principal = metrics[metric.variant_of]
            assert not principal.variant_of
            assert principal in variants_of(metric)
            assert metric in variants_of(principal)
            assert metric not in variants_of(metric)


def test_everything_declared_is_registered() -> None:
    assert {metric.code for metric in wiring.METRICS} <= {metric.code for metric in metrics}
    assert {sheet.code for sheet in wiring.SHEETS} <= {sheet.code for sheet in sheets}
    assert {grid.code for grid in wiring.GRIDS} <= {grid.code for grid in grids}


def test_rows_behind_counts_have_counts_to_stand_behind() -> None:
    for sheet in sheets:
        assert set(sheet.behind) <= set(sheet.counts)
