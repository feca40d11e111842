"""When two identities may be one person."""

import pytest

from juluo.record.people.rules import Trace, bare, folded, likenesses


@pytest.mark.parametrize(
    ("name", "core"), [("Shu_Tree", "shutree"), ("Ｓｈｕ", "shu"), ("阿树（已婚）", "阿树"), ("  阿 树 ", "阿树"), ("🌳", "")]
)
def test_a_name_is_folded_to_what_identifies(name, core):
    assert folded(name) == core


@pytest.mark.parametrize("nick", ["shu", "shu_", "shu|away", "shu_afk", "shu2", "Shu__", "shu-phone"])
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
