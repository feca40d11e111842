import gzip
import json
from itertools import islice

import pytest

from juluo.kit.text import plain
from juluo.record.connectors.adapters.zulip.export import ZulipExport
from juluo.record.connectors.adapters.zulip.markup import words
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import PersonKind
from juluo.record.events.types import Kind

from .sample import FILES, FORMULA, PAGE, QUOTE, ROWS, TARBALL, row

zulip = ZulipExport()


def test_each_line_becomes_a_message_of_its_stream_and_topic(tmp_path):
    reading = read(zulip, tmp_path, FILES)

    first = reading.messages["1"]
    assert (first.text, first.at, first.actor) == ("租金两千", at("2026-01-05T02:00:01"), "小满")
    assert (first.channel, first.thread) == ("31", "开店")
    assert reading.channels["31"].name == "闲聊"


def test_a_moved_topic_keeps_its_later_row(tmp_path):
    reading = read(zulip, tmp_path, FILES)

    assert len(reading.of(Kind.MESSAGE_CREATED)) == 5
    assert (reading.messages["2"].channel, reading.messages["2"].thread) == ("32", "租房")


def test_quoting_a_message_replies_to_it(tmp_path):
    quoted = read(zulip, tmp_path, FILES).messages["2"]

    assert quoted.reply_to == "1"
    assert quoted.text == "@小满_掌柜 said:\n> 租金两千\n太贵了 & 太远"


def test_a_stream_without_id_is_the_one_of_that_name(tmp_path):
    nameless = tuple(row(number, "阿树", "<p>在</p>", stream_id="", stream=stream) for number, stream in ((1, "老地方"), (2, "老地方")))

    known = read(zulip, tmp_path / "a", FILES).messages["4"]
    unknown = read(zulip, tmp_path / "b", {"rows.jsonl": nameless})

    assert known.channel == "31"
    assert {event.channel for event in unknown.events} == {"老地方"}


@pytest.mark.parametrize(
    "markup", [QUOTE, FORMULA, "<p>a &lt;b&gt; &quot;c&quot; &amp;amp;</p>", "<p>一<br>\n二</p>\n<ul>\n<li>三</li>\n</ul>", "没有标签"]
)
def test_the_words_are_those_of_the_common_plain_text(markup):
    assert words(markup).split() == plain(markup).split()


def test_bots_are_known_by_name_or_address(tmp_path):
    archive = read(zulip, tmp_path / "a", FILES)
    page = read(zulip, tmp_path / "b", {"page.json": PAGE})

    assert archive.people["Welcome Bot"].kind is PersonKind.BOT
    assert archive.people["小满"].kind is None
    assert page.people["104"].kind is PersonKind.BOT


def test_pages_of_the_api_know_ids_edits_and_reactions(tmp_path):
    reading = read(zulip, tmp_path, {"page.json": PAGE})

    (edit,), (reaction,) = reading.of(Kind.MESSAGE_EDITED), reading.of(Kind.REACTION_ADDED)
    assert reading.messages["1"].actor == "101"
    assert (edit.target, edit.at) == ("1", at("2026-01-05T02:01:40"))
    assert (reaction.actor, reaction.target, reaction.props) == ("102", "1", {"emoji": "heart"})
    assert reading.rejects == [(2, "notice")]


def test_a_servers_export_gives_people_joins_messages_and_reactions(tmp_path):
    reading = read(zulip, tmp_path, TARBALL)

    assert reading.messages.keys() == {"1", "2"}
    assert (reading.messages["2"].channel, reading.messages["2"].reply_to) == ("31", "1")
    assert [(event.actor, event.at) for event in reading.of(Kind.MEMBER_JOINED)] == [
        ("101", at("2026-01-04T23:40:00.5")),
        ("102", at("2026-01-04T23:41:40")),
    ]
    assert [(event.target, event.actor, event.at) for event in reading.of(Kind.REACTION_ADDED)] == [("1", "102", at("2026-01-05T02:00:01"))]
    assert [event.target for event in reading.of(Kind.MESSAGE_EDITED)] == ["2"]
    assert [reading.people[who].kind for who in ("101", "102", "103")] == [PersonKind.STAFF, None, PersonKind.BOT]
    assert reading.channels["31"].purpose == "什么都聊"


def test_private_messages_of_a_server_come_in_only_when_asked_for(tmp_path):
    reading = read(zulip, tmp_path, TARBALL, private="all")

    assert reading.messages["8"].text == "悄悄话"
    assert {event.target for event in reading.of(Kind.REACTION_ADDED)} == {"1", "8"}


def test_an_archive_of_topic_files_takes_stream_and_topic_from_its_names(tmp_path):
    message = {key: value for key, value in ROWS[0].items() if key in ("id", "timestamp", "sender_full_name", "content")}

    reading = read(zulip, tmp_path, {"31-闲聊/开.E5.BA.97.json": [message], "other/readme.txt": "x"})

    assert (reading.messages["1"].channel, reading.messages["1"].thread) == ("闲聊", "开店")


def test_broken_lines_are_rejected_with_their_number_and_the_rest_goes_in(tmp_path):
    lines = [
        json.dumps(ROWS[0]),
        "{not json",
        "",
        json.dumps({**ROWS[1], "timestamp": None}),
        json.dumps({**ROWS[1], "timestamp": 1}),
        json.dumps({**ROWS[1], "timestamp": 4_000_000_000}),
        json.dumps({**ROWS[1], "sender_full_name": ""}),
        json.dumps({**ROWS[1], "id": "x"}),
        json.dumps(ROWS[2]),
    ]

    reading = read(zulip, tmp_path, {"rows.jsonl": "\n".join(lines)})

    assert reading.messages.keys() == {"1", "3"}
    assert reading.rejects == [(2, "bad_json"), (4, "no_time"), (5, "bad_time"), (6, "future_time"), (7, "no_sender"), (8, "bad_row")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_are_read_as_well(tmp_path, encoding):
    text = "\r\n".join(
        json.dumps(row(number, "小满", "<p>今天天气真不错，我们去茶馆坐坐吧</p>"), ensure_ascii=False) for number in range(1, 9)
    )

    reading = read(zulip, tmp_path, {"rows.jsonl": text.encode(encoding)})

    assert [event.text for event in reading.events] == ["今天天气真不错，我们去茶馆坐坐吧"] * 8


def test_a_compressed_file_is_read_as_it_is(tmp_path):
    packed = gzip.compress("".join(json.dumps(line) + "\n" for line in ROWS).encode())

    assert len(read(zulip, tmp_path, {"rows.jsonl.gz": packed}).messages) == 4


@pytest.mark.real
def test_real_messages_have_the_words_of_the_common_plain_text(real_data):
    with gzip.open(real_data / "chat/lean_zulip_2018_2021.jsonl.gz", "rb") as lines:
        contents = [json.loads(line)["content"] for line in islice(lines, 0, 60_000, 4)]

    assert [content for content in contents if words(content).split() != plain(content).split()] == []


@pytest.mark.real
def test_the_lean_archive_has_its_known_numbers(real_data):
    reading = read_path(zulip, real_data / "chat/lean_zulip_2018_2021.jsonl.gz")

    assert len(reading.of(Kind.MESSAGE_CREATED)) == 356_102
    assert len(reading.messages) == 354_174
    assert len(reading.people) == 1_483
    assert reading.rejects == []
