"""Logs of every usual client become the same events."""

import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juluo.kit.archive import open_pack
from juluo.kit.errors import JuluoError
from juluo.record.connectors.adapters.irc.export import IrcExport
from juluo.record.connectors.errors import NOTICE
from juluo.record.connectors.tests.shelf import at, read, read_path
from juluo.record.connectors.types import Channel, Person, PersonKind, Reject
from juluo.record.events.types import Event, Kind

irc = IrcExport()

DAY = """[09:27] *** xiaoman joined
[09:28] <xiaoman> 大家早

[09:29] <ashu> xiaoman: morning
[09:30] * xiaoman waves
[09:31] *** ashu is now known as ashu_away
[09:32] *** ashu_away left
[09:33] *** ChanServ sets mode: +o xiaoman
[09:34] *** xiaoman changes topic to: 读书会 | 每周三晚
[09:35] *** troll was kicked by xiaoman (bye)
"""
DAYS = {"读书会/2026/2026-03-01": DAY, "读书会/2026/2026-03-02": "[00:01] <ashu> 新的一天\n"}

IRSSI = """--- Log opened Sun Mar 01 09:00:00 2026
09:27 -!- xiaoman [~x@example.org] has joined #读书会
09:28 <@xiaoman> 大家早
09:29 < ashu> xiaoman, morning
09:30  * xiaoman waves
09:31 -!- ashu is now known as ashu_away
09:32 -!- ashu_away [~a@example.org] has quit [Ping timeout]
09:33 -!- mode/#读书会 [+o xiaoman] by ChanServ
09:34 -!- xiaoman changed the topic of #读书会 to: 读书会 | 每周三晚
09:35 -!- troll was kicked from #读书会 by xiaoman [bye]
09:36 -!- Netsplit a.example <-> b.example quits: jia, yi
--- Day changed Mon Mar 02 2026
00:01 < ashu> 新的一天
--- Log closed Mon Mar 02 00:02:00 2026
"""

WEECHAT = """2026-03-01 09:27:00\t-->\txiaoman (~x@example.org) has joined #读书会
2026-03-01 09:28:00\t@xiaoman\t大家早
2026-03-01 09:29:00\tashu\txiaoman: morning
2026-03-01 09:30:00\t *\txiaoman waves
2026-03-01 09:31:00\t--\tashu is now known as ashu_away
2026-03-01 09:32:00\t<--\tashu_away (~a@example.org) has quit (Ping timeout)
2026-03-01 09:34:00\t--\txiaoman has changed topic for #读书会 from "旧" to "读书会 | 每周三晚"
2026-03-01 09:35:00\t<--\txiaoman has kicked troll (bye)
2026-03-02 00:01:00\tashu\t新的一天
"""

SUPYBOT = """2026-03-01T09:27:00+0800  *** xiaoman <xiaoman!~x@example.org> has joined #读书会
2026-03-01T09:28:00+0800  <xiaoman> 大家早
2026-03-01T09:29:00+0800  <ashu> xiaoman: morning
2026-03-01T09:30:00+0800  * xiaoman waves
2026-03-01T09:31:00+0800  *** ashu is now known as ashu_away
2026-03-01T09:32:00+0800  *** ashu_away has quit IRC
2026-03-01T09:33:00+0800  -helper- 通知
2026-03-02T00:01:00+0800  <ashu> 新的一天
2026-03-02T00:01:00 0800  <ashu> 时区写坏了
2026-03-02T00:02:00+0800  没有尖括号的一行
"""

ZNC = """[09:27:00] *** Joins: xiaoman (~x@example.org)
[09:28:00] <xiaoman> 大家早
[09:29:00] <ashu> xiaoman: morning
[09:30:00] * xiaoman waves
[09:31:00] *** ashu is now known as ashu_away
[09:32:00] *** Quits: ashu_away (~a@example.org) (Ping timeout)
"""

CLIENTS = {
    "day files": DAYS,
    "irssi": {"#读书会.log": IRSSI},
    "weechat": {"irc.libera.#读书会.weechatlog": WEECHAT},
    "supybot": {"supybot.log": SUPYBOT},
    "znc": {"#读书会/2026-03-01.log": ZNC, "#读书会/2026-03-02.log": "[00:01:00] <ashu> 新的一天\n"},
}


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_tells_the_same_story(tmp_path: Path, client: str) -> None:
    reading = read(irc, tmp_path, CLIENTS[client])

    early, morning, late = (reading.said(text) for text in ("大家早", morning_of(client), "新的一天"))
    assert (early.actor, early.at) == ("xiaoman", at("2026-03-01T09:28:00+08:00"))
    assert (morning.actor, morning.reply_to) == ("ashu", early.key)
    assert late.at == at("2026-03-02T00:01:00+08:00")
    assert [event.actor for event in reading.of(Kind.MEMBER_JOINED)] == ["xiaoman"]
    assert "ashu_away" in [event.actor for event in reading.of(Kind.MEMBER_LEFT)]
    assert [event.props for event in reading.of(Kind.MEMBER_RENAMED)] == [{"from": "ashu", "to": "ashu_away"}]
    assert reading.people["ashu_away"].aliases == ("ashu",)


