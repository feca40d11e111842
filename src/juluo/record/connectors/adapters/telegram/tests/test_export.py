import json
from collections import Counter

import pytest

from juluo.record.connectors.adapters.telegram.export import TelegramExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import ACCOUNT, CHAT, FILES, FORUM, UPDATES

telegram = TelegramExport()


def test_a_group_becomes_its_messages_with_replies_media_and_the_final_text(tmp_path):
    reading = read(telegram, tmp_path, FILES)

    welcome, thanks = reading.said("欢迎，看 https://example.org"), reading.said("谢谢！")
    assert reading.plan.title == "茶馆"
    assert (welcome.key, welcome.at, welcome.actor, welcome.channel) == ("1234567890:2", at("2026-01-05T02:01:00"), "user101", "1234567890")
    assert thanks.reply_to == welcome.key
    assert thanks.props == {"media": "image"}
    assert reading.channels["1234567890"].name == "茶馆"
    assert reading.people["user102"].name == "阿树"


def test_an_edited_message_also_tells_when_it_was_edited(tmp_path):
    (edit,) = read(telegram, tmp_path, FILES).of(Kind.MESSAGE_EDITED)

    assert (edit.target, edit.at, edit.actor) == ("1234567890:2", at("2026-01-05T02:05:00"), "user101")


def test_known_reactors_have_their_own_event_and_time_and_the_rest_are_counted(tmp_path):
    reading = read(telegram, tmp_path, FILES)

    known, rest = reading.of(Kind.REACTION_ADDED)
    assert (known.actor, known.value, known.at, known.target) == ("user102", 1.0, at("2026-01-05T02:02:30"), "1234567890:2")
    assert (rest.actor, rest.value, rest.props) == (NOBODY, 2.0, {"emoji": "👍", "count": 2})
    assert reading.people[NOBODY].kind is PersonKind.BOT


def test_service_messages_become_joins_leaves_and_names_and_pins_are_notices(tmp_path):
    reading = read(telegram, tmp_path, FILES)

    joined = {event.actor: event for event in reading.of(Kind.MEMBER_JOINED)}
    assert joined.keys() == {"user101", "user102", "user103", "没说过话的人"}
    assert joined["user102"].props == {"by": "user101"}
    assert joined["user103"].props == {"inviter": "阿树"}
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == ["user103"]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "茶馆·二楼"}]
    assert len(reading.of(Kind.CHANNEL_CREATED)) == 1
    assert reading.rejects == [(7, "notice")]


def test_somebody_added_by_name_gets_the_id_of_the_only_one_who_wrote_under_that_name(tmp_path):
    twins = [
        {
            "id": 1,
            "type": "service",
            "date_unixtime": "1767578400",
            "actor": "小满",
            "actor_id": "user1",
            "action": "invite_members",
            "members": ["阿树"],
        },
        {"id": 2, "type": "message", "date_unixtime": "1767578401", "from": "阿树", "from_id": "user7", "text": "我"},
        {"id": 3, "type": "message", "date_unixtime": "1767578402", "from": "阿树", "from_id": "user8", "text": "也是我"},
    ]

    alone = read(telegram, tmp_path / "a", {"result.json": {**CHAT, "messages": twins[:2]}})
    twice = read(telegram, tmp_path / "b", {"result.json": {**CHAT, "messages": twins}})

    assert [event.actor for event in alone.of(Kind.MEMBER_JOINED)] == ["user7"]
    assert [event.actor for event in twice.of(Kind.MEMBER_JOINED)] == ["阿树"]


def test_a_name_that_says_bot_makes_a_bot(tmp_path):
    people = read(telegram, tmp_path, FILES).people

    assert people["user104"].kind is PersonKind.BOT
    assert people["user101"].kind is None


def test_in_a_forum_the_thread_is_the_topic_and_its_beginning_is_not_replied_to(tmp_path):
    reading = read(telegram, tmp_path, {"result.json": FORUM})

    question, answer = reading.said("租金多少？"), reading.said("两千")
    assert (question.thread, question.reply_to) == ("10", None)
    assert (answer.thread, answer.reply_to) == ("10", "555:11")


