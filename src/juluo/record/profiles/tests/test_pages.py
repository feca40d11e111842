"""The pages of tags, attributes and notes, and what a member's page shows of them."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from juluo.ground.accounts.types import Role
from juluo.record.profiles.actions import create_attribute, create_tag, ensure_tag, grant, set_holders, write_note
from juluo.record.profiles.models import Attribute, Grant, Note, Tag, Value
from juluo.record.profiles.queries import grants_of
from juluo.record.profiles.types import Holding, Source, TagKind, ValueKind
from tests.cast import xiaoman

from .world import member, number, tell, village, with_city

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def community(client):
    community = with_city(village())
    client.force_login(xiaoman(community))
    return community


@pytest.fixture
def viewer(client, community):
    client.logout()
    client.force_login(xiaoman(community, Role.VIEWER))
    return client


def url(community, name, *args):
    return reverse(f"profiles:{name}", args=[community.slug, *args])


def body(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def held(community, name):
    return sorted(g.tag.path for g in grants_of(member(community, name)))


def sheet(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


# -- tags --------------------------------------------------------------------------------------------------------


def test_the_tree_counts_each_tag_and_its_branch(client, community):
    grant(ensure_tag(community, "爱好/咖啡"), [number(community, "阿树")])
    grant(ensure_tag(community, "爱好"), [number(community, "小满")])

    page = body(client.get(url(community, "tags")))

    assert "咖啡" in page
    assert "（2）" in page


def test_a_tag_is_made_by_the_form_and_a_refusal_is_told_there(client, community):
    said = {"name": "老客户", "kind": "manual", "colour": "3", "about": "买过两次"}

    assert client.post(url(community, "new-tag"), said).status_code == 302
    tag = Tag.objects.get()
    assert (tag.path, tag.colour, tag.note) == ("老客户", 3, "买过两次")

    again = client.post(url(community, "new-tag"), said)
    assert again.status_code == 422
    assert "已经有了" in again.content.decode()


def test_a_text_tag_is_computed_at_once(client, community):
    client.post(url(community, "new-tag"), {"name": "有礼貌", "kind": "text", "words": "你好", "least": "1", "days": "0"})

    assert Grant.objects.filter(tag__name="有礼貌", ended_at=None).count() == 4
    assert "说到 1 次" in body(client.get(url(community, "tag", Tag.objects.get().pk)))


def test_one_form_renames_moves_and_colours(client, community):
    tag, hobby = ensure_tag(community, "咖啡"), ensure_tag(community, "爱好")

    client.post(url(community, "save-tag", tag.pk), {"name": "手冲", "parent": hobby.pk, "kind": "manual", "colour": "1", "about": ""})

    tag.refresh_from_db()
    assert (tag.path, tag.colour) == ("爱好/手冲", 1)


def test_a_tag_is_dropped_below_another(client, community):
    tag, hobby = ensure_tag(community, "咖啡"), ensure_tag(community, "爱好")

    answer = client.post(url(community, "move-tag", tag.pk), {"parent": hobby.pk, "before": ""}, headers=HTMX)

    assert 'id="tag-tree"' in body(answer)
    assert Tag.objects.filter(path="爱好/咖啡").exists()


def test_pasted_names_are_given_the_tag_and_the_others_are_named(client, community):
    tag = ensure_tag(community, "老客户")

    answer = client.post(url(community, "grant-tag", tag.pk), {"lines": "阿树，小满\n没这个人", "reason": "线下见过"}, follow=True)

    assert held(community, "阿树") == held(community, "小满") == ["老客户"]
    page = answer.content.decode()
    assert "给 2 位成员加上了标签。" in page
    assert "没有找到：没这个人" in page
    assert "线下见过" in page


def test_the_tag_is_taken_from_those_ticked(client, community):
    tag = ensure_tag(community, "老客户")
    grant(tag, [number(community, "阿树"), number(community, "小满")])

    client.post(url(community, "revoke-tag", tag.pk), {"scope": "chosen", "member": [number(community, "阿树")]})

    assert (held(community, "阿树"), held(community, "小满")) == ([], ["老客户"])


def test_who_holds_a_tag_and_why_comes_as_excel(client, community):
    tag = ensure_tag(community, "老客户")
    grant(tag, [number(community, "阿树")], reason="线下见过", by=xiaoman(community))

    rows = sheet(client.get(url(community, "tag", tag.pk) + "?export=xlsx"))

    assert rows[1][0] == "阿树"
    assert rows[1][-1] == "线下见过"


def test_tags_are_merged_and_removed_on_their_page(client, community):
    one, two = ensure_tag(community, "咖啡"), ensure_tag(community, "Coffee")
    grant(two, [number(community, "阿树")])

    client.post(url(community, "merge-tag", two.pk), {"into": one.pk})
    assert held(community, "阿树") == ["咖啡"]

    client.post(url(community, "remove-tag", one.pk))
    assert not Tag.objects.exists()


def test_a_viewer_reads_and_finds_nothing_to_press(viewer, community):
    tag = ensure_tag(community, "老客户")
    grant(tag, [number(community, "阿树")])

    for name, *args in (("tags",), ("tag", tag.pk), ("attributes",), ("attribute", Attribute.objects.get().pk), ("notes",)):
        assert 'method="post" action="/c/' not in body(viewer.get(url(community, name, *args))).replace("/dissolve/", "")


# -- the list of members -----------------------------------------------------------------------------------------


def test_the_list_is_narrowed_to_a_branch_of_tags(client, community):
    coffee = ensure_tag(community, "爱好/咖啡")
    grant(coffee, [number(community, "阿树")])

    page = body(client.get(f"/c/{community.slug}/members/?tag={coffee.parent_id}"))

    assert "阿树</" in page
    assert "老白</" not in page
    assert "老白</" not in body(client.get(f"/c/{community.slug}/members/?tag=x"))


def test_ticked_members_are_tagged_from_the_list(client, community):
    said = {"path": "爱好/咖啡", "scope": "chosen", "do": "add", "member": [number(community, "阿树")], "query": ""}

    client.post(url(community, "tag-many"), said)
    assert held(community, "阿树") == ["爱好/咖啡"]

    client.post(url(community, "tag-many"), {**said, "do": "remove"})
    assert held(community, "阿树") == []


def test_all_that_match_are_tagged_from_the_list(client, community):
    client.post(url(community, "tag-many"), {"path": "姓老", "scope": "all", "do": "add", "query": "?q=老"})

    assert list(Grant.objects.values_list("member__name", flat=True)) == ["老白"]


def test_a_new_path_needs_the_right_to_manage_tags(client, community):
    client.logout()
    client.force_login(xiaoman(community, Role.EDITOR))

    client.post(url(community, "tag-many"), {"path": "新的", "scope": "all", "do": "add", "query": ""})
    client.post(url(community, "tag-member", number(community, "阿树")), {"path": "新的"})

    assert not Tag.objects.exists()


# -- attributes --------------------------------------------------------------------------------------------------


def test_common_attributes_are_offered_and_made_when_ticked(client, community):
    assert "职业" in body(client.get(url(community, "attributes")))

    client.post(url(community, "presets"), {"preset": ["gender", "occupation", "nonsense"]})

    assert sorted(Attribute.objects.values_list("code", flat=True)) == ["city", "gender", "occupation"]
    assert Attribute.objects.get(code="gender").choices == ["女", "男", "其他"]


def test_the_page_of_an_attribute_shows_coverage_sources_and_the_spread(client, community):
    tell(community, "阿树", "city", "上海")
    tell(community, "小满", "city", "上海", Source.IMPORT)

    page = body(client.get(url(community, "attribute", Attribute.objects.get().pk)))

    assert "50.0%" in page
    assert "人工" in page
    assert "导入" in page
    assert "上海" in page


@pytest.mark.parametrize(
    ("kind", "raw"), [(ValueKind.NUMBER, "12.5"), (ValueKind.DATE, "1995-03-02"), (ValueKind.BOOLEAN, "是"), (ValueKind.CHOICE, "茶")]
)
def test_every_kind_is_edited_in_place_and_drawn(client, community, kind, raw):
    attribute = create_attribute(community, "x", "某项", kind=kind, choices=["茶", "咖啡"])
    who = number(community, "阿树")
    assert "value-form" in body(client.get(url(community, "value", who, attribute.pk)))

    answer = client.post(url(community, "value", who, attribute.pk), {"raw": raw, "confidence": "0.5", "note": "听说"}, headers=HTMX)

    assert raw in body(answer)
    assert (Value.objects.get().confidence, Value.objects.get().note) == (0.5, "听说")
    assert "data-chart" in body(client.get(url(community, "attribute", attribute.pk)))


def test_a_value_that_does_not_fit_says_why_in_the_form(client, community):
    attribute = create_attribute(community, "age", "年龄", kind=ValueKind.NUMBER)

    answer = client.post(url(community, "value", number(community, "阿树"), attribute.pk), {"raw": "很大"}, headers=HTMX)

    assert answer.status_code == 422
    assert "不是数字" in answer.content.decode()


def test_the_history_of_a_value_shows_who_said_what_and_what_was_taken_back(client, community):
    tell(community, "阿树", "city", "北京", Source.IMPORT)
    tell(community, "阿树", "city", None)
    tell(community, "阿树", "city", "上海")

    page = body(client.get(url(community, "value-history", number(community, "阿树"), Attribute.objects.get().pk)))

    assert "现在用的" in page
    assert "已撤回" in page


# -- the member's page -------------------------------------------------------------------------------------------


def test_a_members_page_shows_attributes_tags_and_notes_safely(client, community):
    who = member(community, "阿树")
    tell(community, "阿树", "city", HOSTILE)
    grant(ensure_tag(community, "爱好<b"), [who.pk], reason=HOSTILE)
    write_note(community, HOSTILE, member=who)

    page = body(client.get(f"/c/{community.slug}/members/{who.pk}/"))

    assert HOSTILE not in page
    assert page.count("&lt;img src=x") >= 3


def test_a_tag_is_added_and_removed_on_the_members_page(client, community):
    who = number(community, "阿树")

    assert "爱好/咖啡" in body(client.post(url(community, "tag-member", who), {"path": "爱好 > 咖啡"}, headers=HTMX))
    assert held(community, "阿树") == ["爱好/咖啡"]

    client.post(url(community, "untag-member", who, Tag.objects.get(path="爱好/咖啡").pk), headers=HTMX)
    assert held(community, "阿树") == []
    assert "从前有过的" in body(client.get(url(community, "why-tags", who)))


def test_a_computed_tag_is_not_given_by_hand(client, community):
    tag = create_tag(community, "爱喝茶", kind=TagKind.TEXT, words=["龙井"])
    set_holders(tag, [Holding(number(community, "阿树"), {"count": 3, "last": "2026-03-01"})])

    answer = client.post(url(community, "tag-member", number(community, "小满")), {"path": "爱喝茶"}, headers=HTMX)

    assert "HX-Trigger" in answer.headers
    assert held(community, "小满") == []
    assert "说到 3 次，最近一次 2026-03-01" in body(client.get(url(community, "why-tags", number(community, "阿树"))))


# -- notes -------------------------------------------------------------------------------------------------------


def test_notes_are_written_found_corrected_and_deleted(client, community):
    client.post(url(community, "write-note"), {"text": "群里最近很热闹", "on": "2026-03-02"})
    client.post(url(community, "write-member-note", number(community, "阿树")), {"text": "想学拉花", "on": "2026-03-03"}, headers=HTMX)

    page = body(client.get(url(community, "notes") + "?about=members"))
    assert "想学拉花" in page
    assert "热闹" not in page
    assert "想学拉花" in body(client.get(url(community, "notes") + "?q=阿树"))

    note = Note.objects.get(member=None)
    client.post(url(community, "edit-note", note.pk), {"text": "群里冷清了", "on": "2026-03-02"})
    note.refresh_from_db()
    assert (note.text, note.edited_at is not None) == ("群里冷清了", True)

    rows = sheet(client.get(url(community, "notes") + "?export=xlsx"))
    assert [row[2] for row in rows[1:]] == ["想学拉花", "群里冷清了"]

    client.post(url(community, "remove-note", note.pk))
    assert Note.objects.count() == 1


def test_nothing_of_another_community_is_reached(client, community):
    there = with_city(village("隔壁"))
    tag = ensure_tag(there, "老客户")

    assert client.get(url(community, "tag", tag.pk)).status_code == 404
    assert client.post(url(community, "value", number(there, "阿树"), there.attributes.get().pk), {"raw": "x"}).status_code == 404
    assert client.post(url(community, "untag-member", number(community, "阿树"), tag.pk)).status_code == 404
