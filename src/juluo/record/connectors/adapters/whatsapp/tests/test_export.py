"""Chats come in whole, whoever's phone exported them."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.whatsapp.export import WhatsAppExport
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import Channel, Person, Reject
from juluo.record.events.types import Event, Kind

whatsapp = WhatsAppExport()

ANDROID = """13/02/26, 09:00 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them. Tap to learn more.
13/02/26, 09:00 - 小满 created group "读书会"
13/02/26, 09:01 - 小满 added you
13/02/26, 09:02 - 小满 added 阿树 and 隔壁老王
13/02/26, 21:30 - 小满: 大家好，
今晚读第三章: 海

13/02/26, 21:31 - 阿树: 好
13/02/26, 21:31 - 阿树: 好
14/02/26, 08:00 - 隔壁老王 left
14/02/26, 08:05 - 小满 changed the subject from "读书会" to "读书会: 二群"
14/02/26, 08:06 - 阿树: <Media omitted>
14/02/26, 08:07 - 阿树: This message was deleted
14/02/26, 08:08 - 阿树: 改了 <This message was edited>
14/02/26, 08:09 - 阿树: 小满 left
"""

IPHONE = """\u200e[2026/2/13 上午9:00:00] 读书会: \u200e消息和通话已进行端到端加密。
[2026/2/13 上午9:00:01] 小满: \u200e小满创建了群组“读书会”
[2026/2/13 上午9:02:00] 小满: \u200e小满添加了阿树
[2026/2/13 下午9:30:00] 小满: 大家好
[2026/2/13 下午9:31:05] 阿树: \u200e<附件：00000001-PHOTO.jpg>
[2026/2/13 下午9:31:06] 阿树: \u200e图片已忽略
[2026/2/13 下午9:32:00] 阿树: \u200e阿树退出了群组
"""


def test_an_android_chat_becomes_messages_and_events(tmp_path: Path) -> None:
    reading = read(whatsapp, tmp_path, {"WhatsApp Chat with 读书会.txt": ANDROID})

    texts = [event.text for event in reading.of(Kind.MESSAGE_CREATED)]
    assert texts == ["大家好，\n今晚读第三章: 海", "好", "好", "", "改了", "小满 left"]
    assert reading.events[0].kind is Kind.CHANNEL_CREATED
    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [
        ("阿树", {"by": "小满"}),
        ("隔壁老王", {"by": "小满"}),
    ]
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == ["隔壁老王"]
    assert [event.props for event in reading.of(Kind.CHANNEL_RENAMED)] == [{"name": "读书会: 二群", "from": "读书会"}]
    assert [event.actor for event in reading.of(Kind.MESSAGE_DELETED)] == ["阿树"]
    assert reading.of(Kind.MESSAGE_CREATED)[3].props == {"media": "media"}
    assert reading.said("改了").props == {"edited": True}
    assert reading.said("小满 left").actor == "阿树"
    assert reading.refused == []
    assert list(reading.channels) == ["读书会"]


def test_moments_are_local_to_the_zone_that_was_answered(tmp_path: Path) -> None:
    reading = read(whatsapp, tmp_path, {"chat.txt": ANDROID}, zone="Europe/Berlin")

    assert reading.of(Kind.MESSAGE_CREATED)[0].at == at("2026-02-13T21:30:00+01:00")


def test_an_iphone_puts_notices_into_mouths_and_they_are_taken_out_again(tmp_path: Path) -> None:
    reading = read(whatsapp, tmp_path, {"_chat.txt": IPHONE})

    assert [(event.kind, event.actor) for event in reading.events] == [
        (Kind.CHANNEL_CREATED, "小满"),
        (Kind.MEMBER_JOINED, "阿树"),
        (Kind.MESSAGE_CREATED, "小满"),
        (Kind.MESSAGE_CREATED, "阿树"),
        (Kind.MESSAGE_CREATED, "阿树"),
        (Kind.MEMBER_LEFT, "阿树"),
    ]
    assert [event.props for event in reading.of(Kind.MESSAGE_CREATED)] == [None, {"media": "image"}, {"media": "image"}]
    assert "读书会" not in reading.people


def test_a_zip_with_photos_names_the_chat_and_counts_only_the_text_as_work(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("_chat.txt", IPHONE)
        pack.writestr("00000001-PHOTO.jpg", b"\xff" * 100_000)
    path = tmp_path / "WhatsApp Chat - 读书会.zip"
    path.write_bytes(out.getvalue())

    with open_pack(path) as pack:
        list(whatsapp.read(pack, {}))
        done = pack.bytes_read, pack.total_bytes

    assert list(read_path(whatsapp, path).channels) == ["读书会"]
    assert done == (len(IPHONE.encode()), len(IPHONE.encode()))


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with 读书会.txt", "读书会"),
        ("WhatsApp Chat with 读书会 (2).txt", "读书会"),
        ("WhatsApp-Chat mit 读书会.txt", "读书会"),
        ("Chat de WhatsApp con 读书会.txt", "读书会"),
        ("Conversa do WhatsApp com 读书会.txt", "读书会"),
        ("与读书会的 WhatsApp 聊天记录.txt", "读书会"),
        ("读书会.txt", "读书会"),
    ],
)
def test_the_file_is_called_after_the_group_in_every_language(tmp_path: Path, name: str, title: str) -> None:
    reading = read(whatsapp, tmp_path, {name: ANDROID})

    assert reading.plan.title == title


def test_the_same_chat_exported_later_agrees_on_what_both_hold(tmp_path: Path) -> None:
    later = ANDROID + "15/02/26, 08:00 - 小满: 早\n"
    without_its_first_day = "\n".join(line for line in later.splitlines() if line.startswith(("14/", "15/"))) + "\n"

    first = read(whatsapp, tmp_path / "a", {"WhatsApp Chat with 读书会.txt": ANDROID})
    second = read(whatsapp, tmp_path / "b", {"WhatsApp Chat with 读书会.txt": without_its_first_day})

    assert len(first.messages) == 6
    assert second.messages.keys() - first.messages.keys() == {second.said("早").key}


def test_day_and_month_are_asked_only_when_the_whole_file_does_not_tell(tmp_path: Path) -> None:
    vague = "3/4/26, 09:00 - 小满: 早\n3/4/26, 09:01 - 阿树: 早\n"
    later_proof = vague + "".join(f"3/4/26, 10:00 - 小满: {n}\n" for n in range(3_000)) + "13/4/26, 09:00 - 阿树: 早\n"

    asked = read(whatsapp, tmp_path / "a", {"chat.txt": vague})
    month_first = read(whatsapp, tmp_path / "b", {"chat.txt": vague}, date_order="mdy")
    deduced = read(whatsapp, tmp_path / "c", {"chat.txt": later_proof})

    assert [(q.code, q.default, bool(q.because)) for q in asked.plan.questions] == [
        ("date_order", "dmy", True),
        ("zone", "", True),
    ]
    assert asked.events[0].at == at("2026-04-03T09:00:00+08:00")
    assert month_first.events[0].at == at("2026-03-04T09:00:00+08:00")
    assert [q.code for q in deduced.plan.questions] == ["zone"]
    assert deduced.refused == []


def test_rows_nobody_can_read_are_rejected_with_their_lines(tmp_path: Path) -> None:
    chat = (
        "13/02/26, 09:00 - 小满: 早\n"
        "31/02/26, 09:00 - 小满: 没有这一天\n"
        "13/02/26, 09:61 - 小满: 没有这一分\n"
        "13/02/31, 09:00 - 小满: 还没到\n"
        "13/02/26, 09:00 - 阿树 liittyi ryhmään\n"
    )

    assert read(whatsapp, tmp_path, {"chat.txt": chat}).rejects == [
        (2, "bad_time"),
        (3, "bad_time"),
        (4, "future_time"),
        (5, "unknown_type"),
    ]


def test_an_hour_that_happens_twice_and_one_that_never_does_are_told_the_same_way_each_time(tmp_path: Path) -> None:
    chat = "29/03/26, 02:30 - 小满: 没有这一小时\n25/10/25, 23:00 - 小满: 前一晚\n26/10/25, 02:30 - 小满: 有两次\n"

    reading = read(whatsapp, tmp_path, {"chat.txt": chat}, zone="Europe/Berlin", date_order="dmy")

    assert reading.said("没有这一小时").at == at("2026-03-29T03:30:00+02:00")
    assert reading.said("有两次").at == at("2025-10-26T02:30:00+02:00")


def test_other_encodings_read_alike(tmp_path: Path) -> None:
    plain = read(whatsapp, tmp_path / "a", {"chat.txt": ANDROID})

    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        again = read(whatsapp, tmp_path / encoding, {"chat.txt": ANDROID.replace("\n", "\r\n").encode(encoding)})
        assert again.events == plain.events


@pytest.mark.parametrize(
    "line",
    ["[2026-03-01 09:28:00] <xiaoman> note: this is IRC", "2026-03-01 09:28 - 会议记录", "[2026-03-01 09:28:00] INFO server started"],
)
def test_dated_lines_of_other_makes_are_not_ours(tmp_path: Path, line: str) -> None:
    (tmp_path / "chat.txt").write_text(f"{line}\n" * 10)

    with open_pack(tmp_path / "chat.txt") as pack:
        assert whatsapp.look(pack) is None


PIECES = [*ANDROID.splitlines(), *IPHONE.splitlines(), "1/1/21, 12:00 - ", "[1/1/21, 12:00:00] a:", "99/99/99, 99:99 - a: b"]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=80), st.binary(max_size=40)), max_size=30))
def test_whatever_stands_in_a_chat_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("chat") / "chat.txt"
    path.write_bytes(b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts))

    try:
        with open_pack(path) as pack:
            whatsapp.look(pack)
            items = list(whatsapp.read(pack, {}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)


@pytest.mark.real
@pytest.mark.parametrize(
    ("path", "authors", "messages"),
    [
        ("chat-analytics/tests/samples/whatsapp/2A_5M.txt", 2, 5),
        ("chat-analytics/tests/samples/whatsapp/4A_11M.txt", 5, 11),
        ("chat-analytics/tests/samples/whatsapp/4A_11M.zip", 5, 11),
        ("whatstk/chats/whatsapp/lorem-2000.txt", 4, 2_000),
        ("whatstk/chats/whatsapp/lorem-merge-part1.txt", 4, 300),
        ("whatstk/chats/whatsapp/lorem-merge-part2.txt", 5, 300),
        ("whatstk/chats/whatsapp/lorem.txt", 4, 500),
        ("whatstk/chats/whatsapp/pokemon.txt", 8, 18),
    ],
)
def test_samples_of_others_give_exactly_their_messages(real_data: Path, path: str, authors: int, messages: int) -> None:
    reading = read_path(whatsapp, real_data / "formats" / path)

    assert len(reading.messages) == messages
    assert len({event.actor for event in reading.messages.values()}) == authors
    assert reading.refused == []


@pytest.mark.real
@pytest.mark.parametrize("style", ["[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "mmddyyyy_12hrs", "yyyymmdd_24hrs"])
def test_five_styles_of_the_same_chat_give_the_same_messages(real_data: Path, style: str) -> None:
    folder = real_data / "formats/chat-miner/test/whatsapp"
    target = [(row["author"], at(row["timestamp"]), row["message"]) for row in json.loads((folder / "target.json").read_text())]

    reading = read_path(whatsapp, folder / f"test_{style}.txt", zone="UTC")

    assert sorted((event.actor, event.at, (event.text or "").replace("\n", " ")) for event in reading.messages.values()) == sorted(target)
    assert reading.rejects == [(2, "unknown_type")]  # "John Doe:." has neither a sender's colon and space nor a notice's words