def morning_of(client: str) -> str:
    return "xiaoman, morning" if client == "irssi" else "xiaoman: morning"


@pytest.mark.parametrize("client", ["day files", "irssi", "weechat"])
def test_the_topic_is_the_channels_purpose(tmp_path: Path, client: str) -> None:
    (channel,) = read(irc, tmp_path, CLIENTS[client]).channels.values()

    assert channel.purpose.strip('"') == "读书会 | 每周三晚"


def test_the_channel_is_named_by_the_folder_the_file_or_what_the_joins_say(tmp_path: Path) -> None:
    names = {client: list(read(irc, tmp_path / client, files).channels) for client, files in CLIENTS.items()}

    assert names == {"day files": ["读书会"], "irssi": ["#读书会"], "weechat": ["#读书会"], "supybot": ["#读书会"], "znc": ["#读书会"]}


def test_being_kicked_is_leaving_except_in_day_files_which_count_left_lines(tmp_path: Path) -> None:
    in_irssi = read(irc, tmp_path / "irssi", CLIENTS["irssi"]).of(Kind.MEMBER_LEFT)
    in_days = read(irc, tmp_path / "days", DAYS).of(Kind.MEMBER_LEFT)

    assert [(event.actor, event.props) for event in in_irssi if event.props] == [("troll", {"removed": True, "by": "xiaoman"})]
    assert [event.actor for event in in_days] == ["ashu_away"]


def test_a_split_of_the_network_takes_everyone_it_names(tmp_path: Path) -> None:
    reading = read(irc, tmp_path, CLIENTS["irssi"])

    assert {"jia", "yi"} <= {event.actor for event in reading.of(Kind.MEMBER_LEFT)}


def test_actions_count_only_when_the_operator_says_so(tmp_path: Path) -> None:
    left_out = read(irc, tmp_path, DAYS)
    counted = read(irc, tmp_path, DAYS, actions="count")

    assert [question.code for question in left_out.plan.questions] == ["zone", "actions"]
    assert len(counted.messages) == len(left_out.messages) + 1
    assert counted.said("waves").props == {"action": True}


def test_a_log_with_zones_is_not_asked_for_one(tmp_path: Path) -> None:
    reading = read(irc, tmp_path, {"supybot.log": SUPYBOT})

    assert "zone" not in [question.code for question in reading.plan.questions]
    assert reading.rejects == [(9, "unknown_type"), (10, "unknown_type")]


def test_lines_of_one_minute_keep_their_order(tmp_path: Path) -> None:
    log = "".join(f"[10:00] <ashu> {n}\n" for n in range(5))

    moments = [event.at for event in read(irc, tmp_path, {"x/2026-03-01": log}).events]

    assert moments == sorted(set(moments))
    assert moments[-1] - moments[0] == 4


def test_the_same_words_in_one_minute_are_two_messages_and_overlapping_logs_agree(tmp_path: Path) -> None:
    log = "[10:00] <ashu> +1\n[10:00] <ashu> +1\n[10:01] <ashu> +1\n"
    longer = "[09:59] <xiaoman> 投票\n" + log

    first = read(irc, tmp_path / "a", {"x/2026-03-01": log})
    second = read(irc, tmp_path / "b", {"x/2026-03-01": longer})

    assert len(first.messages) == 3
    assert first.messages.keys() < second.messages.keys()


def test_an_answer_after_an_hour_or_to_oneself_is_none(tmp_path: Path) -> None:
    log = "[10:00] <ashu> 有人吗\n[10:05] <ashu> ashu: 没有\n[11:01] <xiaoman> ashu: 有\n"

    replies = [event.reply_to for event in read(irc, tmp_path, {"x/2026-03-01": log}).events]

    assert replies == [None, None, read(irc, tmp_path, {"x/2026-03-01": log}).events[1].key]


def test_answers_follow_a_nick_change(tmp_path: Path) -> None:
    log = "[10:00] <ashu> 有人吗\n[10:01] *** ashu is now known as shu\n[10:02] <xiaoman> shu: 有\n"

    reading = read(irc, tmp_path, {"x/2026-03-01": log})

    assert reading.said("shu: 有").reply_to == reading.said("有人吗").key


