import pytest

from juluo.record.connectors.adapters.discord.export import DiscordExport
from juluo.record.connectors.adapters.discord.keys import Keys
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import ASHU, CHANNEL, EXPORT, FILES, FIRST, SECOND, STRANGER, TABLE, TABLES, message, number

discord = DiscordExport()


def test_a_channel_becomes_its_messages_with_replies_and_media(tmp_path):
    reading = read(discord, tmp_path, FILES)

    welcome, hello = reading.said("欢迎"), reading.said("大家好")
    assert reading.plan.title == "茶馆"
    assert (welcome.at, welcome.actor, welcome.channel, welcome.props) == (at(FIRST), "1001", "900", {"pinned": True})
    assert hello.reply_to == welcome.key
    assert hello.props == {"media": "image"}
    assert reading.said("天气\n晴").actor == "1004"
    assert (reading.channels["900"].name, reading.channels["900"].purpose) == ("闲聊", "什么都聊")


def test_json_and_csv_of_a_channel_give_the_same_keys(tmp_path):
    document = read(discord, tmp_path / "a", FILES)
    table = read(discord, tmp_path / "b", TABLES)

    assert set(table.messages) == set(document.messages)
    assert {event.key for event in table.of(Kind.MEMBER_JOINED)} == {event.key for event in document.of(Kind.MEMBER_JOINED)}
    assert table.said("两行\n话").at == at("2026-01-05T02:02:00")
    assert table.people["1001"].name == "xiaoman"


def test_reactors_who_are_listed_have_an_event_each_and_the_rest_are_counted(tmp_path):
    reading = read(discord, tmp_path / "a", FILES)
    table = read(discord, tmp_path / "b", TABLES)

    found = [(event.actor, event.value, (event.props or {})["emoji"]) for event in reading.of(Kind.REACTION_ADDED)]
    assert found == [("1002", 1.0, "👍"), ("1004", 1.0, "👍"), (NOBODY, 1.0, "👍"), (NOBODY, 2.0, "party")]
    counted = [(event.actor, event.value, (event.props or {})["emoji"]) for event in table.of(Kind.REACTION_ADDED)]
    assert counted == [(NOBODY, 3.0, "👍"), (NOBODY, 2.0, "party")]


def test_joins_edits_and_new_names_become_events_and_pins_and_boosts_are_notices(tmp_path):
    reading = read(discord, tmp_path, FILES)

    assert [event.actor for event in reading.of(Kind.MEMBER_JOINED)] == ["1002"]
    assert [(event.target, event.at) for event in reading.of(Kind.MESSAGE_EDITED)] == [
        (reading.said("欢迎").key, at("2026-01-05T02:05:00.5"))
    ]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "闲聊"}]
    assert reading.rejects == [(5, "notice"), (7, "notice")]


def test_bots_are_bots_by_discords_word_and_staff_by_the_name_of_their_role(tmp_path):
    people = read(discord, tmp_path, FILES).people

    assert people["1004"].kind is PersonKind.BOT
    assert people["1001"].kind is PersonKind.STAFF
    assert people["1002"].kind is None
    assert people["1001"].attributes == {"username": "xiaoman", "roles": ["管理员"]}


def test_a_threads_messages_belong_to_the_channel_it_hangs_on(tmp_path):
    thread = {"id": "901", "type": "GuildPublicThread", "categoryId": "900", "category": "闲聊", "name": "开店", "topic": None}

    reading = read(discord, tmp_path, {"x.json": {**EXPORT, "channel": thread, "messages": [message(FIRST, ASHU, "租金？")]}})

    found = reading.said("租金？")
    assert (found.channel, found.thread, found.key) == ("900", "901", f"901:{at(FIRST) // 1000}")


def test_a_folder_of_channels_is_read_as_one(tmp_path):
    other = {**EXPORT, "channel": {**CHANNEL, "id": "950", "name": "公告"}, "messages": [message(FIRST, ASHU, "开会")]}

    reading = read(discord, tmp_path, {**FILES, "茶馆 - 大厅 - 公告 [950].json": other, "说明.txt": "no chat"})

    assert set(reading.channels) == {"900", "950"}
    assert reading.said("开会").channel == "950"


def test_messages_of_the_same_millisecond_are_all_kept_and_replies_find_the_right_one(tmp_path):
    first, second = message(FIRST, ASHU, "一"), message(FIRST, STRANGER, "二", id=str(int(number(FIRST)) + 1))
    reply = message(SECOND, ASHU, "回二", type="Reply", reference={"messageId": second["id"], "channelId": "900"})

    reading = read(discord, tmp_path, {"x.json": {**EXPORT, "messages": [first, first, second, reply]}})

    assert {event.text for event in reading.messages.values()} == {"一", "二", "回二"}
    assert reading.said("回二").reply_to == reading.said("二").key


def test_a_key_is_the_same_for_the_same_message_and_another_for_another():
    keys = Keys("9")

    assert [keys.key(1_000_000, who) for who in ("a", "b", "a", "b", "c")] == ["9:1000", "9:1000.1", "9:1000", "9:1000.1", "9:1000.2"]


def test_the_old_csv_has_minutes_of_local_time_and_no_ids(tmp_path):
    row = '"ashu#1234","04-Jan-19 05:52 PM","嗯","",""\n'
    table = f"Author,Date,Content,Attachments,Reactions\n{row}{row}"

    reading = read(discord, tmp_path, {"old [7].csv": table}, zone="Asia/Shanghai")

    assert len(reading.messages) == 2
    assert {(event.at, event.actor) for event in reading.events} == {(at("2019-01-04T09:52:00"), "ashu#1234")}


def test_broken_rows_of_a_csv_are_rejected_with_their_line(tmp_path):
    rows = [
        '"1","a","never","x","",""',
        '"1","a"',
        '"1","a","2026-01-05T10:00:00.0000000+08:00","两\n行","",""',
        '"1","a","2099-01-05T10:00:00.0000000+08:00","x","",""',
    ]

    reading = read(discord, tmp_path, {"x [7].csv": "\n".join([TABLE.splitlines()[0], *rows])})

    assert reading.rejects == [(2, "bad_time"), (3, "bad_row"), (6, "future_time")]
    assert reading.said("两\n行").actor == "1"


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    samples = real_data / "formats/chat-analytics/tests/samples/discord"

    server = read_path(discord, samples / "SV_5A_5M.json")
    group = read_path(discord, samples / "GC_3A_5M.json")
    direct = read_path(discord, samples / "DM_2A_2M.json")
    example = read_path(discord, real_data / "formats/dce-frontend/release/exports")

    assert (len(server.of(Kind.MESSAGE_CREATED)), len(server.messages), server.rejects) == (5, 4, [])
    assert (len(group.messages), len(group.of(Kind.CHANNEL_RENAMED)), len(group.rejects)) == (3, 1, 2)
    assert (len(direct.messages), len(direct.rejects)) == (2, 1)
    assert len(example.messages) == 1
