"""What the weekly report tells the pyramid evaluation."""

import datetime as dt

import pytest

from juluo.insight.maturity.registry import evidence
from juluo.insight.metrics.types import Period
from juluo.insight.reports.models import Suggestion, WeeklyReport
from juluo.insight.reports.types.advice import State
from juluo.kit import clock
from tests.cast import history

pytestmark = pytest.mark.django_db
JUNE = Period(dt.date(2026, 6, 1), dt.date(2026, 7, 1))
WEEKS = {
    "2026-W22": dt.date(2026, 5, 25),
    "2026-W23": dt.date(2026, 6, 1),
    "2026-W24": dt.date(2026, 6, 8),
    "2026-W25": dt.date(2026, 6, 15),
}


@pytest.fixture
def community():
    made = history(name="隔壁")
    for week, start in WEEKS.items():
        WeeklyReport.objects.create(community=made, week=week, start=start, material={}, revision="", version=1, gathered_at=clock.now())
    return made


def suggest(community, week: str, state: State, subject: str = "") -> None:
    decided = clock.now() if state not in (State.PROPOSED, State.EXPIRED) else None
    Suggestion.objects.create(
        community=community,
        week=week,
        code="x",
        subject=subject or state.value,
        figure="messages",
        role="manager",
        due_on=WEEKS[week],
        state=state,
        created_at=clock.now(),
        decided_at=decided,
    )


def value(community, code: str) -> float | None:
    return evidence[code].value(community, JUNE).value


def test_suggestions_taken_up_count_against_those_that_came_to_a_result(community):
    suggest(community, "2026-W22", State.DISMISSED)  # of May
    for week, state in (("2026-W23", State.DONE), ("2026-W23", State.ACCEPTED), ("2026-W24", State.DISMISSED), ("2026-W25", State.EXPIRED)):
        suggest(community, week, state)
    suggest(community, "2026-W25", State.PROPOSED)

    assert value(community, "reports.suggestions") == 50
    assert value(community, "reports.rhythm") == pytest.approx(200 / 3)


def test_with_few_of_them_nothing_is_said(community):
    suggest(community, "2026-W23", State.DONE)
    suggest(community, "2026-W24", State.DONE)

    assert value(community, "reports.suggestions") is None
    assert value(community, "reports.rhythm") is None
