"""The API: who may call, what it answers, and that nothing is taken in twice."""

import json

import pytest

from juluo.ground.accounts.types import Role
from juluo.ground.tokens.actions import issue, revoke
from juluo.record.events.models import InboxEvent
from juluo.record.lake.queries import ask
from juluo.record.lake.tables import EVENTS
from juluo.record.people.models import Member
from tests.cast import history, xiaoman

pytestmark = pytest.mark.django_db

HELLO = {
    "key": "1",
    "at": "2026-03-02T09:30:00+08:00",
    "kind": "message.created",
    "actor": "u1",
    "actor_name": "阿树",
    "channel": "c1",
    "text": "早",
}


def url(community, rest):
    return f"/api/v1/communities/{community.slug}/{rest}"


def key_of(community, role=Role.MANAGER):
    return {"HTTP_AUTHORIZATION": f"Bearer {issue(community, name='test', role=role)[1]}"}


def post(client, community, body, **key):
    return client.post(url(community, "events/"), json.dumps(body), content_type="application/json", **key)


def test_events_are_taken_in_once_and_seen_at_once(client):
    community = history()
    key = key_of(community)

    first = post(client, community, {"events": [HELLO, HELLO | {"key": "2"}]}, **key)
    second = post(client, community, {"events": [HELLO]}, **key)

    assert (first.status_code, first.json()) == (200, {"accepted": 2, "known": 0})
    assert second.json() == {"accepted": 0, "known": 1}
    assert ask(community.pk, EVENTS)["text"].to_pylist() == ["早", "早"]
    assert Member.objects.get().name == "阿树"


def test_a_caller_without_a_key_is_told_how_to_bring_one(client):
    answer = post(client, history(), {"events": [HELLO]})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"


def test_a_revoked_key_opens_nothing(client):
    community = history()
    token, key = issue(community, name="old", role=Role.ADMIN)
    revoke(token)

    assert post(client, community, {"events": [HELLO]}, HTTP_AUTHORIZATION=f"Bearer {key}").status_code == 401


def test_a_key_to_one_community_does_not_know_of_another(client):
    mine, other = history(), history(name="隔壁")

    assert post(client, other, {"events": [HELLO]}, **key_of(mine)).status_code == 404


def test_a_reading_key_may_not_write(client):
    community = history()

    answer = post(client, community, {"events": [HELLO]}, **key_of(community, Role.VIEWER))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not InboxEvent.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "message.sung"}, {"at": "yesterday"}, {"key": ""}, {"text": "x" * 100_001}, {"actor": ""}],
)
def test_a_misshapen_event_is_refused_with_its_place_and_nothing_is_kept(client, wrong):
    community = history()

    answer = post(client, community, {"events": [HELLO, HELLO | {"key": "2"} | wrong]}, **key_of(community))

    assert answer.status_code == 422
    assert "events" in answer.json()["errors"][0]["where"]
    assert not InboxEvent.objects.exists()


def test_a_signed_in_colleague_may_read_imports(client):
    community = history()
    client.force_login(xiaoman(community, Role.VIEWER))

    answer = client.get(url(community, "imports/"))

    assert (answer.status_code, answer.json()) == (200, [])


def test_a_file_comes_in_by_pieces(client, tmp_path):
    community = history()
    key = key_of(community)
    body = "2026/03/02, 09:30 - 阿树: 早\n2026/03/13, 09:31 - 小满: 早呀\n".encode()
    begun = client.post(
        url(community, "imports/"), json.dumps({"name": "chat.txt", "size": len(body)}), content_type="application/json", **key
    ).json()
    there = url(community, f"imports/{begun['id']}/content")

    half = client.patch(there, body[:20], content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="0", **key).json()
    gap = client.patch(there, body[30:], content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="30", **key)
    whole = client.patch(there, body[20:], content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="20", **key).json()

    assert half == {"offset": 20, "state": "uploading"}
    assert (gap.status_code, gap.json()["facts"]) == (409, {"offset": 20})
    assert whole["state"] in ("queued", "asking")


def test_the_description_of_the_api_is_complete(client):
    document = client.get("/api/v1/openapi.json").json()

    assert document["openapi"].startswith("3.")
    assert all(op.get("summary") for path in document["paths"].values() for op in path.values())


def test_the_documentation_is_a_page_that_fetches_nothing_from_elsewhere(client):
    community = history()
    client.force_login(xiaoman(community))

    body = client.get("/api/").content.decode()

    assert "/api/v1/communities/{slug}/events/" in body
    assert "cdn" not in body