# -- bridges and bots -----------------------------------------------------------------------------------------------


def carried(relay: str, *pairs: tuple[str, str]) -> str:
    return "".join(f"[10:{minute:02d}] <{relay}> <{who}> {text}\n" for minute, (who, text) in enumerate(pairs))


def test_what_a_bridge_carries_was_said_by_the_one_inside(tmp_path: Path) -> None:
    log = carried("relaybot", ("小满", "你们好"), ("阿树", "你好"), ("小满", "开始吧"))

    reading = read(irc, tmp_path, {"x/2026-03-01": log})

    assert [(event.actor, event.text) for event in reading.events] == [("小满", "你们好"), ("阿树", "你好"), ("小满", "开始吧")]
    assert reading.said("你好").props == {"via": "relaybot"}
    assert reading.people["relaybot"].kind is PersonKind.BOT
    assert reading.people["小满"].kind is None


def test_a_person_who_quotes_somebody_is_no_bridge(tmp_path: Path) -> None:
    log = "[10:00] <ashu> <xiaoman> 明天见\n[10:01] <ashu> 他说的\n[10:02] <ashu> 对吧\n[10:03] <ashu> 嗯\n"

    reading = read(irc, tmp_path, {"x/2026-03-01": log})

    assert reading.events[0].actor == "ashu"
    assert reading.events[0].text == "<xiaoman> 明天见"
    assert reading.people["ashu"].kind is None


def test_a_bridge_of_few_words_is_known_by_its_brothers_or_its_name(tmp_path: Path) -> None:
    first = carried("gate1", ("小满", "一"), ("阿树", "二"), ("小满", "三"))
    late = "[11:00] <gate2> <阿树> 四\n[11:01] <telegram-x> <阿树> 五\n[11:02] <someone> <阿树> 六\n"

    reading = read(irc, tmp_path, {"x/2026-03-01": first + late})

    assert [event.actor for event in reading.events] == ["小满", "阿树", "小满", "阿树", "阿树", "someone"]


def test_rows_behind_an_undecided_one_come_in_the_order_of_the_log(tmp_path: Path) -> None:
    log = "[10:00] <who> <小满> 一\n" + "".join(f"[10:01] *** n{n} joined\n" for n in range(3_000)) + "[10:02] <who> <阿树> 二\n"

    reading = read(irc, tmp_path, {"x/2026-03-01": log})

    moments = [event.at for event in reading.events]
    assert len(moments) == 3_002
    assert moments == sorted(moments)


def test_programs_are_known_by_their_manner_and_learners_are_not(tmp_path: Path) -> None:
    lines = []
    for n in range(30):
        lines += [f"[10:{n:02d}] <ashu> eval: say {n}", f"[10:{n:02d}] <runner> runner-2026 OUTPUT: {n}"]
        lines += [f"[11:{n:02d}] <committer> ¦ book: {n} commits"] if n < 15 else []
    lines += [line for n in range(25) for line in (f"[12:{n:02d}] <xiaoman> 问题 {n}", f"[12:{n:02d}] <helper6> xiaoman, {n} 是答案")]
    lines += [line for n in range(25) for line in (f"[13:{n:02d}] <xiaoman> !天气", f"[13:{n:02d}] <sky> {n} 度")]

    people = read(irc, tmp_path, {"x/2026-03-01": "\n".join(lines) + "\n"}).people

    why = {name: person.attributes["bot_because"].split(" ")[0] for name, person in people.items() if person.kind is PersonKind.BOT}
    assert why == {"runner": "opens", "helper6": "addresses", "sky": "speaks"}


# -- broken and hostile ---------------------------------------------------------------------------------------------


def test_rows_nobody_can_date_are_rejected_with_their_lines(tmp_path: Path) -> None:
    log = "[10:00] <ashu> 好\n没有时间\n[25:00] <ashu> 坏\n[10:01] 不是一行\n"

    reading = read(irc, tmp_path, {"x/2026-03-01": log + "[10:02] <ashu> 好\n" * 20})

    assert reading.rejects == [(2, "no_time"), (3, "bad_time"), (4, "unknown_type")]


@pytest.mark.parametrize(("day", "reason"), [("2026-06-20", "future_time"), ("1970-01-02", "bad_time")])
def test_days_nobody_can_have_lived_yet_are_rejected(tmp_path: Path, day: str, reason: str) -> None:
    reading = read(irc, tmp_path, {"x/2026-03-01": "[10:00] <ashu> 好\n", f"x/{day}": "[10:00] <ashu> 好\n"})

    assert reading.rejects == [(1, reason)]


