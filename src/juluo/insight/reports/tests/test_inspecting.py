"""The check-list of an operation: each item says so when it is well and when it is not."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator

from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import position
from juluo.ground.communities.types import CODES
from juluo.kit import clock
from juluo.record.imports.models import Import
from tests.cast import history, said, xiaoman

from .. import actions
from ..inspecting import looks
from ..models import Suggestion
from .world import even_weeks, village

pytestmark = pytest.mark.django_db
TUESDAY = dt.datetime(2026, 3, 17, 3, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _tuesday():
    with clock.hold(TUESDAY):
        yield


def test_the_positioning_is_written_whole_and_fresh():
    community = village(events=even_weeks(1))

    assert looks.canvas(community).state == "warn"
    position(community, {"purpose": "让新手学会"})
    assert dict(looks.canvas(community).facts)["n"] == len(CODES) - 1
    position(community, dict.fromkeys(CODES, "写好了"))
    assert looks.canvas(community).state == "ok"
    with clock.hold(TUESDAY + dt.timedelta(days=200)):
        assert looks.canvas(community).state == "warn"


def test_a_team_is_more_than_an_administrator():
    community = village(events=even_weeks(1))

    assert looks.team(community).state == "warn"
    xiaoman(community)
    assert looks.team(community).state == "warn"
    xiaoman(community, Role.MANAGER)
    assert looks.team(community).state == "ok"


def test_administrators_have_a_second_factor():
    community = village(events=even_weeks(1))
    admin = xiaoman(community)

    assert looks.second_factor(community).state == "warn"
    Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
    assert looks.second_factor(community).state == "ok"


def test_data_go_stale_after_a_week():
    community = village()
    actions.refresh(community)

    assert looks.freshness(community).state == "ok"
    with clock.hold(TUESDAY + dt.timedelta(days=8)):
        assert dict(looks.freshness(community).facts)["n"] == 10


@pytest.mark.parametrize(
    ("state", "rows", "rejected", "expected"),
    [("failed", 0, 0, "bad"), ("done", 100, 10, "warn"), ("done", 100, 1, "ok"), ("reading", 0, 0, "ok")],
)
def test_the_last_import_went_well(state, rows, rejected, expected):
    community = village(events=even_weeks(1))
    Import.objects.create(community=community, name="x", state=state, rows=rows, rejected=rejected, created_at=clock.now())

    assert looks.imports(community).state == expected


def test_a_question_that_waits_for_three_days_is_told():
    community = village()
    actions.refresh(community)
    assert looks.questions(community).state == "ok"

    with clock.hold(TUESDAY + dt.timedelta(days=2)):
        actions.refresh(community)
        assert dict(looks.questions(community).facts)["n"] == 1


def test_our_own_people_are_marked():
    assert looks.staff(village()).state == "ok"
    assert looks.staff(history([said("甲", "2026-03-10 20:00")])).state == "warn"


def test_suggestions_want_a_decision_and_to_be_done_in_time():
    community = village()
    actions.build(community)

    assert looks.undecided(community).state == "warn"
    assert looks.overdue(community).state == "ok"
    for row in Suggestion.objects.all():
        actions.accept(row)
    assert looks.undecided(community).state == "ok"
    with clock.hold(TUESDAY + dt.timedelta(days=30)):
        assert looks.overdue(community).state == "bad"
