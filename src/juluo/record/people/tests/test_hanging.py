"""What rooms above hang on the pages of members."""

import pytest
from django.db.models import F
from django.utils.html import format_html

from juluo.ground.accounts.types import Role
from juluo.kit.tables import Column
from juluo.record.people.doors import matching
from juluo.record.people.registry import Bar, Extra, Facet, Panel, bars, extras, facets, panels
from tests.cast import history, said, xiaoman

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(monkeypatch):
    """What a room above would add from its wiring, for one test."""

    def add(registry, thing):
        monkeypatch.setitem(registry._things, thing.code, thing)

    return add


@pytest.fixture
def community(client):
    community = history([said("阿树", "2026-03-02 09:30"), said("小满", "2026-03-02 09:31"), said("小满", "2026-03-02 09:32", "还有")])
    client.force_login(xiaoman(community))
    return community


def test_a_card_stands_on_the_members_page_for_those_who_may_see_it(client, community, hung):
    hung(panels, Panel("x", 10, "members.manage", lambda request, member: format_html("<p>卡片：{}</p>", member.name)))
    address = f"/c/{community.slug}/members/{community.members.get(name='阿树').pk}/"

    assert "卡片：阿树" in client.get(address).content.decode()

    client.logout()
    client.force_login(xiaoman(community, Role.VIEWER))
    assert "卡片：阿树" not in client.get(address).content.decode()


def test_the_list_is_narrowed_by_what_a_room_above_knows(client, community, hung):
    hung(facets, Facet("loud", "声量", 10, lambda c: [("yes", "话多")], lambda rows, value: rows.filter(messages__gt=1)))

    body = client.get(f"/c/{community.slug}/members/?loud=yes").content.decode()

    assert "小满</" in body
    assert "阿树</" not in body
    assert '<option value="yes" selected>话多</option>' in body


def test_a_column_is_shown_and_sorted_by(client, community, hung):
    hung(
        extras, Extra("twice", 10, lambda rows: rows.annotate(twice=F("messages") * 2), lambda slug: Column("twice", "两倍", sort="twice"))
    )

    body = client.get(f"/c/{community.slug}/members/?sort=-twice").content.decode()

    assert "两倍" in body
    assert body.index("小满</") < body.index("阿树</")


def test_a_bar_stands_above_the_list_for_those_who_may_use_it(client, community, hung):
    hung(bars, Bar("x", 10, "members.manage", lambda request: format_html("<p>{}</p>", "工具条")))

    assert "工具条" in client.get(f"/c/{community.slug}/members/").content.decode()

    client.logout()
    client.force_login(xiaoman(community, Role.VIEWER))
    assert "工具条" not in client.get(f"/c/{community.slug}/members/").content.decode()


def test_a_column_may_stand_before_the_name(client, community, hung):
    hung(extras, Extra("first", 10, lambda rows: rows, lambda slug: Column("pk", "编号"), is_first=True))

    body = client.get(f"/c/{community.slug}/members/").content.decode()

    assert body.index('data-label="编号"') < body.index('data-label="成员"')


def test_a_column_may_be_for_some_only(client, community, hung):
    hung(extras, Extra("x", 10, lambda rows: rows, lambda slug: Column("pk", "编号"), permission="members.manage"))
    client.logout()
    client.force_login(xiaoman(community, Role.VIEWER))

    assert "编号" not in client.get(f"/c/{community.slug}/members/").content.decode()


def test_all_that_match_are_those_the_list_shows(community, hung):
    hung(facets, Facet("loud", "声量", 10, lambda c: [("yes", "话多")], lambda rows, value: rows.filter(messages__gt=1)))

    assert [m.name for m in matching(community, {"loud": "yes"})] == ["小满"]
    assert [m.name for m in matching(community, {"q": "阿树"})] == ["阿树"]
    assert matching(community, {"when": "nonsense"}).count() == 2
