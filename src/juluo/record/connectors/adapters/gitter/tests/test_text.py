"""A Gitter room saved as text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.gitter.export import GitterText
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import Channel, Person, Reject
from juluo.record.events.types import Event

gitter = GitterText()

ROOM = """[2026-03-01 09:28:00] <xiaoman> 大家早\r
[2026-03-01 09:29:00] <ashu> @xiaoman 早\r
def f():\r
    return 1\r
[2026-03-01 09:30:00] <xiaoman> 谢谢@ashu\r
[2026-13-01 09:30:00] <ashu> 坏\r
"""


def test_a_message_goes_on_over_lines_until_the_next_head(tmp_path: Path) -> None:
    reading = read(gitter, tmp_path, {"读书会.txt": ROOM})

    early, code, thanks = reading.events
    assert (early.actor, early.at, early.channel) == ("xiaoman", at("2026-03-01T09:28:00+08:00"), "读书会")
    assert code.text == "@xiaoman 早\ndef f():\n    return 1"
    assert (code.reply_to, thanks.reply_to) == (early.key, None)
    assert reading.rejects == [(6, "bad_time")]


def test_a_log_in_which_people_come_and_go_is_left_to_irc(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("[2026-03-01 09:28:00] <xiaoman> 早\n[2026-03-01 09:29:00] *** ashu joined\n")

    with open_pack(path) as pack:
        assert gitter.look(pack) is None


@given(st.lists(st.one_of(st.sampled_from(ROOM.splitlines()), st.text(max_size=60), st.binary(max_size=40)), max_size=20))
def test_whatever_stands_in_a_room_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("room") / "room.txt"
    path.write_bytes(b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts))

    try:
        with open_pack(path) as pack:
            gitter.look(pack)
            items = list(gitter.read(pack, {}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)


@pytest.mark.real
def test_the_appium_room_gives_its_known_figure(real_data: Path) -> None:
    reading = read_path(gitter, real_data / "chat/gitter_appium/appium.txt.xz", zone="UTC")

    assert len(reading.messages) == 24_883
    assert reading.rejects == []
    assert list(reading.channels) == ["appium"]
