"""Zulip as it is handed over: a server's export, or files of messages as the API and archives give them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, ClassVar
from urllib.parse import unquote

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import edited, reactions
from ...rules.fit import short
from ...rules.kinds import kind_of
from ...rules.wire import Times, seconds
from ...types import Channel, Item, PersonKind, Plan, Reject
from ..reading import ALL, PRIVATE, Cast, Lines, decoded, glimpse, glimpses, json_names, ndjson, pieces, private_question, sound
from .markup import answered, words

SOURCE = "zulip"


class _Reaction(msgspec.Struct, gc=False):
    emoji_name: str = ""
    user_id: int | None = None
    user: dict[str, Any] | None = None


class _Row(msgspec.Struct, gc=False):
    """A message as the API gives it; archives leave most of it out."""

    id: int
    timestamp: int | float | None = None
    sender_full_name: str | None = None
    content: str = ""
    stream_id: int | str | None = None
    stream: str | None = None
    topic: str | None = None
    subject: str | None = None
    sender_id: int | None = None
    sender_email: str | None = None
    display_recipient: Any = None
    type: str | None = None
    last_edit_timestamp: int | None = None
    reactions: list[_Reaction] | None = None


_row = msgspec.json.Decoder(_Row)


class ZulipExport:
    """Reads a server's own export (realm.json and messages-*.json), pages of the API, and archives with a message a line.

    The key of a message is its id, so a topic that moved is the same message again. The channel is the stream's id (its
    name where an archive gives no id), the thread is the topic. Quoting a message replies to it.
    The actor is the user's id, or the display name in archives that know nothing else.
    """

    code: ClassVar[str] = "zulip"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Zulip 导出与存档")

    def look(self, pack: Pack) -> Plan | None:
        if _realm(pack):
            asked = (private_question(N_("整个服务器的导出可能包含私聊")),)
            return Plan(self.code, 0.97, questions=asked)
        for _, head in glimpses(pack):
            if _is_messages(head):
                return Plan(self.code, 0.95)
        return None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        if realm := _realm(pack):
            items = _Realm(pack, realm, answers).read()
        else:
            items = _Archive(answers).read(pack)
        return sound(items, SOURCE)


def _realm(pack: Pack) -> str | None:
    names = {item.name for item in pack.items}
    for name in sorted(names, key=len):
        if PurePosixPath(name).name == "realm.json" and any(other.startswith(name[: -len("realm.json")] + "messages-") for other in names):
            return name
    return None


def _is_messages(head: Any) -> bool:
    if isinstance(head, dict) and isinstance(head.get("messages"), list):
        head = head["messages"]
    rows = head if isinstance(head, list) else [head]
    return bool(rows) and isinstance(rows[0], dict) and {"id", "timestamp", "sender_full_name", "content"} <= rows[0].keys()


class _Archive:
    """Messages as the API gives them."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._times = Times(answers)
        self._streams: dict[str, str] = {}

    def read(self, pack: Pack) -> Iterator[Item]:
        cast = Cast(SOURCE)
        for name, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if not _is_messages(head):
                continue
            if isinstance(head, Lines) or (isinstance(head, dict) and "messages" not in head):
                yield from self._messages(name, ndjson(name, stream, _row), cast)
            else:
                rows = pieces(name, stream, {(), ("messages",)})
                elements = ((number, raw) for path, number, raw in rows if path[-1:] == ("*",) or isinstance(raw, Reject))
                yield from self._messages(name, ((n, decoded(_row, raw, name, n)) for n, raw in elements), cast)

    def _messages(self, name: str, rows: Iterator[tuple[int, _Row | Reject]], cast: Cast) -> Iterator[Item]:
        fault, created = self._times.fault, Kind.MESSAGE_CREATED
        people: dict[str, str] = {}
        channels: dict[tuple[int | str | None, str | None], str] = {}
        default_stream, default_topic = _place(name)
        for line, row in rows:
            if isinstance(row, Reject):
                yield row
                continue
            sender = row.sender_full_name
            at = seconds(row.timestamp)
            if at is None or not sender or fault(at):
                yield Reject(name, line, "no_time" if at is None else fault(at) or "no_sender", (sender or "")[:60])
                continue
            actor = people.get(sender)
            if actor is None or row.sender_id is not None:
                actor = short(sender) if row.sender_id is None else str(row.sender_id)
                people[sender] = actor
                is_bot = row.sender_email is not None and "-bot@" in row.sender_email
                yield from cast.meet(actor, sender, kind_of(sender, is_bot=is_bot), {"email": row.sender_email})
            if type(row.display_recipient) is list and row.stream is None:
                yield Reject(name, line, "notice")
                continue
            stream = (
                row.stream if row.stream is not None else row.display_recipient if type(row.display_recipient) is str else default_stream
            )
            channel = channels.get((row.stream_id, stream))
            if channel is None:
                channel = channels[row.stream_id, stream] = self._channel(row.stream_id, stream)
                yield Channel(SOURCE, channel, stream or channel)
            content, reply_to, props = row.content, None, None
            if "<" in content:
                if ">said</a>:</p>" in content:
                    reply_to = answered(content)
                if "message_inline_image" in content:
                    props = {"media": "image"}
            topic = row.topic if row.topic is not None else row.subject if row.subject is not None else default_topic
            message = Event(str(row.id), at, created, SOURCE, channel, actor, topic, reply_to, None, None, words(content) or None, props)
            yield message
            if row.last_edit_timestamp is not None or row.reactions:
                yield from self._extras(message, row, cast)

    def _extras(self, message: Event, row: _Row, cast: Cast) -> Iterator[Item]:
        changed = seconds(row.last_edit_timestamp)
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)
        by_emoji: dict[str, list[str]] = {}
        for reaction in row.reactions or ():
            user = reaction.user or {}
            number = reaction.user_id if reaction.user_id is not None else user.get("id", user.get("user_id"))
            if isinstance(number, int):
                yield from cast.meet(str(number), user.get("full_name") if isinstance(user.get("full_name"), str) else None)
                by_emoji.setdefault(reaction.emoji_name, []).append(str(number))
        for emoji, actors in by_emoji.items():
            yield from reactions(message, emoji, actors)

    def _channel(self, stream_id: int | str | None, stream: str | None) -> str:
        """The stream's id; where rows leave it out, the one the same name had before, else the name."""
        name = stream or ""
        if stream_id is not None and stream_id != "":
            self._streams[name] = str(stream_id)
            return str(stream_id)
        return self._streams.get(name) or short(name) or "unknown"


