"""DiscordChatExporter's files: a JSON or CSV for each channel, alone, in a folder or in a zip."""

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO, ClassVar

import msgspec

from juluo.kit.archive import Pack, encoding_of, lines
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.events.types import Event, Kind

from ...rules.derived import edited, reactions
from ...rules.fit import short
from ...rules.kinds import is_staff_role, kind_of
from ...rules.numbering import Numbering
from ...rules.wire import Times
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, decoded, glimpse, glimpses, json_names, medium, pieces, sound
from .keys import Keys

SOURCE = "discord"


class _Named(msgspec.Struct, gc=False):
    name: str = ""


class _User(msgspec.Struct, gc=False):
    id: str
    name: str = ""
    nickname: str | None = None
    is_bot: bool = msgspec.field(name="isBot", default=False)
    roles: list[_Named] | None = None


class _Emoji(msgspec.Struct, gc=False):
    id: str | None = None
    name: str = ""


class _Reaction(msgspec.Struct, gc=False):
    emoji: _Emoji
    count: int = 0
    users: list[_User] | None = None


class _Attachment(msgspec.Struct, gc=False):
    file_name: str | None = msgspec.field(name="fileName", default=None)


class _Reference(msgspec.Struct, gc=False):
    type: str | None = None
    message: str | None = msgspec.field(name="messageId", default=None)
    channel: str | None = msgspec.field(name="channelId", default=None)


class _Message(msgspec.Struct, gc=False):
    id: str
    type: str = "Default"
    timestamp: str | None = None
    edited: str | None = msgspec.field(name="timestampEdited", default=None)
    is_pinned: bool = msgspec.field(name="isPinned", default=False)
    content: str | None = None
    author: _User | None = None
    attachments: list[_Attachment] | None = None
    stickers: list[Any] | None = None
    embeds: list[Any] | None = None
    reactions: list[_Reaction] | None = None
    mentions: list[_User] | None = None
    reference: _Reference | None = None
    forwarded: Any = msgspec.field(name="forwardedMessage", default=None)


class _Place(msgspec.Struct, gc=False):
    id: str = ""
    type: str = ""
    parent: str | None = msgspec.field(name="categoryId", default=None)
    parent_name: str | None = msgspec.field(name="category", default=None)
    name: str | None = None
    topic: str | None = None


_message, _place = msgspec.json.Decoder(_Message), msgspec.json.Decoder(_Place)
_OPENED = frozenset({(), ("messages",)})
_COLUMNS = ("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions")
_FILE_NAME = re.compile(r"^(?P<name>.*?)\s*\[(?P<id>\d{1,20})\](?:\s*\(.*\))?(?:\s*\[part \d+\])?$")
_COUNTED = re.compile(r"(?:^|,)(.*?) \((\d{1,9})\)(?=,|$)", re.S)

# Kinds a newer Discord has and DiscordChatExporter does not name come as numbers: 20 and 23 are what a bot answers to a command.
_MESSAGES = frozenset(["Default", "Reply", "0", "19", "20", "23", "ChatInputCommand", "ContextMenuCommand"])
# What DiscordChatExporter writes for a system message; a CSV has nothing but this to tell one.
_SENTENCES = {
    "Joined the server.": "GuildMemberJoin",
    "Pinned a message.": "ChannelPinnedMessage",
    "Started a thread.": "ThreadCreated",
    "Changed the channel icon.": "ChannelIconChange",
    "Changed the channel name.": "ChannelNameChange",
    "Added a recipient.": "RecipientAdd",
    "Removed a recipient.": "RecipientRemove",
    "Left the group.": "RecipientRemove",
}
_NEW_NAME = re.compile(r"^Changed the channel name: (.*?)\.?$", re.S)
_A_CALL = re.compile(r"^Started a call that lasted \d+ minutes\.$")


class DiscordExport:
    """Reads DiscordChatExporter's JSON and CSV.

    The key of a message is made so that both agree (`keys`). A thread's messages belong to the channel it hangs on
    (`thread` is its id) in JSON; a CSV does not say what hangs where, there a thread is a channel. Joins, leaves, new
    names of channels and new threads become events; pins, boosts and calls are rejected as "notice". Reactions have
    their people where the export lists them, else their number. Roles called 管理员, moderator and the like make STAFF.
    """

    code: ClassVar[str] = "discord"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Discord（DiscordChatExporter JSON / CSV）")

    def look(self, pack: Pack) -> Plan | None:
        for _, head in glimpses(pack):
            if _is_export(head):
                guild, channel = head["guild"], head["channel"]
                name = channel.get("name") if guild.get("id") == "0" else guild.get("name")
                return Plan(self.code, 0.98, title=name if isinstance(name, str) else "")
        names = _csv_names(pack)
        if names and _is_csv(pack.head(names[0], 4_096)):
            return Plan(self.code, 0.97, title=PurePosixPath(names[0]).stem.split(" - ")[0])
        return None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE)

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        cast, times = Cast(SOURCE), Times(answers)
        for name, stream in pack.walk({*json_names(pack), *_csv_names(pack)}):
            head = stream.peek(1)[:65_536]
            if _is_csv(head):
                yield from _Table(name, times, cast).read(stream)
            elif _is_export(glimpse(head)):
                yield from _Document(name, times, cast).read(pieces(name, stream, _OPENED))


