"""When two identities may be one person."""

from datetime import date

import pytest

from juluo.record.connectors.adapters.sandbox.tests.worlds import SAMPLE, days_of, people, truth_of
from juluo.record.connectors.types import PersonKind
from juluo.record.people.rules import Trace, bare, folded, likenesses


@pytest.mark.parametrize(
    ("name", "core"), [("Shu_Tree", "shutree"), ("Ｓｈｕ", "shu"), ("阿树（已婚）", "阿树"), ("  阿 树 ", "阿树"), ("🌳", "")]
)
def test_a_name_is_folded_to_what_identifies(name, core):
    assert folded(name) == core


@pytest.mark.parametrize("nick", ["shu", "shu_", "shu|away", "shu_afk", "shu2", "Shu__", "shu-phone", "shu小号", "shu（新号）", "shu2号"])
def test_what_hangs_on_a_nick_for_a_while_is_taken_off(nick):
    assert bare(nick) == "shu"


def test_one_address_on_two_platforms_is_strong_evidence():
    pairs = likenesses(
        [Trace(1, 10, "slack", "阿树", attributes={"email": "Shu@x.org"}), Trace(2, 20, "mbox", "Tree", attributes={"email": "shu@x.org"})]
    )

    assert [(p.a, p.b, p.reasons) for p in pairs] == [(10, 20, (("same_email", "shu@x.org"),))]
    assert pairs[0].score == 0.95


def test_a_former_name_leads_to_its_bearer():
    pairs = likenesses([Trace(1, 10, "irc", "shu-tree", aliases=("sapling",)), Trace(2, 20, "irc", "sapling")])

    assert [dict(p.reasons) for p in pairs] == [{"renamed": "sapling"}]


def test_evidence_adds_up():
    one = Trace(1, 10, "irc", "sapling", attributes={"email": "a@x.org"})
    two = Trace(2, 20, "slack", "Sapling", attributes={"email": "a@x.org"})

    assert likenesses([one, two])[0].score == pytest.approx(1 - 0.05 * 0.4)


def test_a_name_that_many_bear_proves_nothing():
    assert likenesses([Trace(n, n, "qq", "小王") for n in range(20)]) == []


def test_identities_of_one_member_are_not_suggested():
    assert likenesses([Trace(1, 10, "irc", "sapling"), Trace(2, 10, "slack", "sapling")]) == []


def test_short_latin_names_are_not_enough():
    assert likenesses([Trace(1, 10, "irc", "jo"), Trace(2, 20, "slack", "jo")]) == []


def of_one_platform(first, second, **more):
    one = Trace(1, 10, "qq", first, external_id="u1", first_on=date(2026, 1, 1), last_on=date(2026, 3, 1))
    return likenesses([one, Trace(2, 20, "qq", second, external_id="u2", **more)])


def test_a_platform_that_told_two_apart_is_believed_when_only_their_names_are_alike():
    assert of_one_platform("山那边有云", "山那边有云_", first_on=date(2026, 2, 1), last_on=date(2026, 4, 1)) == []


def test_who_calls_themselves_a_second_account_is_suggested():
    (pair,) = of_one_platform("胖豆包", "胖豆包小号")

    assert dict(pair.reasons) == {"near_name": "胖豆包", "second_account": ""}


def test_who_comes_when_a_namesake_is_seen_no_more_is_suggested():
    (pair,) = of_one_platform("老芝麻", "老芝麻_", first_on=date(2026, 3, 3), last_on=date(2026, 6, 1))

    assert set(dict(pair.reasons)) == {"same_name", "handed_over"}


def test_a_newcomer_beside_a_namesake_who_was_just_seen_is_somebody_else():
    assert of_one_platform("老芝麻", "老芝麻_", first_on=date(2026, 2, 27), last_on=date(2026, 3, 2)) == []


def test_namesakes_of_other_signs_or_cities_are_other_people():
    came_after = {"first_on": date(2026, 3, 3), "last_on": date(2026, 6, 1)}

    assert of_one_platform("鹿角🐶", "鹿角🍊", **came_after) == []
    assert of_one_platform("鹿角", "鹿角", **came_after)
    one = Trace(1, 10, "qq", "鹿角", (), {"city": "杭州"}, "u1", date(2026, 1, 1), date(2026, 3, 1))
    two = Trace(2, 20, "qq", "鹿角_", (), {"city": "昆明"}, "u2", date(2026, 3, 3), date(2026, 6, 1))
    assert likenesses([one, two]) == []


def test_of_the_second_accounts_of_the_sample_most_are_found_and_little_else():
    """Nicknames there are more alike than anywhere, and all are of one platform: 9 of 13 were found, among 10 suggestions."""
    members = [person for person in people(SAMPLE).values() if person.kind == PersonKind.PERSON]
    numbers = {person.external_id: number for number, person in enumerate(members)}
    seen = {person.external_id: days_of(SAMPLE)[person.external_id] for person in members}
    traces = [
        Trace(n, n, p.source, p.name, p.aliases, p.attributes, p.external_id, min(seen[p.external_id]), max(seen[p.external_id]))
        for n, p in enumerate(members)
    ]
    known = {tuple(sorted((numbers[one], numbers[two]))) for one, two in truth_of(SAMPLE).duplicates}

    suggested = [(pair.a, pair.b) for pair in likenesses(traces)]

    true = known & set(suggested)
    assert len(true) / len(known) > 0.6
    assert len(true) / len(suggested) > 0.8
    assert set(suggested[:6]) <= known
