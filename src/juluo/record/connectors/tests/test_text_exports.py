"""Among all readers, each text goes to the one it was written for."""

from pathlib import Path
from typing import Any

import pytest

from juluo.kit.archive import open_pack
from juluo.record.connectors.adapters.gitter.tests.test_text import ROOM
from juluo.record.connectors.adapters.irc.tests.test_export import CLIENTS
from juluo.record.connectors.adapters.mail.tests.test_export import LIST
from juluo.record.connectors.adapters.qq.tests.test_export import FRIEND, GROUP, OTHER
from juluo.record.connectors.adapters.table.mapping import FIELDS
from juluo.record.connectors.adapters.table.tests.test_export import CHAT, OPAQUE, workbook
from juluo.record.connectors.adapters.wechat.tests.test_export import GROUP as WECHAT
from juluo.record.connectors.adapters.wechat.tests.test_export import PLAIN
from juluo.record.connectors.adapters.whatsapp.tests.test_export import ANDROID, IPHONE
from juluo.record.connectors.queries import recognise
from juluo.record.connectors.registry import readers

from .shelf import lay_out, read

TEXTS: list[tuple[str, dict[str, Any]]] = [
    *(("irc", files) for files in CLIENTS.values()),
    ("gitter", {"读书会.txt": ROOM}),
    ("mail", {"reading.mbox": LIST}),
    ("mail", {"2026-March.txt": LIST}),
    ("qq", {"读书会.txt": GROUP}),
    ("qq", {"全部消息记录.txt": GROUP + FRIEND + OTHER}),
    ("wechat", {"读书会.csv": WECHAT}),
    ("wechat_text", {"读书会.txt": PLAIN}),
    ("whatsapp", {"WhatsApp Chat with 读书会.txt": ANDROID}),
    ("whatsapp", {"_chat.txt": IPHONE}),
    ("table", {"群.csv": CHAT}),
    ("table", {"群.csv": OPAQUE}),
    ("table", {"群.xlsx": workbook([["时间", "发送者"], ["2026-03-01 09:28", "小满"]])}),
    ("table", {"群.ndjson": '{"time": "2026-03-01 09:28", "user": "小满", "text": "早"}\n' * 2}),
]
each_text = pytest.mark.parametrize(("code", "files"), TEXTS, ids=[f"{code}-{next(iter(files))}" for code, files in TEXTS])


@each_text
def test_a_text_is_recognised_by_its_own_reader_first(tmp_path: Path, code: str, files: dict[str, Any]) -> None:
    with open_pack(lay_out(tmp_path, files)) as pack:
        plans = recognise(pack)

    assert [plan.reader for plan in plans][:1] == [code]


@each_text
def test_reading_twice_gives_the_same_events(tmp_path: Path, code: str, files: dict[str, Any]) -> None:
    first = read(readers[code], tmp_path, files)
    second = read(readers[code], tmp_path, files)

    assert first.items == second.items
    assert first.events


@each_text
def test_everyone_and_every_place_an_event_names_is_introduced(tmp_path: Path, code: str, files: dict[str, Any]) -> None:
    reading = read(readers[code], tmp_path, files)

    assert {event.actor for event in reading.events if event.actor} <= reading.people.keys()
    assert {event.channel for event in reading.events} <= reading.channels.keys()
    assert {event.source for event in reading.events} == {readers[code].source}


@each_text
def test_a_question_has_a_guess_that_rests_on_something(tmp_path: Path, code: str, files: dict[str, Any]) -> None:
    for question in read(readers[code], tmp_path, files).plan.questions:
        assert question.default is not None
        assert question.because or (code, files) == ("table", {"群.csv": OPAQUE})


@pytest.mark.real
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("chat/cro.tar.xz", "irc"),
        ("chat/gitter_appium/appium.txt.xz", "gitter"),
        ("formats/perceval/tests/data/supybot/supybot_valid.log", "irc"),
        ("formats/perceval/tests/data/groupsio/messages.zip", "mail"),
        ("formats/perceval/tests/data/mbox/mbox_complex.mbox", "mail"),
        ("formats/chat-analytics/tests/samples/whatsapp/4A_11M.zip", "whatsapp"),
        ("formats/whatstk/chats/whatsapp/lorem-2000.txt", "whatsapp"),
        ("formats/chat-miner/test/signal/test_export.txt", "signal"),
    ],
)
def test_real_files_are_recognised_by_the_right_reader(real_data: Path, path: str, code: str) -> None:
    with open_pack(real_data / path) as pack:
        assert recognise(pack)[0].reader == code


def test_every_reader_has_its_section_in_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[5] / "docs" / "formats.md").read_text(encoding="utf-8")

    missing = [reader.code for reader in readers if f"（`{reader.code}`）" not in page]

    assert missing == []


def test_every_column_a_table_may_have_is_documented() -> None:
    page = (Path(__file__).resolve().parents[5] / "docs" / "formats.md").read_text(encoding="utf-8")

    assert [field for field in FIELDS if f"| `{field}` |" not in page] == []
