"""QQ's 消息记录 as text: a head "2026-10-05 21:40:12 小满(10001)", the words below; many groups may share one file."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar, NamedTuple

from juluo.kit.archive import Pack, encoding_of
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.kinds import is_staff_role, kind_of
from juluo.record.connectors.rules.names import Directory, clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, PersonKind, Plan, Reject
from juluo.record.events.types import Event, Kind

from ..blocks import Block, blocks
from ..reading import sound
from ..wechat.notices import YOU, Notice, facts, notice

SOURCE = "qq"
_MOST_NOTICES = 1_000_000
# 2017-02-25 10:40:20 【管理员】小满(10001)   2017-02-25 9:40:20 阿树<ashu@example.org>   2017-02-25 下午 9:40:20 …
_HEAD = re.compile(
    r"(\d{4})-(\d\d)-(\d\d) (?:(上午|下午|凌晨|早上|中午|晚上) ?)?(\d{1,2}):(\d\d):(\d\d) "
    r"(?:【([^】\n]{1,20})】)?(.{0,100}?)(?:\((\d{5,12})\)|<([^<>\s]{3,100})>)\s*$",
    re.ASCII,
)
_ANONYMOUS = re.compile(r"\d{4}-\d\d-\d\d (?:\S{2} ?)?\d{1,2}:\d\d:\d\d [^\n]{1,100}$", re.ASCII)
_LOOSE = re.compile(r"={10,}\s*$|消息(?:记录|分组|对象)[:：（(]|消息记录")
_SECTION = re.compile(r"消息对象[:：](.{1,200})")
_OPENING = re.compile(r"消息记录（|消息分组[:：]|消息对象[:：]")
_SYSTEM_ACCOUNTS = ("10000", "1000000", "80000000")
_BOT_ACCOUNTS = ("2854196310",)  # Q群管家, Tencent's own group keeper
_MEDIA = {"图片": "image", "语音": "voice", "视频": "video", "文件": "file", "动画表情": "sticker", "QQ红包": "red_packet"}
_STAND_IN = re.compile(rf"(?:\[(?:{'|'.join(_MEDIA)})\]\s*){{1,20}}$")


class QQExport:
    """Reads the group history QQ for desktop exports as text.

    A member is the account (a number, or the mail address QQ shows instead); the name is the last one seen. Titles in
    front of a name (【管理员】, 【群主】) make staff. Lines of 系统消息 tell who came and left in display names; they
    are given to the account that shows the name in the same group. Conversations with friends, which show no account in
    their heads, are passed over: they are nobody's community.
    """

    code: ClassVar[str] = "qq"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("QQ 群聊天记录（消息管理器导出的 TXT）")

    def look(self, pack: Pack) -> Plan | None:
        found = [name for name in _texts(pack)[:20] if _looks_right(pack, name)]
        if not found:
            return None
        head = _shown(pack, found[0])
        section = _SECTION.search(head)
        questions = (zone_question(N_("导出的文本里没有写时区；QQ 按电脑的时间显示，先按社群的时区理解")),)
        return Plan(self.code, 0.95, clean(section[1]) if section else _stem(found[0]), questions)

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        for name, stream in pack.walk({name for name in _texts(pack) if _looks_right(pack, name)}):
            yield from _History(name, answers).items(stream)


class _Grey(NamedTuple):
    """A notice waiting until the names of its group are known."""

    notice: Notice
    key: str
    at: int


class _History:
    """One file, group after group."""

    def __init__(self, file: str, answers: Mapping[str, Any]) -> None:
        self.file, self.group = file, _stem(file)
        self.clock, self.times = LocalClock(answers.get("zone")), Times(answers)
        self.numbering, self.order, self.directory = Numbering(), Order(), Directory()
        self.met: dict[str, tuple[str, PersonKind | None]] = {}
        self.greys: list[_Grey] = []
        self.is_told, self.is_private = False, False

    def items(self, stream: BinaryIO) -> Iterator[Item]:
        for block in blocks(stream, _HEAD, loose=_LOOSE):
            if block.head is not None:
                yield from self._message(block)
            elif block.too_long:
                yield Reject(self.file, block.line, "too_long", excerpt(block.text))
            elif section := _SECTION.match(block.text):
                yield from self._greys()
                self.group, self.is_told, self.is_private = clean(section[1]), False, False
            elif not self.is_told and _ANONYMOUS.match(block.text):
                self.is_private = True
            elif not _LOOSE.match(block.text) and not self.is_private:
                yield Reject(self.file, block.line, "no_time", excerpt(block.text))
        yield from self._greys()

    def _message(self, block: Block) -> Iterator[Item]:
        head, text = block.head, block.text.strip()
        assert head is not None
        year, month, day, half, hour, minute, second, role, name, number, mail = head.groups()
        hours = int(hour)
        if half in ("下午", "晚上", "中午") and hours < (10 if half == "中午" else 12):
            hours += 12
        elif half in ("上午", "凌晨", "早上"):
            hours %= 12
        try:
            at = self.clock(int(year), int(month), int(day), hours, int(minute), int(second))
        except ValueError:
            yield Reject(self.file, block.line, "bad_time", excerpt(head[0]))
            return
        if fault := self.times.fault(at):
            yield Reject(self.file, block.line, fault, excerpt(head[0]))
            return
        if not self.is_told:
            self.is_told = True
            yield Channel(SOURCE, self.group, self.group)
        at, account = self.order(at), number or mail
        key = self.numbering.key(self.group, f"{year}-{month}-{day}T{hours:02d}:{minute}:{second}", account, text)
        if account in _SYSTEM_ACCOUNTS:
            if (told := notice(text)) and len(self.greys) < _MOST_NOTICES:
                self.greys.append(_Grey(told, key, at))
            else:
                yield Reject(self.file, block.line, "notice", excerpt(text))
            return
        yield from self._meet(account, clean(name) or account, role)
        if (told := notice(text)) and told.kind is Kind.MESSAGE_DELETED:
            yield Event(key, at, told.kind, SOURCE, self.group, account)
            return
        media = _STAND_IN.match(text)
        props = {"media": _MEDIA[text[1 : text.index("]")]]} if media else None
        yield Event(key, at, Kind.MESSAGE_CREATED, SOURCE, self.group, account, text=None if media else text, props=props)

    def _meet(self, account: str, name: str, role: str | None) -> Iterator[Item]:
        kind = kind_of(name, is_bot=account in _BOT_ACCOUNTS, is_staff=bool(role) and is_staff_role([role or ""]))
        self.directory.see(name, account)
        before = self.met.get(account)
        if before == (name, kind):
            return
        self.met[account] = (name, kind)
        aliases = (before[0],) if before and before[0] != name else ()
        yield Person(SOURCE, account, name, kind, aliases)

    def _greys(self) -> Iterator[Item]:
        """The notices of a group, now that its members are known by name."""
        for grey in self.greys:
            told = grey.notice
            people = [self.directory.account(name) or name for name in told.who if name != YOU]
            for name in people:
                if name not in self.met:
                    self.met[name] = (name, None)
                    yield Person(SOURCE, name, name, kind_of(name))
            if told.kind is Kind.CHANNEL_RENAMED:
                yield Event(grey.key, grey.at, told.kind, SOURCE, self.group, people[0] if people else "", props=facts(told, ""))
                continue
            props = facts(told, self.directory.account(told.by) or told.by.removeprefix(YOU))
            for place, who in enumerate(people):
                yield Event(f"{grey.key}-{place}" if place else grey.key, grey.at, told.kind, SOURCE, self.group, who, props=props)
        self.greys.clear()
        self.directory = Directory()


def _texts(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith(".txt") or (pack.is_single and "." not in item.name)]


def _shown(pack: Pack, name: str) -> str:
    head = pack.head(name, 16_384)
    return head.decode(encoding_of(head), "replace")


def _looks_right(pack: Pack, name: str) -> bool:
    shown = _shown(pack, name).splitlines()
    heads = sum(1 for line in shown if _HEAD.match(line))
    return heads > 0 and (heads >= 2 or any(_OPENING.match(line.lstrip("\ufeff")) for line in shown))


def _stem(name: str) -> str:
    return clean(PurePosixPath(name).stem) or "QQ"
