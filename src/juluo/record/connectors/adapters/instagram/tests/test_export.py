import json

import pytest

from juluo.kit.archive import open_pack
from juluo.record.connectors.adapters.instagram.export import InstagramExport
from juluo.record.connectors.adapters.messenger.export import MessengerExport
from juluo.record.connectors.adapters.messenger.tests.sample import CHAT, MESSAGES, broken
from juluo.record.connectors.tests.shelf import lay_out, read, read_path

instagram, messenger = InstagramExport(), MessengerExport()
PLAIN = {"participants": CHAT["participants"], "messages": MESSAGES[:1], "title": broken("茶馆"), "thread_path": "inbox/tea_1234567890"}
PHOTO = {
    "sender_name": broken("阿树"),
    "timestamp_ms": 1767578400123,
    "photos": [{"uri": "your_instagram_activity/messages/inbox/tea_1/photos/1.jpg"}],
}
SAMPLES = [{"message_1.json": PLAIN}]


def confidence(reader, folder, files):
    with open_pack(lay_out(folder, files)) as pack:
        plan = reader.look(pack)
    return plan.confidence if plan else None


def test_conversations_are_read_with_their_characters_repaired(tmp_path):
    reading = read(instagram, tmp_path, {"your_instagram_activity/messages/inbox/tea_1234567890/message_1.json": PLAIN})

    found = reading.said("欢迎☕")
    assert (found.source, found.actor, found.channel) == ("instagram", "小满", "1234567890")


def test_where_the_files_say_whose_they_are_only_that_platform_takes_them(tmp_path):
    photo = {"message_1.json": {**PLAIN, "messages": [PHOTO]}}
    facebook = {"your_facebook_activity/messages/inbox/tea_1/message_1.json": PLAIN, "your_facebook_activity/other.html": "no chat"}

    assert (confidence(instagram, tmp_path / "a", photo), confidence(messenger, tmp_path / "a", photo)) == (0.95, None)
    assert (confidence(instagram, tmp_path / "b", facebook), confidence(messenger, tmp_path / "b", facebook)) == (None, 0.95)


def test_where_they_do_not_both_may_take_them_and_messenger_is_likelier(tmp_path):
    files = {"message_1.json": PLAIN}

    assert (confidence(instagram, tmp_path, files), confidence(messenger, tmp_path, files)) == (0.55, 0.6)


@pytest.mark.parametrize("place", ["instagram/export.json", "instagram-2026-01-05/inbox/tea.json", "my_instagram.json"])
def test_where_the_file_says_nothing_its_name_and_folder_may(tmp_path, place):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"messages": PLAIN["messages"]}), encoding="utf-8")

    with open_pack(path) as pack:
        plan, rival = instagram.look(pack), messenger.look(pack)

    assert plan.confidence == 0.95
    assert rival is None


def test_what_only_messenger_writes_is_messenger_s(tmp_path):
    files = {"message_1.json": {**PLAIN, "messages": [{**MESSAGES[0], "sender_id_INTERNAL": 0}]}}

    assert (confidence(instagram, tmp_path, files), confidence(messenger, tmp_path, files)) == (None, 0.95)


@pytest.mark.real
def test_the_sample_of_another_tool_is_known_for_instagram_s(real_data):
    with open_pack(real_data / "formats/chat-miner/test/instagram/test_export.json") as pack:
        plan, rival = instagram.look(pack), messenger.look(pack)

    assert plan.confidence == 0.95
    assert rival is None


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    reading = read_path(instagram, real_data / "formats/chat-miner/test/instagram/test_export.json")

    assert (len(reading.messages), reading.rejects) == (2, [])
