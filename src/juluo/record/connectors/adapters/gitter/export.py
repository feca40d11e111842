"""A Gitter room saved as text: "[2026-10-05 21:40:12] <xiaoman> hello", long messages over several lines."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.connectors.rules.bots import Watch
from juluo.record.connectors.rules.kinds import kind_of
from juluo.record.connectors.rules.names import clean
from juluo.record.connectors.rules.numbering import Numbering, Order
from juluo.record.connectors.rules.times import LocalClock, zone_question
from juluo.record.connectors.rules.wire import Times
from juluo.record.connectors.types import Channel, Item, Person, PersonKind, Plan, Reject
from juluo.record.events.types import Event, Kind

from ..reading import sound

SOURCE = "gitter"
_HEAD = re.compile(r"\[(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\] <([^<>\s]{1,100})>(?: (.*))?$", re.ASCII | re.S)
_NAME = re.compile(r"@([^\s:,<>@]{1,100})(?:[\s:,]|$)")
_ALOUD = re.compile(r"\*\*\* |-!- ")
_DAY = 86_400_000_000
_LONGEST = 200_000


class GitterText:
    """Reads rooms saved one message after the other. A message that begins with "@name" replies to that name's last one."""

    code: ClassVar[str] = "gitter"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Gitter 房间文本")

    def look(self, pack: Pack) -> Plan | None:
        names = _names(pack)
        if not names or len(names) < len(pack.items) / 2:
            return None
        head = pack.head(names[0], 8_192)
        shown = [line for line in head.decode(encoding_of(head), "replace").splitlines()[:200] if line.strip()]
        fits = sum(1 for line in shown if _HEAD.match(line))
        # Where people come and go, or most lines carry no head, it is an IRC log or something else.
        if not fits or fits < 0.5 * len(shown) or any(_ALOUD.search(line[:40]) for line in shown):
            return None
        return Plan(self.code, 0.8, _room(names[0]), (zone_question(N_("文件里没有写时区；先按社群的时区理解")),))

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        watch, met = Watch(), set[str]()
        for name, stream in pack.walk(set(_names(pack))):
            yield Channel(SOURCE, _room(name), _room(name))
            yield from _room_items(name, stream, answers, watch, met)
        for who, why in watch.bots():
            yield Person(SOURCE, who, who, PersonKind.BOT, attributes={"bot_because": why})


def _room_items(name: str, stream: BinaryIO, answers: Mapping[str, Any], watch: Watch, met: set[str]) -> Iterator[Item]:
    clock, times, numbering, order = LocalClock(answers.get("zone")), Times(answers), Numbering(), Order()
    room = _room(name)
    latest: dict[str, tuple[int, str]] = {}
    head: re.Match[str] | None = None
    body: list[str] = []
    first, size = 0, 0

    def message() -> Iterator[Item]:
        assert head is not None
        year, month, day, hour, minute, second = (int(head[n]) for n in range(1, 7))
        who, text = head[7], "\n".join(body).strip()
        try:
            at = clock(year, month, day, hour, minute, second)
        except ValueError:
            yield Reject(name, first, "bad_time", excerpt(head[0]))
            return
        if fault := times.fault(at):
            yield Reject(name, first, fault, excerpt(head[0]))
            return
        at = order(at)
        key = numbering.key(room, f"{head[1]}-{head[2]}-{head[3]}T{head[4]}:{head[5]}:{head[6]}", who, text)
        if who not in met:
            met.add(who)
            yield Person(SOURCE, who, who, kind_of(who))
        reply_to = None
        if named := _NAME.match(text):
            said = latest.get(named[1].casefold())
            if said and said[1] and named[1].casefold() != who.casefold() and at - said[0] <= _DAY:
                reply_to = said[1]
        latest[who.casefold()] = (at, key)
        watch.hear(room, who, text, at, is_addressed=reply_to is not None)
        yield Event(key, at, Kind.MESSAGE_CREATED, SOURCE, room, who, reply_to=reply_to, text=text)

    for number, line in lines(stream):
        if line is not None and (match := _HEAD.match(line)):
            if head is not None:
                yield from message()
            head, body, first, size = match, [match[8] or ""], number, 0
        elif line is None:
            yield Reject(name, number, "too_long")
        elif head is None:
            if line.strip():
                yield Reject(name, number, "no_time", excerpt(line))
        elif size <= _LONGEST:
            body.append(line)
            size += len(line)
        else:
            yield Reject(name, number, "too_long", excerpt(line))
    if head is not None:
        yield from message()


def _names(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith((".txt", ".log"))]


def _room(name: str) -> str:
    path = PurePosixPath(name)
    return clean(path.name.removesuffix(path.suffix)) or "gitter"
