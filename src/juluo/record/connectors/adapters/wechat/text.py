"""WeChat as plain text by MemoTrace: "2026-10-05 21:40:12 小满", the words below, an empty line between messages."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, ClassVar

from juluo.kit.archive import Pack, encoding_of
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, Plan, Reject
from juluo.record.events.types import Event, Kind

from ..blocks import blocks
from ..reading import sound
from .export import SOURCE, group_of
from .notices import YOU, Notice, facts, notice

_HEAD = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) ?(.{0,100})$", re.ASCII)
_ACCOUNT = re.compile(r"[(（]\d{5,12}[)）]$|<[^<>\s]{3,80}@[^<>\s]{2,80}>$")
_MEDIA = {"图片": "image", "语音": "voice", "视频": "video", "表情包": "sticker", "动画表情": "sticker", "文件": "file", "位置": "location"}
_STAND_IN = re.compile(rf"\[({'|'.join(_MEDIA)})\](.{{0,200}})$")
_SYSTEM = ("", "系统", "系统消息", "系统通知")


class WeChatText:
    """Reads MemoTrace's plain text. It tells display names only, so a member is who is called so."""

    code: ClassVar[str] = "wechat_text"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("微信聊天记录（留痕 MemoTrace 导出的 TXT）")

    def look(self, pack: Pack) -> Plan | None:
        names = [name for name in _texts(pack)[:20] if _looks_right(pack, name)]
        if not names:
            return None
        because = N_("文本里没有写时区；微信按手机所在地显示时间，先按社群的时区理解")
        return Plan(self.code, 0.7, group_of(names[0]), (zone_question(because),))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        met = set[str]()
        for name, stream in pack.walk({name for name in _texts(pack) if _looks_right(pack, name)}):
            yield from _items(name, stream, answers, met)


def _items(file: str, stream: BinaryIO, answers: Mapping[str, Any], met: set[str]) -> Iterator[Item]:
    clock, times, numbering, order = LocalClock(answers.get("zone")), Times(answers), Numbering(), Order()
    group = group_of(file)
    yield Channel(SOURCE, group, group)
    for block in blocks(stream, _HEAD, needs_gap=True):
        if block.head is None:
            yield Reject(file, block.line, "too_long" if block.too_long else "no_time", excerpt(block.text))
            continue
        head, text = block.head, block.text
        try:
            at = clock(*(int(head[n]) for n in range(1, 7)))
        except ValueError:
            yield Reject(file, block.line, "bad_time", excerpt(head[0]))
            continue
        if fault := times.fault(at):
            yield Reject(file, block.line, fault, excerpt(head[0]))
            continue
        at, who = order(at), clean(head[7])
        key = numbering.key(group, f"{head[1]}-{head[2]}-{head[3]}T{head[4]}:{head[5]}:{head[6]}", who, text)
        if who in _SYSTEM:
            if (told := notice(text)) is None:
                yield Reject(file, block.line, "notice", excerpt(text))
            else:
                yield from _told(told, key, at, group, met)
            continue
        yield from _meet(who, met)
        media = _STAND_IN.match(text)
        yield Event(
            key,
            at,
            Kind.MESSAGE_CREATED,
            SOURCE,
            group,
            who,
            text=(media[2].strip() or None) if media else text,
            props={"media": _MEDIA[media[1]]} if media else None,
        )


def _told(told: Notice, key: str, at: int, group: str, met: set[str]) -> Iterator[Item]:
    by = told.by.removeprefix(YOU)
    people = [name for name in told.who if name != YOU]
    for name in people:
        yield from _meet(name, met)
    if told.kind is Kind.CHANNEL_RENAMED:
        yield Event(key, at, told.kind, SOURCE, group, people[0] if people else "", props=facts(told, ""))
        return
    for place, name in enumerate(people):
        yield Event(f"{key}-{place}" if place else key, at, told.kind, SOURCE, group, name, props=facts(told, by))


def _meet(who: str, met: set[str]) -> Iterator[Item]:
    if who not in met:
        met.add(who)
        yield Person(SOURCE, who, who, kind_of(who))


def _texts(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith(".txt") or (pack.is_single and "." not in item.name)]


def _looks_right(pack: Pack, name: str) -> bool:
    """Heads after empty lines, and none that ends in a QQ account."""
    head = pack.head(name, 8_192)
    shown = head.decode(encoding_of(head), "replace").lstrip("\ufeff").splitlines()
    first = next((line for line in shown if line.strip()), "")
    heads = [line for before, line in zip(["", *shown], shown, strict=False) if not before.strip() and _HEAD.match(line)]
    return bool(heads) and _HEAD.match(first) is not None and not any(_ACCOUNT.search(line.strip()) for line in heads)
