import pytest

from juluo.record.connectors.adapters.gitter.saved import GitterSaved
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.events.types import Kind

from .sample import FILES, PAGE, ROOMS, said

gitter = GitterSaved()


def test_pages_become_the_messages_of_the_only_room(tmp_path):
    reading = read(gitter, tmp_path, FILES)

    answer = reading.said("回一句")
    assert (answer.key, answer.channel, answer.actor, answer.reply_to) == ("g2", "room1", "ashu", "g1")
    assert [(event.target, event.at) for event in reading.of(Kind.MESSAGE_EDITED)] == [("g2", at("2026-01-05T02:05:00"))]
    assert (reading.plan.title, reading.people["ashu"].name) == ("茶馆/大厅", "阿树")


def test_one_message_a_line_is_read_too(tmp_path):
    assert len(read(gitter, tmp_path, {"room.jsonl": tuple(PAGE)}).messages) == 2


def test_a_list_of_rooms_alone_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="没有消息"):
        read(gitter, tmp_path, {"rooms": ROOMS})


def test_broken_messages_are_rejected(tmp_path):
    rows = [
        PAGE[0],
        said("g3", "x", sent=None),
        said("g4", "x", sent="2199-01-01T00:00:00Z"),
        said("g5", "x", fromUser=None),
        said("g6", "x", sent=5),
    ]

    reading = read(gitter, tmp_path, {"page": rows})

    assert reading.rejects == [(2, "no_time"), (3, "future_time"), (4, "no_sender"), (5, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(gitter, real_data / "formats/perceval/tests/data/gitter")

    assert (len(reading.messages), reading.rejects) == (2, [])
