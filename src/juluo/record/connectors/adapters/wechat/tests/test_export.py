"""MemoTrace's CSV and text of WeChat groups."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.wechat.export import WeChatExport, group_of
from juluo.record.connectors.adapters.wechat.notices import notice
from juluo.record.connectors.adapters.wechat.text import WeChatText
from juluo.record.connectors.tests.shelf import at, read
from juluo.record.connectors.types import Channel, Person, Reject
from juluo.record.events.types import Event, Kind

wechat, text = WeChatExport(), WeChatText()

HEADER = ["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status"]
HEADER += ["StrContent", "StrTime", "Remark", "NickName", "Sender"]
START = 1_772_330_400  # 2026-03-01 10:00:00 in Shanghai
MAN, SHU, ME = ("小满备注", "小满", "wxid_xiaoman"), ("", "阿树", "wxid_ashu"), ("", "我", "wxid_me")


def link(title: str, kind: int, more: str = "") -> str:
    return f'<?xml version="1.0"?><msg><appmsg appid=""><title>{title}</title><type>{kind}</type>{more}</appmsg></msg>'


def quote(title: str, sender: str, second: int, server_id: str = "77") -> str:
    told = f"<svrid>{server_id}</svrid><chatusr>{sender}</chatusr><createtime>{second}</createtime><content>几点？</content>"
    return link(title, 57, f"<refermsg>{told}</refermsg>")


def table(*rows: tuple, header: list[str] = HEADER) -> str:
    """Rows of (type, subtype, seconds after the start, content, (remark, nick name, account))."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for number, (kind, sub, second, content, (remark, nick, account)) in enumerate(rows, 1):
        mine = int(account == "wxid_me")
        writer.writerow([number, 5, kind, sub, mine, START + second, "", content, "2026-03-01 10:00:00", remark, nick, account])
    return "\ufeff" + out.getvalue()


GROUP = table(
    (1, 0, 0, "几点？", MAN),
    (1, 0, 5, "八点，\n老地方", SHU),
    (49, 57, 9, quote("好的", "wxid_xiaoman", START), SHU),
    (49, 5, 20, link("好文章", 5, "<url>https://example.org/a</url>"), MAN),
    (3, 0, 30, '<msg><img aeskey="x"/></msg>', SHU),
    (34, 0, 31, "<msg><voicemsg/></msg>", SHU),
    (47, 0, 32, '<msg><emoji type="2" /></msg>', SHU),
    (1, 0, 40, "收到", ME),
    (10000, 0, 50, '"小满"邀请"甲、阿树"加入了群聊', ("", "", "")),
    (10000, 0, 60, '"小满备注"将"甲"移出了群聊', ("", "", "")),
    (10000, 0, 70, '"阿树" 撤回了一条消息', ("", "", "")),
    (10000, 0, 80, "你修改群名为“读书会二群”", ("", "", "")),
    (10000, 0, 90, "收到红包，请在手机上查看", ("", "", "")),
)


def test_words_and_media_come_in_under_the_account_that_sent_them(tmp_path: Path) -> None:
    reading = read(wechat, tmp_path, {"读书会(12345@chatroom).csv": GROUP})

    said = reading.of(Kind.MESSAGE_CREATED)
    assert reading.plan.title == "读书会"
    assert reading.plan.questions == ()
    assert (said[0].actor, said[0].at, said[0].channel) == ("wxid_xiaoman", at("2026-03-01T10:00:00+08:00"), "读书会")
    assert [event.text for event in said] == ["几点？", "八点，\n老地方", "好的", "好文章", None, None, None, "收到"]
    assert [event.props and event.props["media"] for event in said] == [None, None, None, "link", "image", "voice", "sticker", None]
    assert said[3].props == {"media": "link", "url": "https://example.org/a"}
    assert (reading.people["wxid_xiaoman"].name, reading.people["wxid_xiaoman"].aliases) == ("小满", ("小满备注",))
    assert reading.refused == []


