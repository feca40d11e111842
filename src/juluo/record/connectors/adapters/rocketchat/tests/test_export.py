import pytest

from juluo.record.connectors.adapters.rocketchat.export import RocketChatExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import DUMP, FILES, INFO, MESSAGES, PAGE

rocketchat = RocketChatExport()


def test_a_page_becomes_its_messages_with_threads_edits_and_reactions(tmp_path):
    reading = read(rocketchat, tmp_path, FILES)

    answer = reading.messages["m2"]
    assert (answer.text, answer.reply_to, answer.thread, answer.actor) == ("谢谢大家", "m1", "m1", "ashu")
    assert [(event.target, event.actor) for event in reading.of(Kind.MESSAGE_EDITED)] == [("m2", "xiaoman")]
    assert [(event.actor, (event.props or {})["emoji"]) for event in reading.of(Kind.REACTION_ADDED)] == [
        ("ashu", "tada"),
        ("gebi", "tada"),
    ]
    assert (reading.channels["r1"].name, reading.channels["r1"].purpose) == ("大厅", "什么都聊")


def test_system_messages_become_joins_leaves_names_and_removals(tmp_path):
    reading = read(rocketchat, tmp_path, FILES)

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [("ashu", None), ("gebi", {"by": "xiaoman"})]
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == ["gebi"]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "茶馆"}]
    assert [(event.target, event.at) for event in reading.of(Kind.MESSAGE_DELETED)] == [("m8", at("2026-01-05T02:08:00"))]
    assert reading.rejects == [(3, "old_version"), (9, "notice")]


def test_the_cat_is_a_bot(tmp_path):
    reading = read(rocketchat, tmp_path, FILES)

    assert reading.people["rocket.cat"].kind is PersonKind.BOT
    assert reading.messages["m10"].props == {"media": "image"}


def test_dumps_of_the_database_write_time_in_three_ways(tmp_path):
    reading = read(rocketchat, tmp_path, {"messages.jsonl": DUMP})

    assert [event.at for event in reading.events] == [at("2026-01-05T02:00:00.123"), at("2026-01-05T02:00:01"), at("2026-01-05T02:00:02")]


@pytest.mark.parametrize("head", [INFO, {"messages": [], "count": 0, "offset": 0, "total": 0, "success": True}])
def test_answers_without_messages_are_refused(tmp_path, head):
    with pytest.raises(FileRefused):
        read(rocketchat, tmp_path, {"x.json": head})


def test_broken_messages_are_rejected(tmp_path):
    good = MESSAGES[0]
    rows = [good, {**good, "ts": "soon"}, {**good, "ts": "2199-01-01T00:00:00Z"}, {**good, "u": {}}, {**good, "rid": 5}]

    reading = read(rocketchat, tmp_path, {"x.json": {**PAGE, "messages": rows}})

    assert reading.rejects == [(2, "bad_time"), (3, "future_time"), (4, "no_sender"), (5, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(rocketchat, real_data / "formats/perceval/tests/data/rocketchat")

    assert (len(reading.messages), [reason for _, reason in reading.rejects]) == (3, ["old_version"])
    assert reading.channels["wyJHNAtuPGnQCT5xP"].name == "testapichannel"
