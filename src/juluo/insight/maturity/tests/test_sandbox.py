"""Simulated communities whose truth is known: an evaluation finds what was put into them."""

import datetime as dt

import msgspec
import pytest

from juluo.ground.communities.models import Community
from juluo.insight.maturity.actions import evaluate
from juluo.insight.maturity.queries import Judgement, acts, judgement
from juluo.insight.tiers.actions import assign
from juluo.kit import clock
from juluo.record.connectors.adapters.sandbox.export import export
from juluo.record.connectors.adapters.sandbox.recipes import Recipe
from juluo.record.connectors.adapters.sandbox.truth import Truth
from juluo.record.imports.actions import hand_over, look, run
from tests.cast import found

pytestmark = pytest.mark.django_db
PLAIN = Recipe(title="隔壁", seed=5, end=dt.date(2026, 6, 30), days=120, members=150, events=6_000)
NOW = dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC)


def evaluated(recipe: Recipe, folder) -> Judgement:
    """The evaluation of June of a simulated community, imported as any export is."""
    community: Community = found(recipe.title, zone=recipe.zone)
    imported = hand_over(community, export(recipe, folder / f"{community.pk}.zip"))
    look(imported)
    run(imported)
    assign(community)
    return judgement(evaluate(community, "2026-06"))


def points(told: Judgement, code: str) -> float | None:
    return told.standing.line(code).points


@pytest.fixture(autouse=True)
def _held():
    with clock.hold(NOW):
        yield


def test_answers_are_those_of_the_truth(tmp_path):
    told = evaluated(PLAIN, tmp_path)

    asked = [one for one in Truth(PLAIN).questions if one.at.date() >= dt.date(2026, 6, 1)]
    share = 100 * sum(one.answer is not None for one in asked) / len(asked)
    assert told.figure("answered_share").value == pytest.approx(share, abs=6)
    assert points(told, "value") is not None  # there are orders
    assert {"belonging", "operation"} <= set(told.standing.left_out)


def test_a_team_that_leaves_questions_alone_loses_points_for_service_and_little_else(tmp_path):
    good = evaluated(PLAIN, tmp_path)
    bad = evaluated(msgspec.structs.replace(PLAIN, ignored=0.75, response_minutes=240.0), tmp_path)

    lost = {line.code: (line.points or 0) - (points(bad, line.code) or 0) for line in good.standing.lines if line.points is not None}
    assert lost["service"] > 25
    assert max(lost, key=lambda code: lost[code]) == "service"
    assert bad.standing.score < good.standing.score
    assert {"answered_share", "first_answer"} & {one.evidence.code for one in acts(bad)[:2]}


def test_a_community_of_lurkers_that_leave_stands_below_one_that_talks_and_stays(tmp_path):
    lively = evaluated(msgspec.structs.replace(PLAIN, lurkers=0.2, churn=0.2), tmp_path)
    dying = evaluated(msgspec.structs.replace(PLAIN, lurkers=0.9, churn=4.0, events=1_500), tmp_path)

    assert lively.standing.level > dying.standing.level
    for code in ("structure", "activity"):
        assert points(lively, code) > points(dying, code) + 10, code
