import zipfile
from collections import Counter

import pytest

from juluo.record.connectors.adapters.slack.export import SlackExport
from juluo.record.connectors.errors import FileRefused
from juluo.record.connectors.rules.derived import NOBODY
from juluo.record.connectors.tests.shelf import at, lay_out, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import DIRECT, FILES, GARDEN, GENERAL, USERS, said

slack = SlackExport()


def test_a_workspace_becomes_its_messages_in_plain_words(tmp_path):
    reading = read(slack, tmp_path, FILES)

    welcome = reading.said("欢迎 @阿树，看 说明 (https://example.org) & #garden @here")
    assert (welcome.key, welcome.actor, welcome.channel) == ("C1:1767578460.000200", "U1", "C1")
    assert welcome.at == at("2026-01-05T02:01:00.0002")
    assert reading.messages["C1:1767578530.000400"].props == {"media": "image"}
    assert (reading.channels["C2"].name, reading.people["U1"].name) == ("garden", "小满")


def test_folders_may_be_named_by_id_or_by_name(tmp_path):
    reading = read(slack, tmp_path, FILES)

    assert reading.said("浇水了").key == "C2:1767578460.000200"


def test_answers_in_a_thread_answer_its_first_message(tmp_path):
    reading = read(slack, tmp_path, FILES)

    answer = reading.messages["C1:1767578520.000300"]
    assert (answer.thread, answer.reply_to) == ("1767578460.000200", "C1:1767578460.000200")
    assert reading.messages["C1:1767578460.000200"].reply_to is None


def test_a_changed_message_is_yielded_again_with_its_new_text_and_the_edit(tmp_path):
    reading = read(slack, tmp_path, FILES)

    assert reading.messages["C1:1767578520.000300"].text == "谢谢大家"
    edits = {(event.target, event.at) for event in reading.of(Kind.MESSAGE_EDITED)}
    assert edits == {("C1:1767578460.000200", at("2026-01-05T02:01:40")), ("C1:1767578520.000300", at("2026-01-05T02:03:20.001"))}


def test_deleted_messages_and_tombstones_become_deletions(tmp_path):
    deletions = read(slack, tmp_path, FILES).of(Kind.MESSAGE_DELETED)

    assert [(event.target, event.actor) for event in deletions] == [("C1:1767578530.000400", "U2"), ("C1:1767578620.001200", NOBODY)]


def test_joins_leaves_names_and_the_founding_become_events(tmp_path):
    reading = read(slack, tmp_path, FILES)

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [("U2", {"inviter": "U1"})]
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == ["U3"]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "general", "was": "hall"}]
    assert [(event.channel, event.actor) for event in reading.of(Kind.CHANNEL_CREATED)] == [("C1", "U1")]
    assert reading.channels["C1"].purpose == "春天"


def test_every_row_is_accounted_for(tmp_path):
    reading = read(slack, tmp_path, FILES)

    assert reading.rejects == [(8, "notice"), (9, "notice")]


def test_reactions_name_those_who_are_listed_and_count_the_rest(tmp_path):
    found = [(event.actor, event.value) for event in read(slack, tmp_path, FILES).of(Kind.REACTION_ADDED)]

    assert found == [("U2", 1.0), ("U9", 1.0), (NOBODY, 1.0)]


def test_bots_staff_and_people_outside_the_list_are_told_apart(tmp_path):
    reading = read(slack, tmp_path, FILES)

    kinds = {who: reading.people[who].kind for who in ("U1", "U2", "U9", "B7", "U3")}
    assert kinds == {"U1": PersonKind.STAFF, "U2": None, "U9": PersonKind.BOT, "B7": PersonKind.BOT, "U3": None}
    assert reading.people["U3"].name == "隔壁"
    assert reading.said("新版\n一点零").actor == "B7"


