import pytest

from juluo.record.connectors.adapters.messenger.export import MessengerExport
from juluo.record.connectors.adapters.meta import mended
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.events.types import Kind

from .sample import ACCOUNT, CHAT, FILES, MESSAGES, SEALED, broken

messenger = MessengerExport()


def test_broken_characters_are_repaired_everywhere(tmp_path):
    reading = read(messenger, tmp_path, FILES)

    assert reading.said("欢迎☕").actor == "小满"
    assert [(event.actor, (event.props or {})["emoji"]) for event in reading.of(Kind.REACTION_ADDED)] == [("阿树", "👍")]
    assert (reading.plan.title, reading.channels["1234567890"].name) == ("茶馆", "茶馆")


@pytest.mark.parametrize("text", ["plain", "café", "小满", "Ã", "naïve ☕"])
def test_text_that_is_not_broken_stays_as_it_is(text):
    assert mended(text) == text
    assert mended(broken(text)) == text


def test_messages_of_one_person_in_one_millisecond_are_all_kept(tmp_path):
    reading = read(messenger, tmp_path, FILES)

    moment = [event for event in reading.messages.values() if event.at == at("2026-01-05T02:00:00.123")]
    assert [(event.text, event.props) for event in moment] == [(None, {"media": "image"}), ("plain", None)]


def test_joins_leaves_calls_and_unsent_messages(tmp_path):
    reading = read(messenger, tmp_path, FILES)

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [("隔壁", {"by": "小满"})]
    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_LEFT)] == [("隔壁", None)]
    assert len(reading.of(Kind.MESSAGE_DELETED)) == 1
    assert reading.said("https://example.org").props == {"media": "link"}
    assert reading.rejects == [(6, "notice")]


def test_a_conversation_keeps_its_keys_alone_or_within_the_account_and_when_it_is_renamed(tmp_path):
    alone = read(messenger, tmp_path / "a", FILES)
    account = read(messenger, tmp_path / "b", ACCOUNT)
    renamed = read(messenger, tmp_path / "c", {"message_1.json": {**CHAT, "thread_path": "inbox/newname_1234567890"}})

    assert set(alone.messages) == set(account.messages) == set(renamed.messages)


def test_conversations_of_two_stay_out_of_an_account_unless_asked_for(tmp_path):
    without = read(messenger, tmp_path / "a", ACCOUNT)
    with_all = read(messenger, tmp_path / "b", ACCOUNT, private="all")

    assert "9876543210" not in without.channels
    assert with_all.said("悄悄话").channel == "9876543210"


def test_encrypted_conversations_have_a_format_of_their_own(tmp_path):
    reading = read(messenger, tmp_path, {"阿树_7.json": SEALED})

    assert (reading.said("密信").actor, reading.said("密信").channel) == ("阿树", "阿树_7")
    assert {(event.text, str(event.props)) for event in reading.messages.values()} == {("密信", "None"), (None, "{'media': 'file'}")}


def test_broken_messages_are_rejected(tmp_path):
    good = MESSAGES[0]
    rows = [
        good,
        {**good, "timestamp_ms": None},
        {**good, "timestamp_ms": 9_999_999_999_999},
        {**good, "sender_name": ""},
        {**good, "content": 5},
    ]

    reading = read(messenger, tmp_path, {"message_1.json": {**CHAT, "messages": rows}})

    assert reading.rejects == [(2, "no_time"), (3, "future_time"), (4, "no_sender"), (5, "bad_row")]


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(messenger, real_data / "formats/chat-analytics/tests/samples/messenger/2A_7M.json")

    assert (len(reading.messages), len(reading.people), reading.rejects) == (7, 2, [])