def _place(name: str) -> tuple[str | None, str | None]:
    """The stream and topic that zulip-archive keeps in the names of folder and file ("113488-general/a.20topic.json")."""
    path = PurePosixPath(name)
    if len(path.parts) < 2:
        return None, None
    number, _, stream = path.parts[-2].partition("-")
    folder = stream if number.isdecimal() and stream else path.parts[-2]
    return folder, unquote(path.stem.replace(".", "%"))


# -- a server's export ------------------------------------------------------------------------------------------


class _User(msgspec.Struct, gc=False):
    id: int
    full_name: str = ""
    is_bot: bool = False
    role: int | None = None
    email: str | None = None
    delivery_email: str | None = None
    timezone: str | None = None
    date_joined: float | str | None = None


class _Stream(msgspec.Struct, gc=False):
    id: int
    name: str = ""
    description: str | None = None
    date_created: float | str | None = None


class _Recipient(msgspec.Struct, gc=False):
    id: int
    type: int
    type_id: int | None = None


class _Message(msgspec.Struct, gc=False):
    id: int
    sender: int
    recipient: int
    subject: str = ""
    content: str = ""
    rendered_content: str | None = None
    date_sent: float | str | None = None
    last_edit_time: float | str | None = None


class _StoredReaction(msgspec.Struct, gc=False):
    message: int
    user_profile: int
    emoji_name: str


_user, _stream, _recipient = msgspec.json.Decoder(_User), msgspec.json.Decoder(_Stream), msgspec.json.Decoder(_Recipient)
_message, _stored = msgspec.json.Decoder(_Message), msgspec.json.Decoder(_StoredReaction)
_TO_STREAM = 2
_LOWEST_STAFF_ROLE = 300  # owner 100, administrator 200, moderator 300, member 400, guest 600
_TABLES = frozenset(
    {(), ("zerver_userprofile",), ("zerver_userprofile_crossrealm",), ("zerver_stream",), ("zerver_recipient",), ("zerver_reaction",)}
)


