"""Conversations as Meta exports them: Messenger's and Instagram's files are the same but for their place."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ..rules.derived import deleted, reactions
from ..rules.fit import short
from ..rules.kinds import kind_of
from ..rules.numbering import Numbering
from ..rules.wire import Times, millis
from ..types import Channel, Item, Plan, Reject
from .reading import ALL, PRIVATE, Cast, decoded, glimpse, glimpses, json_names, pieces, private_question, sound


class _Person(msgspec.Struct, gc=False):
    name: str | None = None


class _Reaction(msgspec.Struct, gc=False):
    actor: str
    reaction: str


class _Share(msgspec.Struct, gc=False):
    link: str | None = None
    share_text: str | None = None


class _Message(msgspec.Struct, gc=False):
    sender: str | None = msgspec.field(name="sender_name", default=None)
    ms: int | None = msgspec.field(name="timestamp_ms", default=None)
    content: str | None = None
    type: str | None = None
    is_unsent: bool = False
    users: list[_Person] | None = None
    reactions: list[_Reaction] | None = None
    share: _Share | None = None
    photos: Any = None
    videos: Any = None
    audio_files: Any = None
    files: Any = None
    gifs: Any = None
    sticker: Any = None
    # what end-to-end encrypted conversations call it
    sealed_sender: str | None = msgspec.field(name="senderName", default=None)
    sealed_ms: int | None = msgspec.field(name="timestamp", default=None)
    text: str | None = None
    is_unsent_sealed: bool = msgspec.field(name="isUnsent", default=False)
    media: Any = None


_message = msgspec.json.Decoder(_Message)
_participants = msgspec.json.Decoder(list[_Person | str])
_text = msgspec.json.Decoder(str)

_OPENED = frozenset({(), ("messages",)})
_FILE = re.compile(r"(?:^|/)([^/]+)/message_\d+\.json$")
_CALLS = ("Call", "call")
_MEDIA = {
    "photos": "image",
    "gifs": "image",
    "videos": "video",
    "audio_files": "audio",
    "files": "file",
    "sticker": "sticker",
    "media": "file",
}


def mended(text: str) -> str:
    """Text whose UTF-8 bytes Meta wrote as if each were a character of Latin-1; any other text as it is."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def look(pack: Pack, code: str, rival: str) -> Plan | None:
    """A plan, surer when the files say that they are of this platform and not of the rival."""
    found = [(name, head) for name, head in glimpses(pack, _names(pack)) if _is_conversation(head)]
    if not found:
        return None
    platform = next((known for name, head in found if (known := _platform(name, head))), "") or _hinted(pack)
    if platform == rival:
        return None
    title = found[0][1].get("title", found[0][1].get("threadName", ""))
    is_account = len({PurePosixPath(name).parent for name in _names(pack)}) > 1
    return Plan(
        code,
        0.95 if platform == code else 0.6 if code == "messenger" else 0.55,
        title="" if is_account or not isinstance(title, str) else mended(title),
        questions=(private_question(N_("导出里有多个会话，其中可能有私聊")),) if is_account else (),
    )


def read(pack: Pack, answers: Mapping[str, Any], source: str) -> Iterator[Item]:
    """The conversations of a pack. In an export of many, those of two people stay out unless the answers say otherwise."""
    return sound(_items(pack, answers, source), source)


def _items(pack: Pack, answers: Mapping[str, Any], source: str) -> Iterator[Item]:
    names = _names(pack)
    with_private = answers.get(PRIVATE, ALL) == ALL or len({PurePosixPath(name).parent for name in names}) == 1
    cast, times = Cast(source), Times(answers)
    threads: dict[str, _Thread] = {}
    for name, stream in pack.walk(set(names)):
        if not _is_conversation(glimpse(stream.peek(1)[:65_536])):
            continue
        folder = _FILE.search(name)
        place = folder[1] if folder else _path_of(pack, name)
        thread = threads.setdefault(place, _Thread(place, source, times, cast))
        if folder:
            # The file says what it is called after its messages; nobody needs to know before.
            yield from thread.read(name, pieces(name, stream, _OPENED), with_private=with_private)
        else:
            yield from thread.read(name, pieces(name, stream, _OPENED), with_private=True)


def _names(pack: Pack) -> list[str]:
    names = json_names(pack)
    return [name for name in names if _FILE.search(name)] or names


def _is_conversation(head: Any) -> bool:
    if not isinstance(head, dict) or not isinstance(head.get("messages"), list):
        return False
    if not head["messages"]:
        return isinstance(head.get("participants"), list)
    first = head["messages"][0]
    return isinstance(first, dict) and (
        ("sender_name" in first and "timestamp_ms" in first) or ("senderName" in first and "timestamp" in first)
    )


def _platform(name: str, head: Any) -> str:
    text = name.lower()
    if "threadName" in head or "thread_type" in head:
        return "messenger"
    for message in head["messages"][:50]:
        if isinstance(message, dict):
            if "sender_id_INTERNAL" in message:
                return "messenger"  # Instagram does not write it
            text += str([message.get(field) for field in ("photos", "videos", "audio_files") if field in message])[:2000]
    if "instagram" in text:
        return "instagram"
    return "messenger" if "facebook" in text or "messenger" in text else ""