def test_a_whole_account_gives_the_same_keys_as_the_single_chat(tmp_path):
    single = read(telegram, tmp_path / "a", FILES)
    account = read(telegram, tmp_path / "b", {"result.json": ACCOUNT}, private="all")

    assert {event.key for event in single.events} < {event.key for event in account.events}
    assert "102:1" in account.messages


def test_private_chats_of_an_account_stay_out_unless_asked_for(tmp_path):
    reading = read(telegram, tmp_path, {"result.json": ACCOUNT})

    assert [question.code for question in reading.plan.questions] == ["private"]
    assert "102:1" not in reading.messages
    assert "555:11" in reading.messages


def test_updates_of_a_bot_have_the_same_keys_and_people_as_the_export(tmp_path):
    export = read(telegram, tmp_path / "a", FILES)
    updates = read(telegram, tmp_path / "b", {"updates.json": UPDATES})

    assert updates.messages.keys() == {"1234567890:2"}
    assert updates.messages["1234567890:2"].text == "欢迎各位"
    shared = {event.key for event in export.events} & {event.key for event in updates.events}
    assert shared == {"1234567890:2", "1234567890:2~edited@1767578700000000", "1234567890:4"}
    assert updates.rejects == [(4, "unknown_type")]


def test_older_exports_tell_local_time_only(tmp_path):
    message = {"id": 1, "type": "message", "date": "2019-07-12T16:55:32", "from": "阿树", "from_id": "user102", "text": "早年"}

    reading = read(telegram, tmp_path, {"result.json": {**CHAT, "messages": [message]}}, zone="Asia/Shanghai")

    assert reading.said("早年").at == at("2019-07-12T08:55:32")


def test_telegrams_own_byte_escapes_and_half_emoji_do_not_lose_the_message(tmp_path):
    text = json.dumps({**CHAT, "messages": [CHAT["messages"][2]]}).replace(json.dumps("谢谢！"), r'"a\x0Bb \ud83d"')

    (message,) = read(telegram, tmp_path, {"result.json": text}).messages.values()

    assert message.text == "a\x0bb \ufffd"


def test_each_broken_message_is_rejected_with_its_number_and_the_rest_goes_in(tmp_path):
    good = CHAT["messages"][1]
    rows = [
        good,
        {**good, "id": 21, "date_unixtime": "9999999999"},
        {**good, "id": 22, "date_unixtime": "3"},
        {**good, "id": 23, "date": None, "date_unixtime": None},
        {**good, "id": 24, "from": None, "from_id": None},
        {**good, "id": {"a": 1}},
        {**good, "id": 26, "type": "unsupported"},
    ]

    reading = read(telegram, tmp_path, {"result.json": {**CHAT, "messages": rows}})

    assert len(reading.messages) == 1
    assert reading.rejects == [(2, "future_time"), (3, "bad_time"), (4, "no_time"), (5, "no_sender"), (6, "bad_row"), (7, "unknown_type")]


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path):
    text = json.dumps(CHAT, ensure_ascii=False)

    reading = read(telegram, tmp_path, {"result.json": text[: text.index("谢谢")]})

    assert list(reading.messages) == ["1234567890:2"]
    assert reading.rejects[-1] == (3, "bad_json")


def test_an_empty_chat_is_refused(tmp_path):
    with pytest.raises(FileRefused):
        read(telegram, tmp_path, {"result.json": {**CHAT, "messages": []}})


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    samples = real_data / "formats/chat-analytics/tests/samples/telegram"

    big = read_path(telegram, samples / "BIG_20A_5475M.json")
    direct = read_path(telegram, samples / "DM_2A_7M.json")

    assert (len(big.messages), len(big.people), big.rejects) == (5475, 20, [])
    assert len(direct.messages) + len(direct.rejects) == 8
    assert Counter(reason for _, reason in direct.rejects) == {"notice": 2}
