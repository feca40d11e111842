"""What surveys and interviews tell the pyramid evaluation."""

import datetime as dt

import pytest

from juluo.insight.maturity.registry import evidence
from juluo.insight.maturity.weighing import weigh
from juluo.insight.metrics.types import Period
from juluo.kit import clock
from juluo.operate.surveys.actions import answer, find, save_interview
from juluo.operate.surveys.types import Theme

from .conftest import form

pytestmark = pytest.mark.django_db
JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def answered(survey, scores, day: str) -> None:
    with clock.hold(dt.datetime.fromisoformat(f"{day}T04:00:00+00:00")):
        for at, score in enumerate(scores):
            answer(survey, form(nps=score), browser=f"{day}{at}")


def nps(community):
    return evidence["surveys.nps"].value(community, JUNE)


def test_the_nps_of_the_period_comes_with_its_margin(coffee, survey):
    answered(survey, [10] * 6 + [8] * 3 + [0, 3, 6], "2026-06-10")

    found = nps(coffee)

    assert found.value == pytest.approx(100 * (6 - 3) / 12)
    assert (found.facts["n"], found.facts["promoters"], found.facts["detractors"]) == (12, 6, 3)
    # 1.96 · sqrt((p + d − (p − d)²) / n) with p = 1/2, d = 1/4
    assert found.facts["margin"] == pytest.approx(100 * 1.96 * ((0.75 - 0.0625) / 12) ** 0.5, abs=0.05)


def test_few_answers_are_joined_by_those_of_half_a_year_and_later_ones_never(coffee, survey):
    answered(survey, [10] * 4, "2026-06-10")
    answered(survey, [0] * 6, "2026-03-10")
    answered(survey, [0] * 20, "2026-07-01")

    found = nps(coffee)

    assert found.value == pytest.approx(100 * (4 - 6) / 10)
    assert "近半年" in found.says


def test_with_too_few_answers_there_is_no_nps(coffee, survey):
    answered(survey, [10] * 9, "2026-06-10")
    answered(survey, [10] * 9, "2025-12-10")

    assert nps(coffee).value is None
    assert "不到 10 份" in nps(coffee).missing


def test_findings_count_by_their_topic_and_theme(coffee):
    talk = save_interview(coffee, None, alias="甲", held_on=dt.date(2026, 5, 20))
    old = save_interview(coffee, None, alias="乙", held_on=dt.date(2025, 5, 20))
    for theme, topic in (
        (Theme.PRAISE, "归属感"),
        (Theme.PRAISE, "归属"),
        (Theme.PAIN, "归属感"),
        (Theme.NEED, "归属感"),
        (Theme.NOTE, "归属感"),
        (Theme.PRAISE, "获得感"),
    ):
        find(talk, theme=theme, topic=topic, text="说了")
    find(old, theme=Theme.PAIN, topic="归属感", text="很久以前说的")

    belonging = evidence["interviews.belonging"].value(coffee, JUNE)

    assert (belonging.value, belonging.top, belonging.bottom) == (50, 2, 4)
    assert evidence["interviews.gain"].value(coffee, JUNE).value is None


def test_belonging_counts_in_the_evaluation_once_somebody_was_asked(coffee, survey):
    def points() -> float | None:
        return next(one.points for one in weigh(coffee, JUNE).indicators if one.code == "belonging")

    assert points() is None
    answered(survey, [10] * 10, "2026-06-10")
    assert points() == 100