def test_a_quote_answers_the_message_it_quotes(tmp_path: Path) -> None:
    reading = read(wechat, tmp_path, {"读书会.csv": GROUP})

    assert reading.said("好的").reply_to == reading.said("几点？").key


def test_grey_lines_are_given_to_the_accounts_that_show_those_names(tmp_path: Path) -> None:
    reading = read(wechat, tmp_path, {"读书会.csv": GROUP})

    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [
        ("甲", {"by": "wxid_xiaoman"}),
        ("wxid_ashu", {"by": "wxid_xiaoman"}),
    ]
    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_LEFT)] == [("甲", {"by": "wxid_xiaoman", "removed": True})]
    assert [event.actor for event in reading.of(Kind.MESSAGE_DELETED)] == ["wxid_ashu"]
    assert [(event.actor, event.props) for event in reading.of(Kind.CHANNEL_RENAMED)] == [("wxid_me", {"name": "读书会二群"})]


def test_a_name_two_people_share_is_given_to_neither(tmp_path: Path) -> None:
    twin = ("", "阿树", "wxid_other")
    rows = table((1, 0, 0, "a", SHU), (1, 0, 1, "b", twin), (10000, 0, 2, '"小满"邀请"阿树"加入了群聊', ("", "", "")))

    (joined,) = read(wechat, tmp_path, {"读书会.csv": rows}).of(Kind.MEMBER_JOINED)

    assert joined.actor == "阿树"


def test_where_the_server_numbers_are_written_they_are_the_keys(tmp_path: Path) -> None:
    rows = table((1, 0, 0, "几点？", MAN), (49, 57, 9, quote("好的", "wxid_gone", 1, "4711"), SHU)).splitlines()
    numbered = "\n".join(f"{line},{extra}" for line, extra in zip(rows, ("MsgSvrID", "4711", "4712"), strict=True))

    reading = read(wechat, tmp_path, {"读书会.csv": numbered})

    assert [event.key for event in reading.events] == ["svr:4711", "svr:4712"]
    assert reading.said("好的").reply_to == "svr:4711"


def test_two_exports_that_overlap_agree_though_rows_are_numbered_anew(tmp_path: Path) -> None:
    early = table((1, 0, 0, "一", MAN), (1, 0, 0, "一", MAN), (1, 0, 5, "二", SHU))
    late = table((1, 0, 0, "一", MAN), (1, 0, 0, "一", MAN), (1, 0, 5, "二", SHU), (1, 0, 9, "三", SHU))

    first = read(wechat, tmp_path / "a", {"读书会.csv": early})
    second = read(wechat, tmp_path / "b", {"读书会.csv": late})

    assert len(first.messages) == 3
    assert first.messages.keys() < second.messages.keys()


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><msg><appmsg><title>&b;</title></appmsg></msg>'


@pytest.mark.parametrize("content", [BOMB, "<msg><appmsg>", "<msg>" * 50_000, link("x", 5) * 3, "<msg><![CDATA[]]></msg>", "\x00"])
def test_xml_that_would_expand_or_break_gives_a_message_without_words(tmp_path: Path, content: str) -> None:
    reading = read(wechat, tmp_path, {"读书会.csv": table((49, 5, 0, content, MAN))})

    (event,) = reading.events
    assert "aaaa" not in (event.text or "")


def test_rows_nobody_can_read_are_rejected_with_their_lines(tmp_path: Path) -> None:
    rows = table((1, 0, 0, "好", MAN), (1, 0, 400 * 86_400, "还没到", MAN), ("x", 0, 3, "什么类型", MAN), (1, 0, 4, "没有人", ("", "", "")))

    reading = read(wechat, tmp_path, {"读书会.csv": rows + "只有,三,列\n"})

    assert reading.rejects == [(3, "future_time"), (4, "bad_row"), (5, "no_sender"), (6, "bad_row")]


