"""The stage of a community's life, and whether a suggestion's figure moved."""

import pytest

from ..rules.outcomes import outcome
from ..rules.stage import CHECKLISTS, NAMES, stage
from ..types.advice import Verdict
from ..types.courses import Course
from ..types.stages import Stage

FLAT, UP, DOWN = [100.0] * 12, [100.0] * 8 + [130.0] * 4, [100.0] * 8 + [60.0] * 4


@pytest.mark.parametrize(
    ("members", "weeks", "active", "arrived", "left", "expected"),
    [
        (300, 10, FLAT, 5, 1, Stage.COLD_START),  # small and young
        (300, 100, UP, 5, 1, Stage.COLD_START),  # small, old, growing again
        (300, 100, FLAT, 2, 1, Stage.MATURITY),  # small, old and even: that is what it wants to be
        (5_000, 100, UP, 10, 5, Stage.GROWTH),
        (5_000, 100, FLAT, 400, 20, Stage.GROWTH),  # many come
        (5_000, 100, FLAT, 20, 20, Stage.MATURITY),
        (5_000, 100, DOWN, 20, 40, Stage.DECLINE),
        (300, 10, DOWN, 2, 1, Stage.DECLINE),
        (5_000, 100, DOWN, 900, 10, Stage.GROWTH),  # fewer are active, but many are coming
        (300, 3, FLAT, 5, 1, None),
        (0, 50, [], 0, 0, None),
        (300, 100, [5.0, 6.0], 0, None, Stage.MATURITY),
    ],
)
def test_the_stage_follows_from_size_age_and_course(members, weeks, active, arrived, left, expected):
    assert stage(members=members, weeks=weeks, active=active, arrived=arrived, left=left).stage is expected


def test_the_evidence_is_shown_either_way():
    found = stage(members=5_000, weeks=100, active=DOWN, arrived=20, left=40)

    assert found.evidence[0].facts["change"] == -40.0
    assert found.evidence[0].speaks_for
    assert len(found.evidence) == 4


def test_every_stage_has_a_name_and_a_checklist():
    assert set(NAMES) == set(CHECKLISTS) == set(Stage)
    assert all(5 <= len(steps) <= 9 for steps in CHECKLISTS.values())


def test_a_step_that_data_can_see_is_ticked_by_the_data():
    step = next(step for step in CHECKLISTS[Stage.COLD_START] if step.metric == "answered_share")

    assert step.is_met(95) is True
    assert step.is_met(50) is False
    assert step.is_met(None) is None
    assert CHECKLISTS[Stage.COLD_START][0].is_met(95) is None


def course(*values):
    return Course("return_rate", "回访率", "percent", "up", tuple(map(float, values)))


EVEN = (50, 52, 48, 50, 51, 49, 50, 50)


@pytest.mark.parametrize(
    ("then", "now", "aim", "verdict"),
    [(50, 60, "up", "better"), (50, 51, "up", "same"), (50, 40, "up", "worse"), (50, 60, "down", "worse")],
)
def test_a_figure_moved_when_it_moved_by_more_than_half_a_usual_week(then, now, aim, verdict):
    assert outcome(course(*EVEN, now), figure="return_rate", then=then, aim=aim).verdict is Verdict(verdict)


def test_what_cannot_be_known_is_said_to_be_unknown():
    assert outcome(None, figure="x", then=5, aim="up").verdict is Verdict.UNKNOWN
    assert outcome(course(*EVEN), figure="x", then=None, aim="up").verdict is Verdict.UNKNOWN
