"""QQ's message manager exports groups as text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.qq.export import QQExport
from juluo.record.connectors.tests.shelf import at, read
from juluo.record.connectors.types import Channel, Person, PersonKind, Reject
from juluo.record.events.types import Event, Kind

qq = QQExport()
RULE = "=" * 64

HEADER = f"""消息记录（此消息记录为文本格式，不支持重新导入）

{RULE}
消息分组:我的QQ群
{RULE}
消息对象:读书会
{RULE}

"""

GROUP = (
    HEADER
    + """2026-03-01 9:28:00 【群主】小满(10001)
大家早

2026-03-01 21:40:12 阿树<ashu@example.org>
晚上好
第二行

2026-03-01 21:40:13 【冒泡】阿树(改名)(20002)
[图片]

2026-03-01 21:41:00 系统消息(10000)
小满加入本群。

2026-03-01 21:41:10 系统消息(10000)
小满邀请甲、乙加入了本群。

2026-03-01 21:41:20 系统消息(10000)
甲 退出了本群

2026-03-01 21:42:00 阿树(20002)
阿树撤回了一条消息

"""
)
FRIEND = f"""{RULE}
消息分组:我的好友
{RULE}
消息对象:老友
{RULE}

2026-03-01 21:41:00 老友
在吗

"""
OTHER = f"""{RULE}
消息分组:我的QQ群
{RULE}
消息对象:跑步群
{RULE}

2026-03-02 6:00:00 阿树(20002)
跑起来

"""


def test_members_are_accounts_and_names_are_the_last_ones_seen(tmp_path: Path) -> None:
    reading = read(qq, tmp_path, {"读书会.txt": GROUP})

    early, evening, picture = reading.of(Kind.MESSAGE_CREATED)
    assert reading.plan.title == "读书会"
    assert (early.actor, early.at, early.text) == ("10001", at("2026-03-01T09:28:00+08:00"), "大家早")
    assert (evening.actor, evening.text) == ("ashu@example.org", "晚上好\n第二行")
    assert (picture.actor, picture.text, picture.props) == ("20002", None, {"media": "image"})
    assert reading.people["10001"].kind is PersonKind.STAFF
    assert (reading.people["20002"].name, reading.people["20002"].kind) == ("阿树", None)
    assert reading.people["20002"].aliases == ("阿树(改名)",)
    assert reading.rejects == []


def test_system_lines_are_given_to_the_accounts_of_that_name(tmp_path: Path) -> None:
    reading = read(qq, tmp_path, {"读书会.txt": GROUP})

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [
        ("10001", None),
        ("甲", {"by": "10001"}),
        ("乙", {"by": "10001"}),
    ]
    assert [event.actor for event in reading.of(Kind.MEMBER_LEFT)] == ["甲"]
    assert [event.actor for event in reading.of(Kind.MESSAGE_DELETED)] == ["20002"]


def test_one_file_may_hold_many_groups_and_friends_are_nobodys_business(tmp_path: Path) -> None:
    reading = read(qq, tmp_path, {"全部消息记录.txt": GROUP + FRIEND + OTHER})

    assert list(reading.channels) == ["读书会", "跑步群"]
    assert "在吗" not in [event.text for event in reading.events]
    assert reading.said("跑起来").channel == "跑步群"
    assert reading.rejects == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_qq_writes_whatever_windows_speaks(tmp_path: Path, encoding: str) -> None:
    plain = read(qq, tmp_path / "plain", {"a.txt": GROUP})

    again = read(qq, tmp_path / "again", {"a.txt": GROUP.replace("\n", "\r\n").encode(encoding)})

    assert again.events == plain.events


def test_times_on_twelve_hours_are_understood(tmp_path: Path) -> None:
    reading = read(
        qq, tmp_path, {"a.txt": HEADER + "2026-03-01 下午 9:40:12 小满(10001)\n好\n\n2026-03-01 凌晨 12:05:00 小满(10001)\n睡了\n"}
    )

    assert [event.at for event in reading.events] == [at("2026-03-01T21:40:12+08:00"), at("2026-03-01T00:05:00+08:00")]


def test_rows_nobody_can_read_are_rejected_with_their_lines(tmp_path: Path) -> None:
    rows = (
        HEADER
        + "没头的一行\n2026-02-30 9:00:00 小满(10001)\n坏\n\n2027-03-01 9:00:00 小满(10001)\n还没到\n\n2026-03-01 9:00:00 小满(10001)\n好\n"
    )

    assert read(qq, tmp_path, {"a.txt": rows}).rejects == [(9, "no_time"), (10, "bad_time"), (13, "future_time")]


@given(st.lists(st.one_of(st.sampled_from((GROUP + FRIEND).splitlines()), st.text(max_size=60), st.binary(max_size=40)), max_size=30))
def test_whatever_stands_in_a_history_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("qq") / "a.txt"
    path.write_bytes(HEADER.encode() + b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts))

    try:
        with open_pack(path) as pack:
            qq.look(pack)
            items = list(qq.read(pack, {}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)