def _hinted(pack: Pack) -> str:
    """What the file's own name and folder say, where nothing inside does; the nearest name first."""
    for part in reversed(pack.path.parts[-3:]):
        for platform, word in (("instagram", "instagram"), ("messenger", "messenger"), ("messenger", "facebook")):
            if word in part.lower():
                return platform
    return ""


def _path_of(pack: Pack, name: str) -> str:
    """What a file that lies in no conversation's folder says it is: its path, else its title, else who takes part."""
    about: dict[str, Any] = {}
    with pack.open(name) as stream:
        for path, number, raw in pieces(name, stream, {()}):
            if isinstance(raw, bytes) and path in (("thread_path",), ("threadName",), ("title",)):
                about[path[0]] = decoded(_text, raw, name, number)
            elif isinstance(raw, bytes) and path == ("participants",):
                people = decoded(_participants, raw, name, number)
                about["people"] = "" if isinstance(people, Reject) else ",".join(sorted(_names_of(people)))
    found = (about.get(field) for field in ("thread_path", "threadName", "title", "people"))
    return PurePosixPath(next((value for value in found if isinstance(value, str) and value), "unknown")).name or "unknown"


def _names_of(people: list[_Person | str]) -> list[str]:
    return [mended(name) for person in people if (name := person if isinstance(person, str) else person.name)]


class _Thread:
    """One conversation, over all its files."""

    def __init__(self, place: str, source: str, times: Times, cast: Cast) -> None:
        # "oldgroupname_1234567890": the number stays when the group is renamed
        head, _, number = place.rpartition("_")
        self._channel = number if head and len(number) >= 8 and number.isalnum() else short(mended(place))
        self._source, self._times, self._cast = source, times, cast
        self._numbering = Numbering()
        self._name = ""
        self._members = 3

    def read(self, file: str, rows: Iterator[tuple[tuple[str, ...], int, bytes | Reject]], *, with_private: bool) -> Iterator[Item]:
        is_wanted = True
        for path, number, raw in rows:
            if isinstance(raw, Reject):
                if path == () or path == ("messages", "*"):
                    yield raw
            elif path == ("messages", "*"):
                is_wanted = with_private or self._members > 2
                if is_wanted:
                    yield from self._one(file, number, raw)
            elif path == ("participants",):
                people = decoded(_participants, raw, file, number)
                if not isinstance(people, Reject):
                    self._members = len(people)
                    self._name = self._name or "、".join(_names_of(people)[:5])
            elif path in (("title",), ("threadName",)) and type(title := decoded(_text, raw, file, number)) is str:
                self._name = mended(title) or self._name
        if is_wanted:
            yield Channel(self._source, self._channel, self._name or self._channel)

    def _one(self, file: str, number: int, raw: bytes) -> Iterator[Item]:
        row = decoded(_message, raw, file, number)
        if isinstance(row, Reject):
            yield row
            return
        written = row.content if row.content is not None else row.text
        if written is None and row.share is not None:
            written = row.share.share_text or row.share.link
        text = mended(written or "").strip()
        ms = row.ms if row.ms is not None else row.sealed_ms
        at, sender = millis(ms), mended(row.sender or row.sealed_sender or "")
        if fault := self._times.fault(at):
            yield Reject(file, number, "no_time" if ms is None else fault, text[:80])
        elif not sender:
            yield Reject(file, number, "no_sender", text[:80])
        elif row.type in _CALLS:
            yield Reject(file, number, "notice", text[:80])
        else:
            actor = short(sender)
            yield from self._cast.meet(actor, sender, kind_of(sender))
            key = f"{self._channel}:{self._numbering.key(self._channel, str(ms), actor, '')}"
            if row.type in ("Subscribe", "Unsubscribe") and row.users:
                yield from self._moved(row, key, at or 0, actor)
            else:
                yield from self._said(row, key, at or 0, actor, text)

    def _said(self, row: _Message, key: str, at: int, actor: str, text: str) -> Iterator[Item]:
        media = next((medium for field, medium in _MEDIA.items() if getattr(row, field)), None)
        props = {"media": media} if media else {"media": "link"} if row.share is not None else None
        message = Event(key, at, Kind.MESSAGE_CREATED, self._source, self._channel, actor, text=text or None, props=props)
        yield message
        if row.is_unsent or row.is_unsent_sealed:
            yield deleted(key, at, source=self._source, channel=self._channel, by=actor)
        for reaction in row.reactions or ():
            who = mended(reaction.actor)
            yield from self._cast.meet(short(who), who, kind_of(who))
            yield from reactions(message, mended(reaction.reaction), [short(who)])

    def _moved(self, row: _Message, key: str, at: int, actor: str) -> Iterator[Item]:
        kind = Kind.MEMBER_JOINED if row.type == "Subscribe" else Kind.MEMBER_LEFT
        for index, name in enumerate(_names_of(list(row.users or ()))):
            yield from self._cast.meet(short(name), name, kind_of(name))
            by = None if short(name) == actor else {"by": actor}
            yield Event(f"{key}~{index}", at, kind, self._source, self._channel, short(name), props=by)