def test_colours_and_bold_are_stripped(tmp_path: Path) -> None:
    reading = read(irc, tmp_path, {"x/2026-03-01": "[10:00] <ashu> \x0304,01红\x0f \x02粗\x02\n"})

    assert reading.events[0].text == "红 粗"


def test_a_log_without_a_date_anywhere_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "chat.log").write_text("[10:00] <ashu> 好\n" * 5)

    with open_pack(tmp_path / "chat.log") as pack:
        assert irc.look(pack) is None


LINES = [*DAY.splitlines(), *IRSSI.splitlines(), *WEECHAT.splitlines(), *SUPYBOT.splitlines(), "[10:00] <r> <a> x"]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60), st.binary(max_size=40)), max_size=30))
def test_whatever_stands_in_a_log_it_is_items_or_a_refusal(tmp_path_factory, parts: list[str | bytes]) -> None:
    path = tmp_path_factory.mktemp("log") / "2026-03-01.log"
    path.write_bytes(b"\n".join(part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts))

    try:
        with open_pack(path) as pack:
            irc.look(pack)
            items = list(irc.read(pack, {"actions": "count"}))
    except JuluoError:
        return

    assert all(isinstance(item, Event | Person | Channel | Reject) for item in items)


# -- the real thing -------------------------------------------------------------------------------------------------

RAKU = {
    "raku": (310_612, 210_414, 207_277, "2019-10-13", "2026-06-18"),
    "raku-beginner": (51_423, 22_310, 22_257, "2021-08-16", "2026-06-18"),
    "cro": (9_612, 17_680, 16_307, "2017-11-20", "2026-06-18"),
}


@pytest.mark.real
@pytest.mark.parametrize("name", RAKU)
def test_the_raku_archives_give_their_known_figures(real_data: Path, name: str) -> None:
    messages, joins, leaves, first, last = RAKU[name]
    keys: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    bots: set[str] = set()
    moments = [2**62, 0]
    rejected = 0

    with open_pack(real_data / "chat" / f"{name}.tar.xz") as pack:
        plan = irc.look(pack)
        for item in irc.read(pack, {"zone": "UTC"}):
            if isinstance(item, Event):
                keys[item.kind].add(item.key)
                moments = [min(moments[0], item.at), max(moments[1], item.at)]
            elif isinstance(item, Person) and item.kind is PersonKind.BOT:
                bots.add(item.external_id)
            rejected += isinstance(item, Reject) and item.reason != NOTICE

    assert plan is not None
    assert plan.title == name
    assert [len(keys[kind]) for kind in (Kind.MESSAGE_CREATED, Kind.MEMBER_JOINED, Kind.MEMBER_LEFT)] == [messages, joins, leaves]
    assert rejected == 0
    assert at(first) <= moments[0] < at(first) + 86_400_000_000
    assert at(last) <= moments[1] < at(last) + 86_400_000_000
    assert {"discord-raku-bot", "disbot1", "disbot2", "disbot4"} <= bots
    known = {"raku": {"camelia", "Geth", "evalable6", "tellable6", "Raku eval"}, "raku-beginner": {"camelia", "Raku eval"}, "cro": {"Geth"}}
    assert known[name] <= bots
    assert len(bots) < 50


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "messages", "others", "rejects"),
    [
        ("supybot_valid", 51, 46, 0),
        ("supybot_2012_10_17", 6, 2, 0),
        ("supybot_2012_10_18", 4, 4, 0),
        ("supybot_date_without_tz", 2, 1, 0),
        ("supybot_invalid_date", 5, 3, 1),
        ("supybot_invalid_msg", 4, 4, 1),
    ],
)
def test_the_supybot_samples_lose_no_row(real_data: Path, name: str, messages: int, others: int, rejects: int) -> None:
    path = real_data / "formats/perceval/tests/data/supybot" / f"{name}.log"
    written = [line for line in path.read_text().splitlines() if line]
    actions = sum(1 for line in written if "  *" in line and "  *** " not in line)

    reading = read_path(irc, path)
    counted = read_path(irc, path, actions="count")

    assert (len(reading.messages), len(reading.events) - len(reading.messages), len(reading.rejects)) == (messages, others, rejects)
    assert len(counted.events) + len(counted.rejects) == len(written)
    assert len(counted.events) - len(reading.events) == actions


def test_a_packed_archive_reads_like_the_folder(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz") as pack:
        for name, text in DAYS.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            pack.addfile(info, io.BytesIO(text.encode()))
    (tmp_path / "读书会.tar.xz").write_bytes(out.getvalue())

    packed = read_path(irc, tmp_path / "读书会.tar.xz")

    assert packed.events == read(irc, tmp_path / "folder", DAYS).events
