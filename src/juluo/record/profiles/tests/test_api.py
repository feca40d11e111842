"""Profiles over the API: reading, writing what may be repeated, and who may."""

import json

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.tokens.actions import issue
from juluo.record.profiles.actions import ensure_tag
from juluo.record.profiles.models import Tag, Value
from tests.cast import SOURCE

from .world import number, village, with_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return with_city(village())


@pytest.fixture
def call(client, community):
    def made(rest, body=None, role=Role.MANAGER):
        key = {"HTTP_AUTHORIZATION": f"Bearer {issue(community, name='test', role=role)[1]}"}
        address = f"/api/v1/communities/{community.slug}/profiles/{rest}"
        return (
            client.get(address, **key) if body is None else client.post(address, json.dumps(body), content_type="application/json", **key)
        )

    return made


def test_values_are_written_once_and_read_back(call, community):
    body = {
        "values": [
            {"member": number(community, "阿树"), "attribute": "city", "value": "上海", "at": "2026-03-02T09:30:00+08:00"},
            {"source": SOURCE, "account": "小满", "attribute": "city", "value": "杭州"},
            {"member": 999_999, "attribute": "city", "value": "北京"},
            {"member": number(community, "老白"), "attribute": "pet", "value": "猫"},
        ]
    }

    first, second = call("values", body).json(), call("values", body).json()

    refused = [{"index": 2, "reason": "unknown_member"}, {"index": 3, "reason": "unknown_attribute"}]
    assert first == {"added": 2, "same": 0, "withdrawn": 0, "refused": refused}
    assert (second["added"], second["same"]) == (0, 2)
    read = call(f"members/{number(community, '阿树')}").json()
    assert [(v["attribute"], v["text"], v["source"], v["confidence"]) for v in read["values"]] == [("city", "上海", "api", 0.8)]
    assert Value.objects.count() == 2


def test_tags_are_given_and_taken_and_may_be_so_again(call, community):
    body = {
        "path": "爱好/咖啡",
        "members": [{"member": number(community, "阿树")}, {"source": SOURCE, "account": "谁"}],
        "reason": "小程序",
    }

    assert call("grants", body).json() == {"changed": 1, "refused": [{"index": 1, "reason": "unknown_member"}]}
    assert call("grants", body).json()["changed"] == 0
    assert call(f"members/{number(community, '阿树')}").json()["tags"] == ["爱好/咖啡"]
    assert [t["path"] for t in call("tags").json()] == ["爱好", "爱好/咖啡"]

    assert call("revocations", body).json()["changed"] == 1
    assert call("revocations", body).json()["changed"] == 0


def test_members_are_read_page_by_page(call, community):
    first = call("members?limit=3").json()
    rest = call(f"members?limit=3&after={first[-1]['member']}").json()

    assert [p["name"] for p in [*first, *rest]] == list(community.members.order_by("pk").values_list("name", flat=True))


def test_a_key_that_may_only_read_writes_nothing(call, community):
    body = {"path": "老客户", "members": [{"member": number(community, "阿树")}]}

    assert call("attributes", role=Role.VIEWER).status_code == 200
    assert call("grants", body, role=Role.VIEWER).status_code == 403
    assert call("grants", body, role=Role.EDITOR).status_code == 403
    assert not Tag.objects.exists()

    ensure_tag(community, "老客户")
    assert call("grants", body, role=Role.EDITOR).status_code == 200