class _Realm:
    """One server's export. Reactions carry no time, so the time of every message is kept (16 bytes each) until the end."""

    def __init__(self, pack: Pack, realm: str, answers: Mapping[str, Any]) -> None:
        self._pack, self._realm = pack, realm
        self._times = Times(answers)
        self._with_private = answers.get(PRIVATE) == ALL
        self._cast = Cast(SOURCE)
        self._recipients: dict[int, _Recipient] = {}
        self._ids, self._moments, self._places = array("q"), array("q"), array("q")

    def read(self) -> Iterator[Item]:
        root = self._realm[: -len("realm.json")]
        names = {item.name for item in self._pack.items if item.name.startswith(root + "messages-") and item.name.endswith(".json")}
        has_reactions = False
        with self._pack.open(self._realm) as stream:
            for path, number, raw in pieces(self._realm, stream, _TABLES):
                if isinstance(raw, Reject):
                    yield raw
                elif path == ("zerver_reaction", "*"):
                    has_reactions = True
                elif path[-1:] == ("*",):
                    yield from self._row(path[0], raw, number)
        for name, stream in self._pack.walk(names):
            for path, number, raw in pieces(name, stream, {(), ("zerver_message",), ("zerver_reaction",)}):
                if isinstance(raw, Reject):
                    yield raw
                elif path == ("zerver_message", "*"):
                    yield from self._one(name, number, raw)
                elif path == ("zerver_reaction", "*"):
                    yield from self._reaction(name, number, raw)
        if has_reactions:
            with self._pack.open(self._realm) as stream:
                for path, number, raw in pieces(self._realm, stream, {(), ("zerver_reaction",)}):
                    if path == ("zerver_reaction", "*") and not isinstance(raw, Reject):
                        yield from self._reaction(self._realm, number, raw)

    def _row(self, table: str, raw: bytes, number: int) -> Iterator[Item]:
        if table == "zerver_recipient":
            recipient = decoded(_recipient, raw, self._realm, number)
            if isinstance(recipient, Reject):
                yield recipient
            else:
                self._recipients[recipient.id] = recipient
        elif table == "zerver_stream":
            stream = decoded(_stream, raw, self._realm, number)
            if isinstance(stream, Reject):
                yield stream
                return
            yield Channel(SOURCE, str(stream.id), stream.name or str(stream.id), stream.description or "")
        else:
            user = decoded(_user, raw, self._realm, number)
            if isinstance(user, Reject):
                yield user
                return
            yield from self._join(user, is_member=table == "zerver_userprofile")

    def _join(self, user: _User, *, is_member: bool) -> Iterator[Item]:
        is_staff = user.role is not None and user.role <= _LOWEST_STAFF_ROLE
        kind = kind_of(user.full_name, is_bot=user.is_bot, is_staff=is_staff)
        attributes = {"email": user.delivery_email or user.email, "timezone": user.timezone}
        yield from self._cast.meet(str(user.id), user.full_name or str(user.id), kind, attributes)
        joined = self._moment(user.date_joined)
        if is_member and kind is not PersonKind.BOT and not self._times.fault(joined):
            yield Event(f"user:{user.id}~joined", joined or 0, Kind.MEMBER_JOINED, SOURCE, "", str(user.id))

    def _one(self, name: str, number: int, raw: bytes) -> Iterator[Item]:
        row = decoded(_message, raw, name, number)
        if isinstance(row, Reject):
            yield row
            return
        recipient = self._recipients.get(row.recipient)
        is_stream = recipient is not None and recipient.type == _TO_STREAM
        if not is_stream and not self._with_private:
            return
        at = self._moment(row.date_sent)
        if fault := self._times.fault(at):
            yield Reject(name, number, fault)
            return
        place = recipient.type_id if recipient is not None and is_stream and recipient.type_id is not None else -row.recipient
        channel = str(place) if place >= 0 else f"recipient:{row.recipient}"
        rendered = row.rendered_content
        reply_to = answered(rendered) if rendered is not None else None
        text = words(rendered) if rendered is not None else row.content.strip()
        props = {"media": "image"} if "/user_uploads/" in row.content else None
        topic = row.subject or None
        message = Event(
            str(row.id), at or 0, Kind.MESSAGE_CREATED, SOURCE, channel, str(row.sender), topic, reply_to, text=text or None, props=props
        )
        yield message
        if abs(row.id) < 2**62 and abs(place) < 2**62:
            self._ids.append(row.id)
            self._moments.append(message.at)
            self._places.append(place)
        changed = self._moment(row.last_edit_time)
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)

    def _reaction(self, name: str, number: int, raw: bytes) -> Iterator[Item]:
        row = decoded(_stored, raw, name, number)
        if isinstance(row, Reject):
            yield row
            return
        index = bisect_left(self._ids, row.message)
        if index == len(self._ids) or self._ids[index] != row.message:
            return  # of a private message
        place = self._places[index]
        channel = str(place) if place >= 0 else f"recipient:{-place}"
        yield from reactions(
            Event(str(row.message), self._moments[index], Kind.MESSAGE_CREATED, SOURCE, channel), row.emoji_name, [str(row.user_profile)]
        )

    def _moment(self, value: float | str | None) -> int | None:
        return self._times.parse(value) if isinstance(value, str) else seconds(value)
