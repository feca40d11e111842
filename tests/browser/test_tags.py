"""Tagging in a real browser: a tag is typed on a member's page and taken off again, moved in the tree, given to all that match."""

import pytest
from playwright.sync_api import expect

from juluo.record.profiles.actions import create_attribute, ensure_tag
from juluo.record.profiles.models import Grant, Tag
from tests.cast import history, said

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    community = history([said(who, "2026-03-02 09:30") for who in ("阿树", "小满", "老白")])
    create_attribute(community, "city", "城市")
    ensure_tag(community, "爱好/咖啡")
    ensure_tag(community, "饮品")
    return community


def test_a_tag_and_a_value_are_edited_where_they_stand(signed_in, community, live_server):
    page = signed_in(community)
    who = community.members.get(name="阿树")
    page.goto(f"{live_server.url}/c/{community.slug}/members/{who.pk}/")

    page.get_by_label("加标签").fill("爱好/咖啡")
    page.get_by_role("button", name="加上").click()
    expect(page.locator("#panel-tags .pf-chip a")).to_have_text(["爱好/咖啡"])
    page.get_by_role("button", name="移除标签 爱好/咖啡").click()
    expect(page.locator("#panel-tags .pf-chip")).to_have_count(0)

    page.locator("#value-new").get_by_text("城市").click()
    page.locator("#value-form [name=raw]").fill("上海")
    page.locator("#value-form").get_by_role("button", name="保存").click()
    expect(page.locator("#panel-attributes .pf-value")).to_have_text("上海")


def test_a_tag_is_dragged_below_another(signed_in, community, live_server):
    page = signed_in(community)
    page.goto(f"{live_server.url}/c/{community.slug}/members/tags/")

    page.locator(".pf-node", has_text="饮品").drag_to(page.locator(".pf-node", has_text="爱好"))

    expect(page.locator("#tag-tree ul ul .pf-node", has_text="饮品")).to_be_visible()
    assert Tag.objects.filter(path="爱好/饮品").exists()


def test_all_that_match_are_tagged_from_the_list(signed_in, community, live_server):
    page = signed_in(community)
    page.goto(f"{live_server.url}/c/{community.slug}/members/")

    page.locator(".jl-filters [name=q]").fill("老白")
    expect(page.locator("#table tbody tr")).to_have_count(1)
    page.locator("#tag-many [name=path]").fill("爱好/咖啡")
    page.locator("#tag-many [name=scope]").select_option("all")
    page.get_by_role("button", name="加标签").click()

    expect(page.locator("#table .pf-chip")).to_have_text(["咖啡"])
    assert list(Grant.objects.values_list("member__name", flat=True)) == ["老白"]