def _is_export(head: Any) -> bool:
    return isinstance(head, dict) and isinstance(head.get("guild"), dict) and isinstance(head.get("channel"), dict)


def _csv_names(pack: Pack) -> list[str]:
    return [item.name for item in pack.items if item.name.lower().endswith(".csv")]


def _is_csv(head: bytes) -> bool:
    first = head.decode(encoding_of(head), "replace").lstrip("\ufeff").partition("\n")[0].strip()
    return first.replace('"', "").split(",")[-5:] == list(_COLUMNS[1:])


class _Document:
    """One channel's JSON."""

    def __init__(self, file: str, times: Times, cast: Cast) -> None:
        self._file, self._times, self._cast = file, times, cast
        self._guild_name = ""
        self._settle(_Place())

    def read(self, rows: Iterator[tuple[tuple[str, ...], int, bytes | Reject]]) -> Iterator[Item]:
        for path, number, raw in rows:
            if path == ("channel",) and isinstance(raw, bytes):
                place = decoded(_place, raw, self._file, number)
                if isinstance(place, Reject):
                    yield place
                    continue
                self._settle(place)
                yield Channel(SOURCE, self._channel, self._name, "" if self._thread else place.topic or "")
            elif isinstance(raw, Reject):
                if path != ("guild",):
                    yield raw
            elif path == ("messages", "*"):
                yield from self._row(raw, number)

    def _settle(self, place: _Place) -> None:
        own = short(place.id) or "unknown"
        is_thread = "Thread" in place.type and bool(place.parent)
        self._channel = short(place.parent or "") if is_thread else own
        self._thread = own if is_thread else None
        self._name = (place.parent_name if is_thread else place.name) or own
        self._keys = Keys(own)

    def _row(self, raw: bytes, number: int) -> Iterator[Item]:
        row = decoded(_message, raw, self._file, number)
        if isinstance(row, Reject):
            yield row
            return
        at = self._times.parse(row.timestamp)
        if fault := self._times.fault(at):
            yield Reject(self._file, number, "no_time" if row.timestamp is None else fault, excerpt(row.content or ""))
        elif row.author is None:
            yield Reject(self._file, number, "no_sender", excerpt(row.content or ""))
        else:
            key = self._keys.key(at or 0, row.id, row.id)
            yield from self._meet(row.author)
            if row.type in _MESSAGES:
                yield from self._said(row, row.author, key, at or 0)
            else:
                yield from self._happened(row, row.author, key, at or 0, number)

    def _said(self, row: _Message, author: _User, key: str, at: int) -> Iterator[Item]:
        reply_to = None
        if row.reference is not None and row.reference.message and row.reference.type != "Forward":
            reply_to = self._keys.of(row.reference.message, row.reference.channel)
        props: dict[str, Any] = {}
        if row.attachments:
            props["media"] = medium(row.attachments[0].file_name or "")
        elif row.stickers:
            props["media"] = "sticker"
        if row.is_pinned:
            props["pinned"] = True
        if row.forwarded is not None:
            props["forwarded"] = True
        text = row.content or _words_of(row)
        message = Event(
            key, at, Kind.MESSAGE_CREATED, SOURCE, self._channel, author.id, self._thread, reply_to, text=text or None, props=props or None
        )
        yield message
        changed = self._times.parse(row.edited)
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)
        for reaction in row.reactions or ():
            for user in reaction.users or ():
                yield from self._meet(user)
            yield from reactions(
                message, reaction.emoji.name or reaction.emoji.id or "?", [user.id for user in reaction.users or ()], reaction.count
            )

    def _happened(self, row: _Message, author: _User, key: str, at: int, number: int) -> Iterator[Item]:
        content = row.content or ""
        if row.type in ("GuildMemberJoin", "7"):
            yield Event(key, at, Kind.MEMBER_JOINED, SOURCE, self._channel, author.id)
        elif row.type in ("RecipientAdd", "RecipientRemove", "1", "2"):
            kind = Kind.MEMBER_JOINED if row.type in ("RecipientAdd", "1") else Kind.MEMBER_LEFT
            for index, user in enumerate(row.mentions or [author]):
                yield from self._meet(user)
                by = None if user.id == author.id else {"by": author.id}
                yield Event(f"{key}~{index}" if index else key, at, kind, SOURCE, self._channel, user.id, props=by)
        elif row.type in ("ChannelNameChange", "4"):
            name = _NEW_NAME.match(content)
            yield Event(key, at, Kind.CHANNEL_RENAMED, SOURCE, self._channel, author.id, props={"name": name[1] if name else self._name})
        elif row.type in ("ThreadCreated", "18") and row.reference is not None and row.reference.channel:
            yield Event(key, at, Kind.CHANNEL_CREATED, SOURCE, self._channel, author.id, thread=row.reference.channel)
        else:
            yield Reject(self._file, number, "notice", excerpt(content or row.type))

    def _meet(self, user: _User) -> Iterator[Item]:
        name = user.nickname or user.name
        roles = [role.name for role in user.roles or ()][:20]
        kind = kind_of(name, is_bot=user.is_bot, is_staff=is_staff_role(roles))
        if kind is not None or user.id not in self._cast or roles:
            yield from self._cast.meet(user.id, name, kind, {"username": user.name, "roles": roles})


