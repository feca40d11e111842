"""Mattermost's bulk export (one JSON a line) and saved answers of its API."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.record.events.types import Event, Kind

from ...rules.derived import deleted, edited, reactions
from ...rules.fit import short
from ...rules.kinds import is_staff_role, kind_of
from ...rules.wire import Times, millis
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, decoded, glimpse, glimpses, json_names, medium, pieces, private_question, sound
from .bulk import is_bulk, read_bulk

SOURCE = "mattermost"


class _Reaction(msgspec.Struct, gc=False):
    emoji_name: str
    user_id: str
    create_at: int | None = None


class _File(msgspec.Struct, gc=False):
    mime_type: str | None = None
    name: str | None = None


class _Metadata(msgspec.Struct, gc=False):
    reactions: list[_Reaction] | None = None
    files: list[_File] | None = None


class _Post(msgspec.Struct, gc=False):
    id: str
    channel_id: str
    create_at: int | None = None
    edit_at: int = 0
    delete_at: int = 0
    user_id: str | None = None
    root_id: str | None = None
    message: str | None = None
    type: str | None = None
    props: dict[str, Any] | None = None
    metadata: _Metadata | None = None
    file_ids: list[str] | None = None


class _User(msgspec.Struct, gc=False):
    id: str
    username: str
    nickname: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    position: str | None = None
    roles: str | None = None
    is_bot: bool = False


class _Place(msgspec.Struct, gc=False):
    id: str
    name: str = ""
    display_name: str | None = None
    purpose: str | None = None
    header: str | None = None


_post, _user, _place = msgspec.json.Decoder(_Post), msgspec.json.Decoder(_User), msgspec.json.Decoder(_Place)
_OPENED = frozenset({(), ("posts",)})
_JOINED = frozenset(["system_join_channel", "system_join_team", "system_guest_join_channel"])
_LEFT = frozenset(["system_leave_channel", "system_leave_team"])
_ADDED = frozenset(["system_add_to_channel", "system_add_to_team", "system_add_guest_to_chan"])
_REMOVED = frozenset(["system_remove_from_channel", "system_remove_from_team"])


class MattermostExport:
    """Reads bulk exports and folders of API answers: posts ({"order", "posts"}), channels, users.

    The key of a post is its id. A bulk export has no ids: there it is "team/channel:created:user", the channel is
    "team/channel" and people go by their usernames, so the two kinds of file do not merge. A reply answers its root; the thread
    is the root. Joins, leaves and new names become events; other system posts are rejected as "notice".
    """

    code: ClassVar[str] = "mattermost"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Mattermost 导出（批量导出或 API）")

    def look(self, pack: Pack) -> Plan | None:
        heads = [head for _, head in glimpses(pack)]
        if any(is_bulk(head) for head in heads):
            return Plan(self.code, 0.95, questions=(private_question(N_("批量导出可能包含私信")),))
        if any(_is_posts(head) for head in heads):
            return Plan(self.code, 0.93)
        return Plan(self.code, 0.3) if any(_is_about(head) for head in heads) else None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(self._items(pack, answers), SOURCE, N_("里面没有帖子，只有成员、频道或错误信息"))

    def _items(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        times, cast = Times(answers), Cast(SOURCE)
        posts = _Posts(times, cast)
        for name, head in glimpses(pack):
            if _is_about(head) and "id" in head:
                yield from posts.learn(name, head)
        for name, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if is_bulk(head):
                yield from read_bulk(name, stream, times, cast, answers)
            elif _is_posts(head):
                for path, number, raw in pieces(name, stream, _OPENED):
                    if path[:1] == ("posts",) and len(path) == 2:
                        yield from posts.one(name, number, raw)
                    elif isinstance(raw, Reject) and path == ():
                        yield raw


def _is_posts(head: Any) -> bool:
    if not isinstance(head, dict) or not isinstance(head.get("order"), list):
        return False
    posts = head.get("posts", {})
    return isinstance(posts, dict | list) and all(
        isinstance(post, dict) and "channel_id" in post for post in (posts.values() if isinstance(posts, dict) else posts)
    )


def _is_about(head: Any) -> bool:
    """A user, a channel or an error of the API."""
    if not isinstance(head, dict):
        return False
    keys = head.keys()
    return (
        {"id", "create_at", "username"} <= keys
        or {"id", "create_at", "display_name", "team_id"} <= keys
        or {"id", "message", "status_code", "request_id"} <= keys
    )


class _Posts:
    """Posts of the API, with what is known of users and channels."""

    def __init__(self, times: Times, cast: Cast) -> None:
        self._times, self._cast = times, cast
        self._ids: dict[str, str] = {}  # of usernames
        self._places: set[str] = set()

    def learn(self, name: str, head: dict[str, Any]) -> Iterator[Item]:
        raw = msgspec.json.encode(head)
        if "username" in head:
            user = decoded(_user, raw, name, 1)
            if isinstance(user, _User):
                self._ids[user.username] = user.id
                full = f"{user.first_name or ''} {user.last_name or ''}".strip()
                shown = user.nickname or full or user.username
                is_staff = is_staff_role(role.removeprefix("system_") for role in (user.roles or "").split())
                attributes = {"username": user.username, "email": user.email, "title": user.position}
                yield from self._cast.meet(user.id, shown, kind_of(shown, is_bot=user.is_bot, is_staff=is_staff), attributes)
        elif "display_name" in head:
            place = decoded(_place, raw, name, 1)
            if isinstance(place, _Place):
                self._places.add(place.id)
                yield Channel(SOURCE, place.id, place.display_name or place.name or place.id, place.purpose or place.header or "")

    def one(self, name: str, number: int, raw: bytes | Reject) -> Iterator[Item]:
        row = decoded(_post, raw, name, number)
        if isinstance(row, Reject):
            yield row
            return
        at, text = millis(row.create_at), row.message or ""
        if fault := self._times.fault(at):
            yield Reject(name, number, "no_time" if row.create_at is None else fault, text[:80])
            return
        if not row.user_id:
            yield Reject(name, number, "no_sender", text[:80])
            return
        if row.channel_id not in self._places:
            self._places.add(row.channel_id)
            yield Channel(SOURCE, row.channel_id, row.channel_id)
        if (row.type or "").startswith("system_"):
            yield from self._happened(row, row.user_id, at or 0, name, number)
        else:
            yield from self._said(row, row.user_id, at or 0)

    def _said(self, row: _Post, actor: str, at: int) -> Iterator[Item]:
        about = row.props or {}
        if about.get("from_webhook") == "true" or about.get("from_bot") == "true":
            shown = about.get("override_username")
            yield from self._cast.meet(actor, shown if isinstance(shown, str) and shown else actor, kind_of("", is_bot=True))
        root = row.root_id or None
        files = row.metadata.files if row.metadata is not None else None
        media = medium(files[0].mime_type or files[0].name or "") if files else "file" if row.file_ids else None
        message = Event(
            row.id,
            at,
            Kind.MESSAGE_CREATED,
            SOURCE,
            row.channel_id,
            actor,
            root,
            root,
            text=None if row.delete_at else (row.message or "").strip() or None,
            props={"media": media} if media else None,
        )
        yield message
        changed = millis(row.edit_at) if row.edit_at else None
        if changed is not None and not self._times.fault(changed):
            yield edited(message, changed)
        gone = millis(row.delete_at) if row.delete_at else None
        if gone is not None and not self._times.fault(gone):
            yield deleted(message.key, gone, source=SOURCE, channel=row.channel_id, by="")
        for reaction in (row.metadata.reactions if row.metadata is not None else None) or ():
            when = millis(reaction.create_at)
            yield from reactions(
                message, reaction.emoji_name, [reaction.user_id], at=0 if when is None or self._times.fault(when) else when
            )

    def _happened(self, row: _Post, actor: str, at: int, name: str, number: int) -> Iterator[Item]:
        about = row.props or {}
        if row.type in _JOINED or row.type in _LEFT:
            yield Event(row.id, at, Kind.MEMBER_JOINED if row.type in _JOINED else Kind.MEMBER_LEFT, SOURCE, row.channel_id, actor)
        elif row.type in _ADDED or row.type in _REMOVED:
            role = "added" if row.type in _ADDED else "removed"
            who, called = about.get(f"{role}UserId"), about.get(f"{role}Username", about.get("username"))
            if not isinstance(who, str) or not who:
                who = self._ids.get(called, short(called)) if isinstance(called, str) else ""
            if not who:
                yield Reject(name, number, "no_sender", (row.message or "")[:80])
                return
            kind = Kind.MEMBER_JOINED if row.type in _ADDED else Kind.MEMBER_LEFT
            yield Event(row.id, at, kind, SOURCE, row.channel_id, who, props=None if who == actor else {"by": actor})
        elif row.type == "system_displayname_change":
            new = about.get("new_displayname")
            yield Event(
                row.id, at, Kind.CHANNEL_RENAMED, SOURCE, row.channel_id, actor, props={"name": new if isinstance(new, str) else ""}
            )
        else:
            yield Reject(name, number, "notice", (row.message or "")[:80])
