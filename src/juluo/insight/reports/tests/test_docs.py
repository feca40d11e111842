"""The page about the score says what the code does."""

from pathlib import Path

import pytest

from juluo.insight.metrics.registry import metrics

from ..gathering import DAILY, FIGURES
from ..registry import ordered, rules
from ..rules import scoring, stage
from ..rules.dimensions import DIMENSIONS, METRICS
from ..words import said

PAGE = (Path(__file__).parents[5] / "docs" / "health-score.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda one: one.code)
def test_every_dimension_stands_there_with_its_weight_and_reason(dimension):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {dimension.title} {dimension.code} |"))

    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == dimension.question
    assert cells[3] == str(dimension.weight)
    assert cells[4] == dimension.reason


def test_the_numbers_of_the_arithmetic_stand_there():
    for number in (scoring.IN_ORDER, scoring.PER_SPREAD_BETTER, scoring.PER_SPREAD_WORSE, scoring.LEAST_BASE, scoring.LEAST_MESSAGES):
        assert f"{number:g}" in PAGE
    assert str(scoring.NORMAL) in PAGE


def test_every_figure_the_report_asks_for_exists():
    known = {metric.code for metric in metrics}

    steps = {step.metric for steps in stage.CHECKLISTS.values() for step in steps if step.metric}
    assert {code for section in ordered() for code in section.figures} <= known
    assert {*METRICS, *FIGURES, *DAILY, *steps, *(rule.figure for rule in rules().values())} <= known
    of_sections = {code for section in ordered() for code in section.figures}
    assert {*METRICS, *steps, *(rule.figure for rule in rules().values())} <= {*FIGURES, *of_sections}


def test_sections_have_titles_codes_and_an_order_of_their_own():
    sections = ordered()

    assert len({section.order for section in sections}) == len(sections)
    assert sections[0].code == "followup"
    assert all(said(section.title) for section in sections)
