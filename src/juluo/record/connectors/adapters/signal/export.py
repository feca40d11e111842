"""Signal's conversations: its own plaintext export, signal-export's data.json and text, rows of Signal Desktop's database."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar

import msgspec

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import deleted, reactions
from ...rules.fit import short
from ...rules.kinds import kind_of
from ...rules.numbering import Numbering
from ...rules.wire import Times, millis
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, Lines, decoded, glimpse, glimpses, json_names, medium, ndjson, pieces, private_question, sound
from .backup import is_backup, read_backup

SOURCE = "signal"


class _Line(msgspec.Struct, gc=False):
    """A row of signal-export's data.json."""

    date: str | None = None
    sender: str | None = None
    body: str | None = None
    sticker: Any = None
    reactions: list[Any] | None = None
    attachments: list[dict[str, Any]] | None = None
    deleted: bool = False


class _Reaction(msgspec.Struct, gc=False):
    emoji: str | None = None
    by: str | None = msgspec.field(name="fromId", default=None)
    ms: int | None = msgspec.field(name="timestamp", default=None)


class _Quote(msgspec.Struct, gc=False):
    id: int | None = None


class _Row(msgspec.Struct, gc=False):
    """A row of Signal Desktop's table of messages."""

    conversation: str = msgspec.field(name="conversationId")
    type: str | None = None
    body: str | None = None
    sent: int | None = msgspec.field(name="sent_at", default=None)
    timestamp: int | None = None
    source: str | None = None
    source_id: str | None = msgspec.field(name="sourceServiceId", default=None)
    source_uuid: str | None = msgspec.field(name="sourceUuid", default=None)
    quote: _Quote | None = None
    reactions: list[_Reaction] | None = None
    attachments: list[dict[str, Any]] | None = None
    is_erased: bool = msgspec.field(name="deletedForEveryone", default=False)


_line, _row = msgspec.json.Decoder(_Line), msgspec.json.Decoder(_Row)
_OPENED = frozenset({(), ("messages",), ("messsages",)})  # a tool that is in use spells it so
_TEXT = re.compile(r"\[(\d{4}-\d\d-\d\d),? (\d\d:\d\d(?::\d\d)?)\] ([^:\n]{1,200}?): ?(.*)", re.S)
_LONGEST = 200_000


class SignalExport:
    """Reads four kinds of files; which one it is shows in their first rows.

    A message is known by its conversation, its sender and the millisecond it was sent, as Signal itself does. Formats that
    have no ids (signal-export) know people by name and time by the exporter's clock.
    """

    code: ClassVar[str] = "signal"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Signal 导出（JSON / 文本）")

    def look(self, pack: Pack) -> Plan | None:
        for name, head in glimpses(pack):
            if is_backup(head):
                return Plan(self.code, 0.95, questions=(private_question(N_("这是整个账号的导出")),))
            if _is_lines(head) or _is_rows(head):
                return Plan(self.code, 0.93, title=_room(name) if _is_lines(head) else "")
        names = _texts(pack)
        if names and _is_text(pack.head(names[0], 8_192)):
            return Plan(self.code, 0.72, title=_room(names[0]))
        return None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        times, cast, numbering = Times(answers), Cast(SOURCE), Numbering()
        rooms: set[str] = set()
        texts = set(_texts(pack))
        for name, stream in pack.walk({*json_names(pack), *texts}):
            peeked = stream.peek(1)[:65_536]
            head = glimpse(peeked)
            if is_backup(head):
                yield from read_backup(name, stream, times, cast, answers)
            elif _is_lines(head):
                yield Channel(SOURCE, _room(name), _room(name))
                for number, line in ndjson(name, stream, _line):
                    yield from _told(name, number, line, times, cast, numbering)
            elif _is_rows(head):
                for path, number, raw in pieces(name, stream, _OPENED):
                    if path[-1:] == ("*",) or (isinstance(raw, Reject) and path == ()):
                        row = decoded(_row, raw, name, number)
                        if isinstance(row, _Row) and row.conversation not in rooms:
                            rooms.add(row.conversation)
                            yield Channel(SOURCE, row.conversation, row.conversation)
                        yield from _stored(name, number, row, times, cast)
            elif name in texts and _is_text(peeked):
                yield Channel(SOURCE, _room(name), _room(name))
                yield from _written(name, stream, times, cast, numbering)


def _is_lines(head: Any) -> bool:
    first = head[0] if isinstance(head, Lines) and head else head
    return isinstance(first, dict) and {"date", "sender", "body", "quote", "attachments"} <= first.keys()


def _is_rows(head: Any) -> bool:
    rows = (
        next((value for key in ("messages", "messsages") if isinstance(value := head.get(key), list)), [])
        if isinstance(head, dict)
        else head
    )
    first = rows[0] if isinstance(rows, list) and rows else None
    return isinstance(first, dict) and "conversationId" in first and bool({"sent_at", "timestamp"} & first.keys())


def _texts(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith((".txt", ".md"))]