def _words_of(row: _Message) -> str:
    """What a message without content of its own says: a forwarded one's words, or those of its first embed."""
    if isinstance(row.forwarded, dict) and isinstance(row.forwarded.get("content"), str):
        return row.forwarded["content"]
    for embed in row.embeds or ():
        if isinstance(embed, dict):
            parts = [part for field in ("title", "description") if isinstance(part := embed.get(field), str) and part]
            if parts:
                return "\n".join(parts)
    return ""


class _Table:
    """One channel's CSV: no message numbers, replies, edits or kinds."""

    def __init__(self, file: str, times: Times, cast: Cast) -> None:
        self._file, self._times, self._cast = file, times, cast
        stem = PurePosixPath(file).stem
        found = _FILE_NAME.match(stem)
        self._channel = found["id"] if found else short(stem)
        self._name = (found["name"] if found else stem).split(" - ")[-1] or self._channel
        self._keys, self._numbering = Keys(self._channel), Numbering()

    def read(self, stream: BinaryIO) -> Iterator[Item]:
        yield Channel(SOURCE, self._channel, self._name)
        self._line, self._long = 0, 0
        table = csv.reader(self._lines(stream), strict=False)
        start = 1
        while True:
            try:
                row = next(table, None)
            except csv.Error:
                yield Reject(self._file, start, "too_long")
                start = self._line + 1
                continue
            if self._long:
                yield Reject(self._file, self._long, "too_long")
                self._long = 0
            if row is None:
                return
            if row and start > 1:
                yield from self._row(row, start)
            start = self._line + 1

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        for self._line, line in lines(stream):
            if line is None:
                self._long = self._line
            else:
                yield line + "\n"

    def _row(self, row: list[str], line: int) -> Iterator[Item]:
        if len(row) == len(_COLUMNS) - 1:
            row = ["", *row]
        if len(row) != len(_COLUMNS):
            yield Reject(self._file, line, "bad_row", excerpt(",".join(row)[:200]))
            return
        number, author, date, content, attachments, counted = row
        is_exact = "T" in date
        at = self._times.parse(date) if is_exact else self._rough(date)
        if fault := self._times.fault(at):
            yield Reject(self._file, line, fault if date else "no_time", excerpt(date))
            return
        name = re.sub(r"#0{1,4}$", "", author)
        actor = short(number or name)
        if not actor:
            yield Reject(self._file, line, "no_sender", excerpt(content))
            return
        yield from self._cast.meet(actor, name, kind_of(name))
        moment = at or 0
        if is_exact:
            key = self._keys.key(moment, f"{actor}:{content[:200]}")
        else:
            key = f"{self._channel}:{self._numbering.key(self._channel, date, actor, content)}"
        new_name = _NEW_NAME.match(content)
        kind = _SENTENCES.get(content) or ("ChannelNameChange" if new_name else "Call" if _A_CALL.match(content) else "")
        if kind == "GuildMemberJoin":
            yield Event(key, moment, Kind.MEMBER_JOINED, SOURCE, self._channel, actor)
        elif content == "Left the group.":
            yield Event(key, moment, Kind.MEMBER_LEFT, SOURCE, self._channel, actor)
        elif kind == "ChannelNameChange":
            renamed = {"name": new_name[1] if new_name else self._name}
            yield Event(key, moment, Kind.CHANNEL_RENAMED, SOURCE, self._channel, actor, props=renamed)
        elif kind:
            yield Reject(self._file, line, "notice", content[:80])
        else:
            props = {"media": medium(attachments.partition(",")[0])} if attachments else None
            message = Event(key, moment, Kind.MESSAGE_CREATED, SOURCE, self._channel, actor, text=content or None, props=props)
            yield message
            for emoji, count in _COUNTED.findall(counted[:10_000]):
                yield from reactions(message, emoji.strip() or "?", (), int(count))

    def _rough(self, date: str) -> int | None:
        """Older versions wrote "04-Jan-19 05:52 PM", in the exporter's zone."""
        try:
            return self._times.micros(dt.datetime.strptime(date.strip()[:30], "%d-%b-%y %I:%M %p"))  # noqa: DTZ007
        except ValueError:
            return None