def test_a_zip_with_a_folder_at_its_top_is_the_same(tmp_path):
    folder = lay_out(tmp_path / "茶馆 export", FILES)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for path in folder.rglob("*.json"):
            archive.write(path, f"茶馆 export/{path.relative_to(folder)}")

    packed, plain = read_path(slack, tmp_path / "export.zip"), read_path(slack, folder)

    assert {event.key for event in packed.events} == {event.key for event in plain.events}


def test_direct_messages_stay_out_unless_asked_for(tmp_path):
    files = {**FILES, "dms.json": [{"id": "D1", "members": ["U1", "U2"]}], "D1/2026-01-05.json": DIRECT}

    without = read(slack, tmp_path / "a", files)
    with_all = read(slack, tmp_path / "b", files, private="all")

    assert "D1:1767578460.000200" not in without.messages
    assert with_all.said("私下说").channel == "D1"
    assert with_all.channels["D1"].name == "小满、阿树"


def test_a_lone_thread_names_its_channel_in_its_rows(tmp_path):
    rows = [
        said("U1", "1767578460.000200", "一", channel_name="garden"),
        said("U2", "1767578461.000200", "二", thread_ts="1767578460.000200", channel_name="garden"),
    ]

    reading = read(slack, tmp_path, {"thread.json": rows})

    assert reading.said("二").reply_to == reading.said("一").key == "garden:1767578460.000200"


def test_pages_of_the_api_are_read_and_answers_without_messages_are_refused(tmp_path):
    page = {"ok": True, "has_more": False, "messages": GARDEN}
    info = {"ok": True, "channel": {"id": "C2", "name": "garden", "created": 1767570000, "creator": "U1"}}

    reading = read(slack, tmp_path / "a", {"history.json": page, "info.json": info, "user.json": {"ok": True, "user": USERS[1]}})

    assert (reading.said("浇水了").channel, reading.people["U2"].name) == ("C2", "阿树")
    with pytest.raises(FileRefused):
        read(slack, tmp_path / "b", {"info.json": info})
    with pytest.raises(FileRefused):
        read(slack, tmp_path / "c", {"error.json": {"ok": False, "error": "channel_not_found"}})


def test_broken_rows_are_rejected_with_their_number(tmp_path):
    rows = [
        GENERAL[1],
        {"type": "message", "user": "U1"},
        said("U1", "9999999999.0", "未来"),
        {"type": "message", "text": "谁？", "ts": "1767578460.1"},
        {**GENERAL[1], "user": 5},
        7,
    ]

    reading = read(slack, tmp_path, {"users.json": USERS, "channels.json": [], "general/2026-01-05.json": rows})

    assert reading.rejects == [(2, "no_time"), (3, "future_time"), (4, "no_sender"), (5, "bad_row"), (6, "bad_row")]


@pytest.mark.real
def test_the_clojurians_export_is_accounted_for_to_the_last_row(real_data):
    reading = read_path(slack, real_data / "chat/clojurians_slack_export.zip")

    rows = len(reading.messages) + len(reading.of(Kind.MEMBER_JOINED)) + len(reading.of(Kind.MEMBER_LEFT)) + len(reading.rejects)
    assert rows == 9_302
    assert len({event.key for event in reading.of(Kind.MEMBER_JOINED)}) == 1_142
    assert len({event.key for event in reading.of(Kind.MEMBER_LEFT)}) == 113
    assert Counter(reason for _, reason in reading.rejects) == {"notice": 3}  # two of them new topics of channels
    assert sum(1 for event in reading.messages.values() if event.thread) == 655
    assert len(reading.people) >= 738


@pytest.mark.real
def test_the_samples_of_other_tools_lose_no_row(real_data):
    folder = real_data / "formats/slack_export_zulip_fixture"

    day = read_path(slack, folder / "random/2018-01-20.json")
    thread = read_path(slack, folder / "normal_thread.json")
    both = read_path(slack, folder)

    assert (len(day.of(Kind.MEMBER_JOINED)), len(day.messages), day.rejects) == (3, 8, [])
    assert sum(1 for event in thread.messages.values() if event.reply_to) == 2
    assert {event.channel for event in both.events} == {"random"}
