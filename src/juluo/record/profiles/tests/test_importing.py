"""Tables that tell of members: columns become attributes, cells become tags, nobody is made up."""

import pytest

from juluo.record.connectors.types import Person
from juluo.record.imports.actions import answer, hand_over, look, run
from juluo.record.people.models import Member
from juluo.record.profiles.actions import create_attribute, take_profiles
from juluo.record.profiles.models import Attribute, Grant, Value
from juluo.record.profiles.queries import current_values, grants_of
from tests.cast import SOURCE

from .world import ValueKind, member, number, village, with_city

pytestmark = pytest.mark.django_db

LIST = """客户名称,添加时间,城市,会员积分,标签
阿树,2026-03-01 10:00,上海,120,"爱好/咖啡;老客户"
小满,2026-03-01 11:00,,80,老客户、VIP
没这个人,2026-03-01 12:00,北京,1,老客户
"""


def brought_in(community, folder, text, name="members.csv", **answers):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    imported = hand_over(community, file)
    look(imported)
    if answers:
        answer(imported, answers)
    return run(imported)


def city(community, name):
    return current_values(community, "city", [number(community, name)]).get(number(community, name))


def test_a_list_of_members_fills_attributes_and_tags_of_those_who_are_there(tmp_path):
    community = with_city(village())

    imported = brought_in(community, tmp_path, LIST, columns={"sender": "客户名称", "tags": "标签", "attributes": ["城市", "会员积分"]})

    assert city(community, "阿树") == "上海"
    assert [g.tag.path for g in grants_of(member(community, "阿树"))] == ["爱好/咖啡", "老客户"]
    assert [g.tag.path for g in grants_of(member(community, "小满"))] == ["VIP", "老客户"]
    assert (Grant.objects.first().source, Value.objects.first().source) == ("import", "import")
    assert Member.objects.filter(community=community).count() == 4
    assert [(r.line, r.reason, r.excerpt) for r in imported.rejected_rows.all()] == [(4, "unknown_member", "没这个人")]


def test_a_column_of_nobodys_becomes_an_attribute_of_the_kind_of_its_values(tmp_path):
    community = village()

    brought_in(community, tmp_path, LIST, columns={"sender": "客户名称", "attributes": ["城市", "会员积分", "添加时间"]})

    assert dict(Attribute.objects.values_list("name", "kind")) == {"城市": "text", "会员积分": "number", "添加时间": "date"}


def test_bringing_the_same_list_in_again_changes_nothing(tmp_path):
    community = with_city(village())
    columns = {"sender": "客户名称", "tags": "标签", "attributes": ["城市"]}
    brought_in(community, tmp_path, LIST, columns=columns)
    before = Value.objects.count(), Grant.objects.count()

    brought_in(community, tmp_path, LIST, columns=columns)

    assert (Value.objects.count(), Grant.objects.count()) == before


def test_a_list_with_tags_and_no_words_is_no_chat(tmp_path):
    community = village()
    (tmp_path / "members.csv").write_text(LIST, encoding="utf-8")
    imported = hand_over(community, tmp_path / "members.csv")

    plan = look(imported)

    [question] = [q for q in plan.questions if q.kind == "columns"]
    assert question.default["sender"] == "客户名称"
    assert question.default["tags"] == "标签"
    assert "城市" in question.default["attributes"]
    assert imported.state == "asking"


def test_a_table_of_messages_may_tell_of_members_as_well(tmp_path):
    community = with_city(village())
    text = "时间,昵称,内容,城市\n2026-03-08 09:00,新来的,大家好啊各位,苏州\n2026-03-08 09:01,新来的,我是做设计的,\n"

    brought_in(community, tmp_path, text, columns={"time": "时间", "sender": "昵称", "text": "内容", "attributes": ["城市"]})

    assert city(community, "新来的") == "苏州"
    assert member(community, "新来的").messages == 2


def test_a_value_that_does_not_fit_is_reported_and_the_rest_is_kept(tmp_path):
    community = with_city(village())
    create_attribute(community, "points", "会员积分", kind=ValueKind.NUMBER)

    imported = brought_in(
        community, tmp_path, "客户名称,城市,会员积分\n阿树,上海,很多\n", columns={"sender": "客户名称", "attributes": ["城市", "会员积分"]}
    )

    assert city(community, "阿树") == "上海"
    assert [(r.line, r.reason) for r in imported.rejected_rows.all()] == [(2, "bad_value")]


def test_a_name_of_two_members_decides_nothing_and_an_account_does(tmp_path):
    community = with_city(village())
    Member.objects.filter(name="小满").update(name="阿树")

    imported = brought_in(
        community,
        tmp_path,
        "客户名称,账号,城市\n阿树,,上海\n阿树,小满,杭州\n",
        columns={"sender": "客户名称", "sender_id": "账号", "attributes": ["城市"]},
    )

    assert [v.text for v in Value.objects.all()] == ["杭州"]
    assert [r.line for r in imported.rejected_rows.all()] == [2]


def test_what_a_platform_tells_is_kept_where_there_is_an_attribute_for_it():
    community = with_city(village())
    told = Person(source=SOURCE, external_id="阿树", name="阿树", attributes={"city": "上海", "email": "a@juluo.invalid"})

    taken = take_profiles(community, [], [told])

    assert taken.values == 1
    assert city(community, "阿树") == "上海"
    assert list(Attribute.objects.values_list("code", flat=True)) == ["city"]
