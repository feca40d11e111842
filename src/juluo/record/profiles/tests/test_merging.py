"""What is known goes with members when two become one, and comes back."""

import pytest

from juluo.record.people.actions import merge, part
from juluo.record.profiles.actions import ensure_tag, grant, revoke, write_note
from juluo.record.profiles.queries import current_values, grants_of, notes_of

from .world import Source, in_lake, member, number, tagged_in_lake, tell, village, with_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return with_city(village())


def city(one):
    return current_values(one.community, "city", [one.pk]).get(one.pk)


def held(one):
    return [g.tag.path for g in grants_of(one)]


def test_the_best_value_of_both_counts_and_each_gets_its_own_back(community):
    tell(community, "阿树", "city", "北京", Source.IMPORT)
    tell(community, "小满", "city", "上海", Source.SURVEY)
    tree, man = member(community, "阿树"), member(community, "小满")

    record = merge(tree, man)
    assert city(tree) == "上海"
    assert in_lake(community) == [("阿树", "city", "上海", None, None)]

    back = part(record)
    assert (city(tree), city(back)) == ("北京", "上海")
    assert sorted(row[2] for row in in_lake(community)) == ["上海", "北京"]


def test_what_was_learnt_of_the_one_they_were_stays_with_the_first(community):
    tell(community, "小满", "city", "上海", Source.IMPORT)
    tree = member(community, "阿树")
    record = merge(tree, member(community, "小满"))
    tell(community, "阿树", "city", "杭州")

    back = part(record)

    assert (city(tree), city(back)) == ("杭州", "上海")


def test_tags_of_both_are_held_once_and_each_gets_its_own_back(community):
    both, hers = ensure_tag(community, "老客户"), ensure_tag(community, "爱好/咖啡")
    grant(both, [number(community, "阿树"), number(community, "小满")])
    grant(hers, [number(community, "小满")])
    tree, man = member(community, "阿树"), member(community, "小满")

    record = merge(tree, man)
    assert sorted(held(tree)) == ["爱好/咖啡", "老客户"]
    assert tagged_in_lake(community) == ["阿树", "阿树"]

    back = part(record)
    assert held(tree) == ["老客户"]
    assert sorted(held(back)) == ["爱好/咖啡", "老客户"]
    assert tagged_in_lake(community) == ["小满", "小满", "阿树"]


def test_a_tag_taken_from_the_one_they_were_does_not_come_back(community):
    tag = ensure_tag(community, "老客户")
    grant(tag, [number(community, "阿树"), number(community, "小满")])
    tree = member(community, "阿树")
    record = merge(tree, member(community, "小满"))

    revoke(tag, [tree.pk])

    assert held(part(record)) == held(tree) == []


def test_notes_go_along_and_come_back(community):
    man = member(community, "小满")
    write_note(community, "想学拉花", member=man)
    tree = member(community, "阿树")

    record = merge(tree, man)
    assert [n.text for n in notes_of(tree)] == ["想学拉花"]

    back = part(record)
    assert [n.text for n in notes_of(back)] == ["想学拉花"]
    assert not notes_of(tree)
