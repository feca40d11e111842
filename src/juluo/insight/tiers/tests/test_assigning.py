"""Assigning, and what operators decide."""

import datetime as dt
from dataclasses import replace

import pytest

from juluo.ground.audit.models import Entry
from juluo.insight.tiers.actions import assign, change_rules, plan_effort, say
from juluo.insight.tiers.errors import BadPlan, BadRules, NotACandidate
from juluo.insight.tiers.models import Rules, Standing
from juluo.insight.tiers.queries import as_of, person_of, rules_of, waiting
from juluo.insight.tiers.tables import TIER_DUE, TIER_MOVES, TIER_NEAR
from juluo.insight.tiers.types import Line, Rulebook, Tier, Word
from juluo.kit import clock
from juluo.record.lake.queries import ask, dimension_revision
from juluo.record.people.actions import merge
from juluo.record.people.models import Member
from tests.cast import history, said

from .village import LAST, LOWER, NOW, held, member, talk, village

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    with held():
        yield


@pytest.fixture
def community(now):
    made = village()
    assign(made)
    return made


def tiers(community) -> dict[str, int]:
    return dict(Standing.objects.filter(community=community).values_list("member__name", "tier"))


def moves(community) -> list[tuple]:
    rows = [ask(community.pk, table).to_pylist() for table in (TIER_MOVES, TIER_DUE)]
    return sorted((r["member"], r["day"], r["tier"], r["before"], r["cause"]) for part in rows for r in part)


def test_everybody_stands_where_their_deeds_put_them(each_lake, community):
    assert as_of(community) == LAST
    assert tiers(community) == {"阿树": 3, "石头": 3, "青禾": 2, "老白": 1}


def test_repeating_changes_nothing(community):
    before = dimension_revision(community.pk, "tier_moves", "tier_due", "tier_near")

    assert assign(community).how == "nothing"
    assert dimension_revision(community.pk, "tier_moves", "tier_due", "tier_near") == before


def test_working_everything_out_anew_says_the_same(community):
    before = moves(community)

    assert assign(community, whole=True).how == "whole"
    assert moves(community) == before


def test_the_history_of_a_member_is_kept_with_reasons(community):
    rows = [row for row in moves(community) if row[0] == member(community, "老白").pk and row[1] <= LAST]

    assert [(tier, cause) for _, _, tier, _, cause in rows][:2] == [(1, "rose"), (2, "rose")]
    assert rows[-1][2:] == (1, 0, "rose")


def test_koc_is_confirmed_by_a_person_and_only_from_the_core(community):
    assert person_of(member(community, "阿树")).is_candidate
    assert not person_of(member(community, "石头")).is_candidate

    assert say(member(community, "阿树"), Word.CONFIRMED, because="天天帮新人")
    assert not say(member(community, "阿树"), Word.CONFIRMED)
    with pytest.raises(NotACandidate):
        say(member(community, "老白"), Word.CONFIRMED)

    assert tiers(community)["阿树"] == Tier.KOC
    assert Entry.objects.filter(verb="tiers.koc_confirmed").count() == 1


def test_what_was_said_of_koc_outlives_working_everything_out_anew(community):
    say(member(community, "阿树"), Word.CONFIRMED)
    before = moves(community)

    assign(community, whole=True)

    assert moves(community) == before


def test_a_koc_who_goes_on_talking_stays_koc(community):
    say(member(community, "阿树"), Word.CONFIRMED)
    before = moves(community)
    history([said("阿树", "2026-06-30 23:00"), said("石头", "2026-06-30 23:10")], into=community)

    assert assign(community).how == "fresh"

    assert tiers(community)["阿树"] == Tier.KOC
    assert [row[:3] for row in moves(community) if row[1] <= LAST] == [row[:3] for row in before if row[1] <= LAST]


def test_a_koc_can_be_released(community):
    say(member(community, "阿树"), Word.CONFIRMED)

    say(member(community, "阿树"), Word.RELEASED)

    assert tiers(community)["阿树"] == Tier.CORE


def test_who_was_declined_no_longer_waits(community):
    say(member(community, "阿树"), Word.DECLINED)

    assert not person_of(member(community, "阿树")).is_candidate
    assert tiers(community)["阿树"] == Tier.CORE


def test_a_koc_who_fell_and_came_back_waits_to_be_confirmed_anew(now):
    first = [said("阿树", "2026-01-01 09:00", key="first"), said("老白", f"{LAST} 10:00")]
    community = history([*first, *talk("阿树", 1, 175, 115)])
    with clock.hold(NOW - dt.timedelta(days=114)):
        assign(community)
        assert say(member(community, "阿树"), Word.CONFIRMED)
        assert tiers(community)["阿树"] == Tier.KOC

    history(talk("阿树", 1, 68), into=community)
    assign(community)

    assert (Tier.ACTIVE, Tier.KOC, "fell") in [row[2:] for row in moves(community) if row[1] <= LAST]
    assert tiers(community)["阿树"] == Tier.CORE
    assert person_of(member(community, "阿树")).was_koc
    assert [one.name for one, _ in waiting(community)] == ["阿树"]

    assert say(member(community, "阿树"), Word.CONFIRMED)
    assert not say(member(community, "阿树"), Word.CONFIRMED)
    assert tiers(community)["阿树"] == Tier.KOC
    assert not waiting(community)


def test_other_lines_move_people_and_leave_a_version(community):
    assert change_rules(community, LOWER, because="核心太少")
    assert not change_rules(community, LOWER)
    with pytest.raises(BadRules):
        change_rules(community, replace(Rulebook(), watching=Line()))

    assert assign(community).how == "whole"
    assert tiers(community)["青禾"] == Tier.CORE
    assert rules_of(community) == (Rules.objects.get().pk, LOWER)
    assert Entry.objects.filter(verb="tiers.rules_changed").count() == 1


def test_merging_two_members_adds_up_what_they_did(community):
    merge(member(community, "青禾"), member(community, "石头"))

    assert assign(community).how == "whole"

    assert tiers(community)["青禾"] == Tier.CORE
    assert {row[0] for row in moves(community)} <= set(Member.objects.filter(community=community).values_list("pk", flat=True))


def test_nobody_is_asked_for_replies_where_none_are_marked(now):
    events = [said("阿树", f"{LAST - dt.timedelta(days=ago)} 10:{n:02}") for ago in range(120) for n in range(2)]
    community = history(events)

    assign(community)

    assert tiers(community) == {"阿树": Tier.CORE}


def test_reasons_name_what_was_done_and_what_is_missing(community):
    person = person_of(member(community, "青禾"))

    assert (person.tier, person.have.active_days) == (Tier.ACTIVE, 5)  # the 0th, 6th, …, 24th day before the end
    assert person.step.tier is Tier.CORE


def test_who_is_near_is_kept_with_what_is_missing(community):
    near = {row["member"]: row for row in ask(community.pk, TIER_NEAR).to_pylist()}

    assert set(near) == {member(community, "老白").pk}
    assert (near[member(community, "老白").pk]["acts"], near[member(community, "老白").pk]["active_days"]) == (3, 3)


def test_the_plan_of_effort_is_a_whole(community):
    plan_effort(community, [0, 10, 20, 40, 30])
    with pytest.raises(BadPlan):
        plan_effort(community, [0, 10, 20, 40, 31])


def test_a_community_without_history_has_no_tiers(now):
    empty = history()

    assert assign(empty).how == "nothing"
    assert as_of(empty) is None
