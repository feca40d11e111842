"""The tag tree, and who holds which tag and why."""

import pytest

from juluo.ground.audit.models import Entry
from juluo.record.lake.queries import ask
from juluo.record.profiles.actions import (
    create_tag,
    ensure_tag,
    grant,
    grant_paths,
    merge_tags,
    move,
    redefine,
    remove_tag,
    rename,
    revoke,
    set_holders,
)
from juluo.record.profiles.errors import NameTaken, NotBelowItself, RuleRefused, TagComputed, TooDeep
from juluo.record.profiles.models import Grant, Tag
from juluo.record.profiles.queries import branch, grants_of, past_grants_of, tag_at, tree
from juluo.record.profiles.registry import Follower, RuleReader, followers, rule_readers
from juluo.record.profiles.tables import TAGS
from juluo.record.profiles.types import Holding, Source, TagKind
from tests.cast import xiaoman

from .world import member, number, tagged_in_lake, village

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return village()


def paths(community):
    return sorted(Tag.objects.filter(community=community).values_list("path", flat=True))


def held(community, name):
    return [g.tag.path for g in grants_of(member(community, name))]


def test_a_path_makes_the_branch_that_is_missing_and_only_once(community):
    ensure_tag(community, "爱好/咖啡/手冲")
    ensure_tag(community, "爱好 > 咖啡")

    assert paths(community) == ["爱好", "爱好/咖啡", "爱好/咖啡/手冲"]


def test_a_grant_says_who_gave_it_when_from_where_and_why(community):
    tag, by = ensure_tag(community, "老客户"), xiaoman(community)

    grant(tag, [number(community, "阿树")], by=by, reason="线下见过")

    [one] = grants_of(member(community, "阿树"))
    assert (one.tag, one.by, one.source, one.reason) == (tag, by, "operator", "线下见过")


def test_granting_again_changes_nothing_and_leaves_no_note(community):
    tag = ensure_tag(community, "老客户")
    grant(tag, [number(community, "阿树")])
    notes = Entry.objects.count()

    assert grant(tag, [number(community, "阿树")]) == 0
    assert Entry.objects.count() == notes


def test_what_was_taken_stays_in_the_history_and_can_be_given_again(community):
    tag, who = ensure_tag(community, "老客户"), number(community, "阿树")
    grant(tag, [who])

    assert revoke(tag, [who], by=xiaoman(community), reason="认错人了") == 1
    assert revoke(tag, [who]) == 0

    [past] = past_grants_of(member(community, "阿树"))
    assert (past.ended_reason, past.ended_by) == ("认错人了", xiaoman(community))
    assert grant(tag, [who]) == 1
    assert held(community, "阿树") == ["老客户"]


def test_members_of_other_communities_are_left_out(community):
    stranger = number(village("隔壁"), "阿树")

    assert grant(ensure_tag(community, "老客户"), [stranger, 0]) == 0


@pytest.mark.usefixtures("each_lake")
def test_the_lake_knows_who_is_anywhere_in_a_branch(community):
    coffee, hobby = ensure_tag(community, "爱好/咖啡"), tag_at(community, "爱好")
    grant(coffee, [number(community, "阿树"), number(community, "小满")])
    grant(hobby, [number(community, "小满"), number(community, "老白")])

    [root] = tree(community)
    assert (root.own, root.within, root.children[0].within) == (2, 3, 2)
    assert sorted(branch(hobby)) == sorted([hobby.pk, coffee.pk])
    assert ask(community.pk, TAGS.select("tag").distinct()).num_rows == 2

    revoke(coffee, [number(community, "阿树")])
    assert tagged_in_lake(community) == ["小满", "小满", "老白"]


def test_renaming_takes_the_branch_along(community):
    ensure_tag(community, "爱好/咖啡/手冲")
    ensure_tag(community, "爱好2/茶")

    rename(tag_at(community, "爱好"), "兴趣")

    assert paths(community) == ["兴趣", "兴趣/咖啡", "兴趣/咖啡/手冲", "爱好2", "爱好2/茶"]


def test_names_that_differ_by_case_are_two_tags(community):
    ensure_tag(community, "tea/green")
    ensure_tag(community, "Tea/black")

    rename(tag_at(community, "tea"), "茶")

    assert paths(community) == ["Tea", "Tea/black", "茶", "茶/green"]


def test_a_tag_moves_with_what_is_below_it_to_its_place_among_the_others(community):
    coffee = ensure_tag(community, "饮品/咖啡/手冲").parent
    tea = ensure_tag(community, "爱好/茶")

    move(coffee, tag_at(community, "爱好"), before=tea)

    assert "爱好/咖啡/手冲" in paths(community)
    assert [t.name for t in tag_at(community, "爱好").children.all()] == ["咖啡", "茶"]


def test_a_tag_cannot_be_put_below_itself_nor_too_deep_nor_onto_another(community):
    deep = ensure_tag(community, "a/b/c/d")
    ensure_tag(community, "x/y")
    ensure_tag(community, "y")

    with pytest.raises(NotBelowItself):
        move(tag_at(community, "a"), deep)
    with pytest.raises(TooDeep):
        move(tag_at(community, "x"), deep)
    with pytest.raises(NameTaken):
        move(tag_at(community, "y"), tag_at(community, "x"))
    assert paths(community) == ["a", "a/b", "a/b/c", "a/b/c/d", "x", "x/y", "y"]


