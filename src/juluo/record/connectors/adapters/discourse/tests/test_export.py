import pytest

from juluo.record.connectors.adapters.discourse.export import DiscourseExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import CATEGORIES, FILES, LIST, POSTS, TOPIC, post

discourse = DiscourseExport()


def test_a_topic_becomes_its_posts(tmp_path):
    reading = read(discourse, tmp_path, FILES)

    first, second = reading.messages["70"], reading.messages["71"]
    assert (first.text, first.at, first.actor) == ("租金两千", at("2026-01-05T02:01:00"), "xiaoman")
    assert (first.channel, first.thread, first.props) == ("5", "9", {"title": "开店"})
    assert (second.reply_to, second.text, second.props) == ("70", "太贵", {"media": "image"})
    assert (reading.channels["5"].name, reading.channels["5"].purpose) == ("生意", "买与卖")


def test_latest_posts_know_their_category_and_the_source_text(tmp_path):
    reading = read(discourse, tmp_path, FILES)

    assert (reading.messages["80"].channel, reading.messages["80"].thread) == ("5", "11")
    assert (reading.messages["79"].text, reading.messages["79"].props) == ("**a**", {"title": "路过"})


def test_likes_are_counted_edits_are_told_and_small_actions_are_notices(tmp_path):
    reading = read(discourse, tmp_path, {"topic.json": TOPIC})

    assert [(event.actor, event.value, event.target) for event in reading.of(Kind.REACTION_ADDED)] == [(NOBODY, 3.0, "70")]
    assert [(event.target, event.at) for event in reading.of(Kind.MESSAGE_EDITED)] == [("71", at("2026-01-05T03:00:00"))]
    assert reading.rejects == [(3, "notice")]


def test_the_forums_own_account_is_a_bot_and_moderators_are_staff(tmp_path):
    people = read(discourse, tmp_path, FILES).people

    assert [people[who].kind for who in ("system", "xiaoman", "ashu")] == [PersonKind.BOT, PersonKind.STAFF, None]
    assert people["ashu"].name == "阿树"


@pytest.mark.parametrize("files", [{"one.json": POSTS[1]}, {"rows.jsonl": tuple(POSTS)}, {"list.json": POSTS}])
def test_posts_on_their_own_are_read_too(tmp_path, files):
    assert read(discourse, tmp_path, files).messages["71"].actor == "ashu"


@pytest.mark.parametrize("head", [LIST, CATEGORIES])
def test_lists_without_posts_are_refused(tmp_path, head):
    with pytest.raises(FileRefused, match="没有帖子"):
        read(discourse, tmp_path, {"list.json": head})


def test_a_deleted_post_tells_its_deletion(tmp_path):
    gone = post(90, 9, 5, "ashu", "<p>说错了</p>", deleted_at="2026-01-05T05:00:00.000Z")

    (deletion,) = read(discourse, tmp_path, {"one.json": gone}).of(Kind.MESSAGE_DELETED)

    assert (deletion.target, deletion.at) == ("90", at("2026-01-05T05:00:00"))


def test_broken_posts_are_rejected(tmp_path):
    good = POSTS[0]
    rows = [
        good,
        {**good, "created_at": None},
        {**good, "created_at": "2199-01-01T00:00:00Z"},
        {**good, "username": None},
        {**good, "id": "x"},
    ]

    reading = read(discourse, tmp_path, {"list.json": rows})

    assert reading.rejects == [(2, "no_time"), (3, "future_time"), (4, "no_sender"), (5, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    folder = real_data / "formats/perceval/tests/data/discourse"

    topic = read_path(discourse, folder / "discourse_topic_1148.json")
    posts = read_path(discourse, folder / "discourse_posts.json")

    assert (len(topic.messages), topic.rejects) == (20, [])
    assert (len(posts.messages), posts.rejects) == (4, [])
    assert {event.channel for event in topic.events} == {"111"}
