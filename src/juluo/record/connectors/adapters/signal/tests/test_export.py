import pytest

from juluo.record.connectors.adapters.signal.export import SignalExport
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.events.types import Kind

from .sample import ASHU, BACKUP, LINES, MAN, ROWS, TEXT

signal = SignalExport()


def test_signals_own_export_tells_groups_people_replies_and_reactions(tmp_path):
    reading = read(signal, tmp_path, {"main.jsonl": BACKUP})

    hello, welcome = reading.said("大家好"), reading.said("欢迎你")
    assert (hello.key, hello.channel, hello.actor, hello.props) == (f"R1JPVVA=:1767578400000:{ASHU}", "R1JPVVA=", ASHU, {"media": "image"})
    assert welcome.reply_to == hello.key
    assert [(event.actor, event.at) for event in reading.of(Kind.REACTION_ADDED)] == [("self", at("2026-01-05T02:00:05"))]
    assert (reading.channels["R1JPVVA="].name, reading.people[MAN].name) == ("茶馆", "隔壁 老王")


def test_an_edited_message_keeps_the_moment_it_was_first_sent(tmp_path):
    reading = read(signal, tmp_path, {"main.jsonl": BACKUP})

    (edit,) = reading.of(Kind.MESSAGE_EDITED)
    assert reading.said("欢迎你").at == at("2026-01-05T02:00:10")
    assert (edit.target, edit.at) == (reading.said("欢迎你").key, at("2026-01-05T02:01:40"))


def test_changes_of_a_group_become_events_and_the_rest_are_notices(tmp_path):
    reading = read(signal, tmp_path, {"main.jsonl": BACKUP})

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [(MAN, {"by": ASHU})]
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == [MAN]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "茶馆二楼"}]
    assert len(reading.of(Kind.MESSAGE_DELETED)) == 1
    assert reading.rejects == [(13, "notice")]


def test_private_chats_come_in_only_when_asked_for(tmp_path):
    assert "悄悄话" not in {event.text for event in read(signal, tmp_path / "a", {"main.jsonl": BACKUP}).events}
    assert read(signal, tmp_path / "b", {"main.jsonl": BACKUP}, private="all").said("悄悄话").channel == ASHU


def test_signal_exports_json_is_read_in_local_time(tmp_path):
    reading = read(signal, tmp_path, {"茶馆/data.json": LINES, "茶馆/media/a.png": b"\x89PNG"}, zone="Asia/Shanghai")

    hello = reading.said("大家好")
    assert (hello.at, hello.channel, hello.props) == (at("2026-01-05T02:00:00"), "茶馆", {"media": "image"})
    assert [(event.actor, event.target) for event in reading.of(Kind.REACTION_ADDED)] == [("小满", hello.key)]


def test_signal_exports_text_goes_on_over_several_lines(tmp_path):
    reading = read(signal, tmp_path, {"茶馆.txt": TEXT}, zone="Asia/Shanghai")

    assert (reading.said("大家好\n第二行").at, reading.said("欢迎").actor) == (at("2026-01-05T02:00:00"), "小满")


def test_text_and_json_of_a_conversation_give_the_same_keys(tmp_path):
    document = read(signal, tmp_path / "a", {"茶馆/data.json": (LINES[1],), "b.txt": ""})
    text = read(signal, tmp_path / "b", {"茶馆.txt": "[2026-01-05, 10:01] Me: 欢迎\n"})

    assert set(document.messages) == set(text.messages)


def test_rows_of_the_desktops_database_are_read(tmp_path):
    reading = read(signal, tmp_path, {"messages.json": ROWS})

    assert reading.said("大家好").key == "c1:1767578400000:s2"
    assert [(event.actor, event.at) for event in reading.of(Kind.REACTION_ADDED)] == [("s1", at("2026-01-05T02:00:05"))]
    assert [event.actor for event in reading.of(Kind.MESSAGE_DELETED)] == ["self"]
    assert reading.rejects == [(3, "notice")]


def test_broken_rows_are_rejected(tmp_path):
    rows = [ROWS[0], {**ROWS[0], "sent_at": 9_999_999_999_999}, {**ROWS[0], "sent_at": None}, {**ROWS[0], "conversationId": 4}]

    reading = read(signal, tmp_path, {"messages.json": rows})

    assert reading.rejects == [(2, "future_time"), (3, "no_time"), (4, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(signal, real_data / "formats/chat-miner/test/signal/test_export.txt", zone="UTC")

    assert [(event.text, event.at) for event in reading.messages.values()] == [
        ("Hello John!", at("2019-12-24T12:23:00")),
        ("Hello\nJane!", at("2020-01-17T21:49:00")),
    ]