def test_merging_keeps_every_holder_once_and_pours_the_branches_together(community):
    one, two = ensure_tag(community, "咖啡/手冲"), ensure_tag(community, "Coffee/手冲")
    ensure_tag(community, "Coffee/拼配")
    grant(one, [number(community, "阿树")])
    grant(two, [number(community, "阿树"), number(community, "小满")])

    merge_tags(tag_at(community, "咖啡"), tag_at(community, "Coffee"))

    assert paths(community) == ["咖啡", "咖啡/手冲", "咖啡/拼配"]
    assert held(community, "阿树") == held(community, "小满") == ["咖啡/手冲"]
    assert tagged_in_lake(community) == ["小满", "阿树"]


def test_removing_takes_the_branch_and_its_grants(community):
    tag = ensure_tag(community, "爱好/咖啡")
    grant(tag, [number(community, "阿树")])

    assert remove_tag(tag_at(community, "爱好")) == 1
    assert paths(community) == []
    assert tagged_in_lake(community) == []


def test_tags_of_a_file_are_granted_by_their_paths_but_not_where_a_rule_decides(community):
    create_tag(community, "爱喝茶", kind=TagKind.TEXT, words=["龙井"])
    who = [number(community, "阿树")]

    assert grant_paths(community, {"爱好/咖啡": who, "爱喝茶": who}, source=Source.IMPORT) == (1, ["爱喝茶"])
    assert held(community, "阿树") == ["爱好/咖啡"]


def test_nobody_gives_or_takes_a_tag_that_is_computed(community):
    tag = create_tag(community, "爱喝茶", kind=TagKind.TEXT, words=["龙井"])

    with pytest.raises(TagComputed):
        grant(tag, [number(community, "阿树")])
    with pytest.raises(TagComputed):
        revoke(tag, [number(community, "阿树")])


def test_a_computed_tag_is_held_by_exactly_those_it_was_computed_for(community):
    tag = create_tag(community, "爱喝茶", kind=TagKind.TEXT, words=["龙井"])
    tree_, man, white = (number(community, name) for name in ("阿树", "小满", "老白"))
    set_holders(tag, [Holding(tree_, {"count": 1}), Holding(man, {"count": 1})], computed_from="7")

    assert set_holders(tag, [Holding(man, {"count": 2}), Holding(white)], computed_from="8") == (1, 1)

    assert tagged_in_lake(community) == ["小满", "老白"]
    assert Grant.objects.get(member=man).facts == {"count": 2}
    assert Tag.objects.get().computed_from == "8"
    assert [g.tag for g in past_grants_of(member(community, "阿树"))] == [tag]


def test_a_rule_is_checked_by_who_reads_rules(community, monkeypatch):
    monkeypatch.setattr(rule_readers, "_things", {})
    with pytest.raises(RuleRefused):
        create_tag(community, "活跃咖啡客", kind=TagKind.RULE, rule="tier >= active")

    reader = RuleReader("test", lambda c, rule: "" if rule == "messages(30d) >= 3" else "看不懂", lambda tag: None)
    monkeypatch.setattr(rule_readers, "_things", {"test": reader})

    with pytest.raises(RuleRefused, match="看不懂"):
        create_tag(community, "活跃咖啡客", kind=TagKind.RULE, rule="nonsense")
    tag = create_tag(community, "活跃咖啡客", kind=TagKind.RULE, rule=" messages(30d) >= 3 ")
    assert tag.rule == "messages(30d) >= 3"


def test_a_computed_tag_made_manual_keeps_its_members(community):
    tag = create_tag(community, "爱喝茶", kind=TagKind.TEXT, words=["龙井"])
    set_holders(tag, [Holding(number(community, "阿树"))])

    redefine(tag, TagKind.MANUAL)

    assert held(community, "阿树") == ["爱喝茶"]
    assert grant(tag, [number(community, "小满")]) == 1
    assert set_holders(tag, []) == (0, 0)


def test_who_names_tags_by_path_is_told_when_paths_change(community, monkeypatch):
    told: dict[str, str | None] = {}
    monkeypatch.setattr(followers, "_things", {"test": Follower("test", lambda c, paths: told.update(paths))})
    ensure_tag(community, "爱好/咖啡")
    ensure_tag(community, "喜好/咖啡")

    rename(tag_at(community, "爱好"), "兴趣")
    assert told == {"爱好": "兴趣", "爱好/咖啡": "兴趣/咖啡"}

    told.clear()
    merge_tags(tag_at(community, "兴趣"), tag_at(community, "喜好"))
    assert told == {"喜好": "兴趣", "喜好/咖啡": "兴趣/咖啡"}

    told.clear()
    remove_tag(tag_at(community, "兴趣"))
    assert told == {"兴趣": None, "兴趣/咖啡": None}