def _is_text(head: bytes) -> bool:
    shown = [line for line in head.decode(encoding_of(head), "replace").splitlines()[:50] if line.strip()]
    heads = [found for line in shown if (found := _TEXT.match(line))]
    return bool(shown) and _TEXT.match(shown[0]) is not None and len(heads) >= len(shown) / 3


def _room(name: str) -> str:
    """signal-export puts each conversation into a folder of its name; other texts are named for it."""
    path = PurePosixPath(name)
    if path.stem in ("data", "chat", "index") and len(path.parts) > 1:
        return short(path.parts[-2])
    return short(path.stem) or "signal"


def _told(file: str, number: int, row: _Line | Reject, times: Times, cast: Cast, numbering: Numbering) -> Iterator[Item]:
    if isinstance(row, Reject):
        yield row
        return
    at, sender, text = times.parse(row.date), row.sender or "", (row.body or "").strip()
    if fault := times.fault(at):
        yield Reject(file, number, "no_time" if row.date is None else fault, text[:80])
        return
    if not sender:
        yield Reject(file, number, "no_sender", text[:80])
        return
    media = medium(str(row.attachments[0].get("name"))) if row.attachments else "sticker" if row.sticker else ""
    message = _message(_room(file), row.date or "", at or 0, sender, text, numbering, {"media": media} if media else None)
    yield from cast.meet(message.actor, sender, kind_of(sender))
    yield message
    if row.deleted:
        yield deleted(message.key, message.at, source=SOURCE, channel=message.channel, by=message.actor)
    for reaction in row.reactions or ():
        pair = list(reaction.values()) if isinstance(reaction, dict) else reaction
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair):
            who, emoji = pair
            yield from cast.meet(short(who), who, kind_of(who))
            yield from reactions(message, emoji, [short(who)])


def _message(room: str, date: str, at: int, sender: str, text: str, numbering: Numbering, props: dict[str, Any] | None) -> Event:
    # signal-export's texts and its JSON agree to the minute
    key = f"{room}:{numbering.key(room, date.replace(',', '').replace(' ', 'T')[:16], sender, text)}"
    return Event(key, at, Kind.MESSAGE_CREATED, SOURCE, room, short(sender), text=text or None, props=props)


def _stored(file: str, number: int, row: _Row | Reject, times: Times, cast: Cast) -> Iterator[Item]:
    if isinstance(row, Reject):
        yield row
        return
    ms = row.sent if row.sent is not None else row.timestamp
    at, text = millis(ms), (row.body or "").strip()
    if fault := times.fault(at):
        yield Reject(file, number, "no_time" if ms is None else fault, text[:80])
        return
    if row.type not in ("incoming", "outgoing"):
        yield Reject(file, number, "notice", (row.type or "")[:80])
        return
    actor = "self" if row.type == "outgoing" else row.source_id or row.source_uuid or row.source or row.conversation
    yield from cast.meet(actor, "我" if actor == "self" else actor)
    channel, when = row.conversation, at or 0
    media = None
    if row.attachments:
        about = row.attachments[0].get("contentType") or row.attachments[0].get("fileName")
        media = {"media": medium(about if isinstance(about, str) else "")}
    message = Event(f"{channel}:{ms}:{actor}", when, Kind.MESSAGE_CREATED, SOURCE, channel, actor, text=text or None, props=media)
    yield message
    if row.is_erased:
        yield deleted(message.key, when, source=SOURCE, channel=channel, by=actor)
    for reaction in row.reactions or ():
        moment = millis(reaction.ms)
        if reaction.emoji and reaction.by:
            yield from reactions(message, reaction.emoji, [short(reaction.by)], at=0 if moment is None or times.fault(moment) else moment)


def _written(file: str, stream: BinaryIO, times: Times, cast: Cast, numbering: Numbering) -> Iterator[Item]:
    """Text, one message after the other; lines without a head go on with the message before."""
    room, head, body, first, size = _room(file), None, [], 0, 0

    def message(head: re.Match[str], text: str, number: int) -> Iterator[Item]:
        at = times.parse(f"{head[1]}T{head[2]}")
        if fault := times.fault(at):
            yield Reject(file, number, fault, head[0][:80])
            return
        event = _message(room, f"{head[1]} {head[2]}", at or 0, head[3], text, numbering, None)
        yield from cast.meet(event.actor, head[3], kind_of(head[3]))
        yield event

    for number, line in lines(stream):
        found = _TEXT.match(line) if line is not None else None
        if line is None:
            yield Reject(file, number, "too_long")
        elif found is not None:
            if head is not None:
                yield from message(head, "\n".join(body).strip(), first)
            head, body, first, size = found, [found[4]], number, 0
        elif head is None:
            if line.strip():
                yield Reject(file, number, "no_time", line[:80])
        elif size <= _LONGEST:
            body.append(line)
            size += len(line)
        else:
            yield Reject(file, number, "too_long", line[:80])
    if head is not None:
        yield from message(head, "\n".join(body).strip(), first)