def test_one_stray_quotation_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    rows = table(*[(1, 0, n, f"第 {n} 条", MAN) for n in range(3_000)])
    broken = rows.replace("第 10 条", '"第 10 条', 1)

    reading = read(wechat, tmp_path, {"读书会.csv": broken})

    assert len(reading.messages) >= 2_999
    assert len(reading.messages) + len(reading.rejects) == 3_000


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("读书会(12345@chatroom).csv", "读书会"),
        ("读书会_utf8.csv", "读书会"),
        ("聊天记录/读书会/chat.csv", "读书会"),
        ("读书_会.csv", "读书_会"),
    ],
)
def test_the_group_is_called_as_its_file(name: str, group: str) -> None:
    assert group_of(name) == group


@pytest.mark.parametrize(
    ("said", "kind", "who", "by"),
    [
        ('"小满"邀请"阿树"加入了群聊', Kind.MEMBER_JOINED, ("阿树",), "小满"),
        ('你邀请"阿树"加入了群聊', Kind.MEMBER_JOINED, ("阿树",), "你"),
        ('"阿树"通过扫描"小满"分享的二维码加入群聊', Kind.MEMBER_JOINED, ("阿树",), "小满"),
        ("“阿树”加入了群聊", Kind.MEMBER_JOINED, ("阿树",), ""),
        ("阿树加入本群。", Kind.MEMBER_JOINED, ("阿树",), ""),
        ('"小满"将"阿树、甲"移出了群聊', Kind.MEMBER_LEFT, ("阿树", "甲"), "小满"),
        ("你被小满移出群聊", Kind.MEMBER_LEFT, ("你",), "小满"),
        ("阿树 退出了本群", Kind.MEMBER_LEFT, ("阿树",), ""),
        ("阿树 已被管理员移出本群", Kind.MEMBER_LEFT, ("阿树",), "管理员"),
        ("你撤回了一条消息", Kind.MESSAGE_DELETED, ("你",), ""),
        ("小满撤回了成员阿树的一条消息", Kind.MESSAGE_DELETED, ("小满",), ""),
    ],
)
def test_grey_lines_are_understood(said: str, kind: Kind, who: tuple[str, ...], by: str) -> None:
    found = notice(said)

    assert found is not None
    assert (found.kind, found.who, found.by) == (kind, who, by)


# -- text -----------------------------------------------------------------------------------------------------------

PLAIN = """2026-03-01 10:00:00 小满
几点？

2026-03-01 10:00:05 阿树
八点，

2026-03-01 老地方
2026-03-01 10:00:06 这一行不是新消息

2026-03-01 10:00:09 阿树
[图片]

2026-03-01 10:01:00 系统消息
"小满"邀请"甲"加入了群聊
"""


def test_the_plain_text_is_read_by_its_empty_lines(tmp_path: Path) -> None:
    reading = read(text, tmp_path, {"读书会.txt": PLAIN})

    said = reading.of(Kind.MESSAGE_CREATED)
    assert [event.text for event in said] == ["几点？", "八点，\n\n2026-03-01 老地方\n2026-03-01 10:00:06 这一行不是新消息", None]
    assert [event.actor for event in said] == ["小满", "阿树", "阿树"]
    assert said[2].props == {"media": "image"}
    assert [(event.actor, event.props) for event in reading.of(Kind.MEMBER_JOINED)] == [("甲", {"by": "小满"})]
    assert reading.refused == []


@given(
    st.lists(
        st.one_of(st.sampled_from([*GROUP.splitlines(), *PLAIN.splitlines()]), st.text(max_size=60), st.binary(max_size=40)), max_size=25
    )
)
def test_whatever_stands_in_a_history_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    folder = tmp_path_factory.mktemp("wechat")
    body = b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts)
    (folder / "a.csv").write_bytes(",".join(HEADER).encode() + b"\n" + body)
    (folder / "b.txt").write_bytes(PLAIN.encode() + b"\n" + body)

    for reader in (wechat, text):
        with open_pack(folder) as pack:
            reader.look(pack)
            try:
                items = list(reader.read(pack, {}))
            except JuluoError:
                continue
        assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)
