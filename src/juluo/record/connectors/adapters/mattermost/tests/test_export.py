import pytest

from juluo.record.connectors.adapters.mattermost.export import MattermostExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import ASHU, BULK, FILES, POSTS, TOWN, USER, XIAOMAN

mattermost = MattermostExport()


def test_posts_become_messages_with_threads_edits_and_reactions_at_their_time(tmp_path):
    reading = read(mattermost, tmp_path, FILES)

    (reaction,), (edit,) = reading.of(Kind.REACTION_ADDED), reading.of(Kind.MESSAGE_EDITED)
    assert (reading.messages["p2"].reply_to, reading.messages["p2"].thread, reading.messages["p2"].props) == (
        "p1",
        "p1",
        {"media": "image"},
    )
    assert (reaction.actor, reaction.target, reaction.at) == (ASHU, "p1", at("2026-01-05T02:00:50"))
    assert (edit.target, edit.at) == ("p1", at("2026-01-05T02:01:40"))
    assert (reading.channels[TOWN].name, reading.channels[TOWN].purpose) == ("大厅", "什么都聊")


def test_system_posts_become_joins_and_names_and_the_rest_are_notices(tmp_path):
    reading = read(mattermost, tmp_path, FILES)

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [(ASHU, None), ("user3", {"by": XIAOMAN})]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "茶馆"}]
    assert [reason for _, reason in reading.rejects] == ["notice"]


def test_a_deleted_post_leaves_its_deletion_but_not_its_words(tmp_path):
    reading = read(mattermost, tmp_path, FILES)

    assert reading.messages["p7"].text is None
    assert [(event.target, event.at) for event in reading.of(Kind.MESSAGE_DELETED)] == [("p7", at("2026-01-05T02:01:39"))]


def test_staff_and_webhooks_are_no_members(tmp_path):
    people = read(mattermost, tmp_path, FILES).people

    assert (people[XIAOMAN].kind, people[ASHU].kind, people["hook"].kind) == (PersonKind.STAFF, None, PersonKind.BOT)
    assert (people[ASHU].name, people["hook"].name) == ("阿树", "天气")


def test_a_bulk_export_goes_by_names(tmp_path):
    reading = read(mattermost, tmp_path, {"bulk.jsonl": BULK})

    thanks = reading.said("谢谢")
    assert thanks.reply_to == reading.said("欢迎").key == "tea/town:1767578400000:xiaoman"
    assert thanks.props == {"media": "image"}
    assert [event.actor for event in reading.of(Kind.MEMBER_JOINED)] == ["ashu"]
    assert reading.people["xiaoman"].kind is PersonKind.STAFF
    assert reading.channels["tea/town"].name == "大厅"
    assert reading.rejects == [(9, "unknown_type")]


def test_direct_posts_come_in_only_when_asked_for(tmp_path):
    without = read(mattermost, tmp_path / "a", {"bulk.jsonl": BULK})
    with_all = read(mattermost, tmp_path / "b", {"bulk.jsonl": BULK}, private="all")

    assert "悄悄话" not in {event.text for event in without.events}
    assert with_all.said("悄悄话").channel == "direct/ashu,xiaoman"


@pytest.mark.parametrize(
    "head", [USER, {"order": [], "posts": {}}, {"id": "api.x", "message": "no", "status_code": 403, "request_id": "r"}]
)
def test_answers_without_posts_are_refused(tmp_path, head):
    with pytest.raises(FileRefused):
        read(mattermost, tmp_path, {"x.json": head})


def test_broken_posts_are_rejected(tmp_path):
    good = POSTS["posts"]["p1"]
    posts = {"a": good, "b": {**good, "create_at": "x"}, "c": {**good, "create_at": 9_999_999_999_999}, "d": {**good, "user_id": ""}}

    reading = read(mattermost, tmp_path, {"posts.json": {"order": list(posts), "posts": posts}})

    assert [reason for _, reason in reading.rejects] == ["bad_row", "future_time", "no_sender"]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(mattermost, real_data / "formats/perceval/tests/data/mattermost")

    assert (len(reading.messages), len(reading.of(Kind.MEMBER_JOINED)), reading.rejects) == (7, 2, [])
