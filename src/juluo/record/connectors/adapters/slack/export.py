"""A Slack workspace's export: a zip or folder with a folder a channel and a file a day; also single files and API pages."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.text import excerpt
from juluo.record.events.types import Event, Kind

from ...rules.derived import NOBODY, deleted, edited, reactions
from ...rules.fit import short
from ...rules.kinds import kind_of
from ...rules.wire import Times, seconds
from ...types import Channel, Item, Plan, Reject
from ..reading import ALL, PRIVATE, Cast, decoded, glimpse, glimpses, json_names, medium, pieces, private_question, sound
from .markup import words

SOURCE = "slack"


class _Edit(msgspec.Struct, gc=False):
    user: str | None = None
    ts: str | float | None = None


class _Reaction(msgspec.Struct, gc=False):
    name: str
    users: list[str] | None = None
    count: int = 0


class _Profile(msgspec.Struct, gc=False):
    display_name: str | None = None
    real_name: str | None = None
    name: str | None = None
    email: str | None = None
    title: str | None = None


class _Row(msgspec.Struct, gc=False):
    ts: str | int | float | None = None
    type: str | None = None
    subtype: str | None = None
    user: str | None = None
    text: str | None = None
    thread_ts: str | float | None = None
    bot_id: str | None = None
    bot_profile: dict[str, Any] | None = None
    username: str | None = None
    user_profile: _Profile | None = None
    edited: _Edit | None = None
    reactions: list[_Reaction] | None = None
    attachments: Any = None
    files: Any = None
    file: Any = None
    comment: Any = None
    inviter: str | None = None
    name: str | None = None
    old_name: str | None = None
    topic: str | None = None
    purpose: str | None = None
    message: "_Row | None" = None
    previous_message: "_Row | None" = None
    deleted_ts: str | float | None = None
    channel: Any = None
    channel_name: str | None = None


class _User(msgspec.Struct, gc=False):
    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    tz: str | None = None
    profile: _Profile | None = None


class _About(msgspec.Struct, gc=False):
    value: str | None = None


class _Place(msgspec.Struct, gc=False):
    id: str
    name: str | None = None
    created: int | float | None = None
    creator: str | None = None
    purpose: _About | None = None
    topic: _About | None = None
    members: list[str] | None = None


_row, _user, _place = msgspec.json.Decoder(_Row), msgspec.json.Decoder(_User), msgspec.json.Decoder(_Place)

_DAY = re.compile(r"(?:^|/)([^/]+)/\d{4}-\d\d-\d\d\.json$")
_PLACES = ("channels.json", "groups.json", "mpims.json", "dms.json")
_NOT_ROWS = frozenset(
    [
        "users.json",
        "org_users.json",
        "integration_logs.json",
        "canvases.json",
        "huddle_transcripts.json",
        "file_conversations.json",
        *_PLACES,
    ]
)
_FROM_FILES = ("file_share", "file_comment", "file_mention", "document_comment_root")
_SAID = frozenset([None, "", "bot_message", "me_message", *_FROM_FILES, "thread_broadcast", "reply_broadcast", "assistant_app_thread"])
_JOINED, _LEFT = frozenset(["channel_join", "group_join"]), frozenset(["channel_leave", "group_leave"])
_RENAMED = frozenset(["channel_name", "group_name"])
_ABOUT = frozenset(["channel_topic", "group_topic", "channel_purpose", "group_purpose"])
_UNKNOWN = "unknown"
_OPENED = frozenset({(), ("messages",)})


class SlackExport:
    """Reads exports of workspaces, single day files, saved threads and pages of conversations.history.

    The key of a message is "channel:ts", the channel by its id; folders are named by name or by id, channels.json tells
    which. A reply in a thread answers the thread's first message; the thread is that message's ts. Joins, leaves, edits,
    deletions and new names become events, a new topic updates the channel; the rest of what Slack announces (pins,
    integrations, huddles) is rejected as "notice".
    """

    code: ClassVar[str] = "slack"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Slack 导出")

    def look(self, pack: Pack) -> Plan | None:
        names = [item.name for item in pack.items]
        days = [name for name in names if _DAY.search(name)]
        if days and any(PurePosixPath(name).name in ("users.json", "channels.json") for name in names):
            is_asked = any(PurePosixPath(name).name in ("dms.json", "mpims.json") for name in names)
            return Plan(self.code, 0.97, questions=(private_question(N_("导出里有私信（dms.json）")),) if is_asked else ())
        for name, head in glimpses(pack, days[:4] or None):
            if PurePosixPath(name).name not in _NOT_ROWS and _is_rows(head):
                return Plan(self.code, 0.93)
        if any(_is_answer(head) for _, head in glimpses(pack)):
            return Plan(self.code, 0.3)
        return None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(_Workspace(pack, answers).read(), SOURCE, N_("里面没有消息，只有成员、频道或错误信息"))


def _is_rows(head: Any) -> bool:
    rows = head.get("messages") if isinstance(head, dict) else head
    if not isinstance(rows, list):
        return False
    if isinstance(head, dict) and "ok" in head and not rows:
        return True
    first = next((row for row in rows if isinstance(row, dict)), None)
    return first is not None and isinstance(first.get("ts"), str | float) and ("text" in first or "user" in first or "subtype" in first)


def _is_answer(head: Any) -> bool:
    """What the API answers besides messages: people, channels, errors."""
    return (
        isinstance(head, dict)
        and isinstance(head.get("ok"), bool)
        and bool({"members", "channel", "user", "error", "channels"} & head.keys())
    )


class _Workspace:
    """One pack while it is read."""

    def __init__(self, pack: Pack, answers: Mapping[str, Any]) -> None:
        self._pack, self._times, self._cast = pack, Times(answers), Cast(SOURCE)
        self._with_private = answers.get(PRIVATE, ALL) == ALL
        self._names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._private: set[str] = set()
        self._told: set[str] = set()

    def read(self) -> Iterator[Item]:
        yield from self._people_and_places()
        files = [name for name in json_names(self._pack) if PurePosixPath(name).name not in _NOT_ROWS]
        for name, stream in self._pack.walk(set(files)):
            day = _DAY.search(name)
            folder = day[1] if day else ""
            channel = self._ids.get(folder, folder)
            if channel in self._private and not self._with_private:
                continue
            if not day and not _is_rows(glimpse(stream.peek(1)[:65_536])):
                continue
            for path, number, raw in pieces(name, stream, _OPENED):
                if path[-1:] == ("*",) or (isinstance(raw, Reject) and path == ()):
                    yield from self._element(name, number, raw, channel)

    # -- who and where ------------------------------------------------------------------------------------------

    def _people_and_places(self) -> Iterator[Item]:
        known = ("users.json", "org_users.json", *_PLACES)  # people first: conversations of few are called by their names
        files = [item.name for item in self._pack.items if PurePosixPath(item.name).name in known]
        for name in sorted(files, key=lambda name: known.index(PurePosixPath(name).name)):
            take = self._person if name.endswith("users.json") else self._place
            with self._pack.open(name) as stream:
                for path, number, raw in pieces(name, stream, {()}):
                    if isinstance(raw, Reject):
                        yield raw
                    elif path == ("*",):
                        yield from take(name, number, raw)
        for _, head in glimpses(self._pack):
            if _is_answer(head):
                if isinstance(head.get("user"), dict):
                    yield from self._person("user", 0, msgspec.json.encode(head["user"]))
                if isinstance(head.get("channel"), dict):
                    yield from self._place("channel", 0, msgspec.json.encode(head["channel"]))

    def _person(self, file: str, number: int, raw: bytes) -> Iterator[Item]:
        user = decoded(_user, raw, file, number)
        if isinstance(user, Reject):
            yield user
            return
        profile = user.profile or _Profile()
        name = profile.display_name or profile.real_name or user.real_name or user.name or user.id
        self._names[user.id] = name
        kind = kind_of(name, is_bot=user.is_bot or user.id == "USLACKBOT", is_staff=user.is_admin or user.is_owner)
        attributes = {"email": profile.email, "timezone": user.tz, "title": profile.title, "username": user.name}
        yield from self._cast.meet(user.id, name, kind, attributes)

    def _place(self, file: str, number: int, raw: bytes) -> Iterator[Item]:
        place = decoded(_place, raw, file, number)
        if isinstance(place, Reject):
            yield place
            return
        name = place.name or "、".join(self._names.get(member, member) for member in (place.members or [])[:5]) or place.id
        self._names[place.id] = name
        self._ids[name] = place.id
        if PurePosixPath(file).name in ("dms.json", "mpims.json"):
            self._private.add(place.id)
            if not self._with_private:
                return
        about = (place.purpose and place.purpose.value) or (place.topic and place.topic.value) or ""
        self._told.add(place.id)
        yield Channel(SOURCE, place.id, name, about)
        at = seconds(place.created)
        if place.creator and not self._times.fault(at):
            yield Event(f"{place.id}~created", at or 0, Kind.CHANNEL_CREATED, SOURCE, place.id, place.creator, props={"name": name})

    # -- rows ---------------------------------------------------------------------------------------------------

    def _element(self, file: str, number: int, raw: bytes | Reject, folder: str) -> Iterator[Item]:
        row = decoded(_row, raw, file, number)
        if isinstance(row, Reject):
            yield row
            return
        channel = folder or self._channel_of(row)
        if channel not in self._told:
            self._told.add(channel)
            yield Channel(SOURCE, channel, self._names.get(channel, channel))
        at = seconds(row.ts)
        if fault := self._times.fault(at):
            yield Reject(file, number, "no_time" if row.ts is None else fault, excerpt(row.text or ""))
            return
        before = self._names.get(row.user or "")
        if row.user and row.user_profile is not None and before is None:
            name = row.user_profile.display_name or row.user_profile.real_name or row.user_profile.name
            if name:
                self._names[row.user] = name
                yield from self._cast.meet(row.user, name, kind_of(name, is_bot=row.bot_profile is not None))
        key, moment = f"{channel}:{row.ts}", at or 0
        if row.subtype in _SAID:
            yield from self._said(row, key, channel, moment, file, number)
        elif row.subtype in ("message_changed", "message_replied"):
            yield from self._changed(row, channel, moment, file, number)
        elif row.subtype in ("message_deleted", "tombstone"):
            yield from self._deleted(row, key, channel, moment, file, number)
        elif not row.user:
            yield Reject(file, number, "notice" if row.subtype else "no_sender", excerpt(row.text or row.subtype or ""))
        elif row.subtype in _JOINED:
            props = {"inviter": row.inviter} if row.inviter else None
            yield Event(key, moment, Kind.MEMBER_JOINED, SOURCE, channel, row.user, props=props)
        elif row.subtype in _LEFT:
            yield Event(key, moment, Kind.MEMBER_LEFT, SOURCE, channel, row.user)
        elif row.subtype in _RENAMED:
            yield Event(
                key, moment, Kind.CHANNEL_RENAMED, SOURCE, channel, row.user, props={"name": row.name or "", "was": row.old_name or ""}
            )
        elif row.subtype in _ABOUT:
            yield Channel(SOURCE, channel, self._names.get(channel, channel), row.topic or row.purpose or "")
            yield Reject(file, number, "notice", excerpt(row.text or row.subtype or ""))
        else:
            yield Reject(file, number, "notice", excerpt(row.text or row.subtype or ""))

    def _channel_of(self, row: _Row) -> str:
        """The channel of a row that lies in no channel's folder, as far as the row or the only channel we know tells."""
        if isinstance(row.channel, str) and row.channel:
            return row.channel
        if row.channel_name:
            return self._ids.get(row.channel_name, row.channel_name)
        return next(iter(self._ids.values())) if len(self._ids) == 1 else _UNKNOWN

    def _said(self, row: _Row, key: str, channel: str, at: int, file: str, number: int) -> Iterator[Item]:
        actor, name, is_bot = self._speaker(row)
        if not actor:
            yield Reject(file, number, "no_sender", excerpt(row.text or ""))
            return
        if is_bot or actor not in self._cast:
            yield from self._cast.meet(actor, name, kind_of(name, is_bot=is_bot))
        thread = None if row.thread_ts is None else str(row.thread_ts)
        reply_to = f"{channel}:{thread}" if thread is not None and thread != str(row.ts) else None
        text, media = self._content(row)
        props = {"media": media} if media else None
        message = Event(key, at, Kind.MESSAGE_CREATED, SOURCE, channel, actor, thread, reply_to, text=text or None, props=props)
        yield message
        if row.edited is not None:
            changed = seconds(row.edited.ts)
            if changed is not None and not self._times.fault(changed):
                yield edited(message, changed, row.edited.user or "")
        for reaction in row.reactions or ():
            yield from reactions(message, reaction.name, reaction.users or (), reaction.count)

    def _changed(self, row: _Row, channel: str, at: int, file: str, number: int) -> Iterator[Item]:
        """A row that brings a later state of another message: that message again, as it is now, and that it was edited."""
        if row.message is None:
            yield Reject(file, number, "notice", excerpt(row.text or ""))
            return
        now, was = row.message, row.previous_message
        if now.subtype not in _SAID or self._times.fault(seconds(now.ts)):
            yield Reject(file, number, "notice", excerpt(row.text or ""))
            return
        for item in self._said(now, f"{channel}:{now.ts}", channel, seconds(now.ts) or 0, file, number):
            yield item
            is_edit = now.edited is None and row.subtype == "message_changed" and was is not None and was.text != now.text
            if is_edit and isinstance(item, Event) and item.kind is Kind.MESSAGE_CREATED:
                yield edited(item, at)

    def _deleted(self, row: _Row, key: str, channel: str, at: int, file: str, number: int) -> Iterator[Item]:
        before = row.previous_message
        ts = row.deleted_ts or (before.ts if before is not None else None)
        if row.subtype == "tombstone":
            target, by = key, ""
        elif ts is not None:
            target, by = f"{channel}:{ts}", (before.user if before is not None else None) or ""
        else:
            yield Reject(file, number, "bad_row", excerpt(row.text or ""))
            return
        yield deleted(target, at, source=SOURCE, channel=channel, by=by or NOBODY)

    def _speaker(self, row: _Row) -> tuple[str, str, bool]:
        """Who says it: (id, name, whether it is a bot)."""
        if row.subtype == "file_comment" and isinstance(row.comment, dict) and isinstance(row.comment.get("user"), str):
            return row.comment["user"], self._names.get(row.comment["user"], ""), False
        is_bot = row.subtype == "bot_message" or row.bot_profile is not None or row.user == "USLACKBOT"
        if row.user and row.subtype != "bot_message":
            return row.user, self._names.get(row.user, row.username or "" if is_bot else ""), is_bot
        profile = row.bot_profile or {}
        named = row.username or (profile["name"] if isinstance(profile.get("name"), str) else "")
        actor = row.bot_id or row.user or (f"bot:{short(named)}" if named else "")
        return actor, named or actor, is_bot

    def _content(self, row: _Row) -> tuple[str, str]:
        """The words of a row and the kind of what it carries."""
        files = [file for file in (row.files if isinstance(row.files, list) else [row.file]) if isinstance(file, dict)]
        text: Any = row.text or ""
        media = ""
        if files:
            about = files[0].get("mimetype") or files[0].get("name")
            media = medium(about) if isinstance(about, str) else "file"
        if row.subtype == "file_comment" and isinstance(row.comment, dict):
            text, media = row.comment.get("comment"), ""
        elif row.subtype == "file_share" and files and not isinstance(row.files, list):
            first = files[0].get("initial_comment")
            text = first.get("comment") if isinstance(first, dict) else files[0].get("title")
        elif not text and isinstance(row.attachments, list):
            text = "\n".join(part for attachment in row.attachments[:10] if (part := _attached(attachment)))
        return words(text, self._names) if isinstance(text, str) else "", media


def _attached(attachment: Any) -> str:
    """The words of an attachment: what bots say is often nowhere else."""
    if not isinstance(attachment, dict):
        return ""
    parts = [value for field in ("pretext", "title", "text") if isinstance(value := attachment.get(field), str) and value]
    fallback = attachment.get("fallback")
    return "\n".join(parts) or (fallback if isinstance(fallback, str) else "")
