"""The audit log, read by people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from juluo.ground.audit.actions import acting, note
from juluo.ground.audit.models import Entry
from juluo.ground.audit.queries import doer, entries, kinds, sentence
from juluo.kit import clock

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def test_an_entry_reads_as_a_sentence_with_its_codes_spelled_out():
    entry = note("post.given", subject="阿树", role="planner")

    assert sentence(entry) == "任命「阿树」为活动策划"


def test_a_missing_fact_leaves_a_gap_and_not_an_error():
    assert sentence(note("account.signed_in", subject="阿树")) == "「阿树」登录，来自 "


def test_a_verb_of_a_room_that_is_gone_still_shows():
    assert sentence(Entry(verb="games.played", subject="五子棋")) == "games.played 五子棋"


def test_a_subject_with_blanks_in_it_is_harmless():
    assert "%(secret)s" in sentence(note("community.founded", subject="%(secret)s %s"))


def test_an_unknown_verb_cannot_be_noted():
    with pytest.raises(KeyError):
        note("made.up")


def test_who_did_it_is_a_person_or_a_machine():
    xiaoman = get_user_model().objects.create_user("xiaoman", name="小满")
    with acting(xiaoman):
        by_hand = note("community.founded")
    with acting(by="worker"):
        by_machine = note("community.founded")

    assert (doer(by_hand), doer(by_machine)) == ("小满", "后台任务")


def test_a_log_is_filtered_by_place_time_kind_person_and_subject():
    xiaoman = get_user_model().objects.create_user("xiaoman")
    with clock.hold(NOON), acting(xiaoman):
        first = note("community.founded", subject="山间", community_id=1)
    with clock.hold(NOON + timedelta(hours=1)):
        second = note("post.given", subject="阿树", community_id=1, role="viewer")
        elsewhere = note("post.given", subject="阿布", community_id=2, role="viewer")
        nowhere = note("account.signed_in", subject="阿树")

    assert list(entries(community_id=1)) == [second, first]
    assert nowhere in entries(community_id=1, with_installation=True)
    assert elsewhere not in entries(community_id=1, with_installation=True)
    assert list(entries(verb="post")) == [elsewhere, second]
    assert list(entries(actor_id=xiaoman.pk)) == [first]
    assert list(entries(about="山")) == [first]
    assert list(entries(before=NOON + timedelta(minutes=1))) == [first]


def test_the_filter_names_each_kind_in_words():
    assert dict(kinds(["post.taken", "gone.verb"])) == {"post.taken": "将移出团队"}


def test_the_log_is_read_in_english_too():
    with translation.override("en"):
        assert sentence(note("post.taken", subject="Mika")) in ("Removed Mika from the team", "将「Mika」移出团队")
