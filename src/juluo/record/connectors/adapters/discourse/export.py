"""Discourse forums as saved from the API: topics (/t/123.json), latest posts (/posts.json), single posts, one post a line."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from juluo.kit.archive import Pack
from juluo.kit.errors import N_
from juluo.kit.text import excerpt, plain
from juluo.record.events.types import Event, Kind

from ...rules.derived import deleted, edited, reactions
from ...rules.kinds import kind_of
from ...rules.wire import Times
from ...types import Channel, Item, Plan, Reject
from ..reading import Cast, Lines, decoded, glimpse, glimpses, json_names, ndjson, pieces, sound

SOURCE = "discourse"


class _Action(msgspec.Struct, gc=False):
    id: int | None = None
    count: int = 0


class _Reacted(msgspec.Struct, gc=False):
    id: str
    count: int = 0


class _Post(msgspec.Struct, gc=False):
    id: int
    topic_id: int
    post_number: int = 0
    username: str | None = None
    name: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    deleted_at: str | None = None
    cooked: str | None = None
    raw: str | None = None
    post_type: int = 1
    version: int = 1
    reply_to_post_number: int | None = None
    category_id: int | None = None
    topic_title: str | None = None
    topic_slug: str | None = None
    admin: bool = False
    moderator: bool = False
    staff: bool = False
    user_id: int | None = None
    user_title: str | None = None
    actions_summary: list[_Action] | None = None
    reactions: list[_Reacted] | None = None
    hidden_category: int | None = msgspec.field(name="_category_id", default=None)


class _Category(msgspec.Struct, gc=False):
    id: int
    name: str = ""
    description_text: str | None = None


_post, _category = msgspec.json.Decoder(_Post), msgspec.json.Decoder(_Category)
_scalar = msgspec.json.Decoder(str | int | float | bool | None)

# Where posts lie: in a topic, in the latest posts, in a plain list or on their own.
_OPENED = frozenset(
    {
        (),
        ("post_stream",),
        ("post_stream", "posts"),
        ("latest_posts",),
        ("posts",),
        ("category_list",),
        ("category_list", "categories"),
        ("categories",),
    }
)
_POSTS = frozenset({("post_stream", "posts", "*"), ("latest_posts", "*"), ("posts", "*"), ("*",)})
_CATEGORIES = frozenset({("category_list", "categories", "*"), ("categories", "*")})
_LIKE, _REGULAR, _MODERATOR_ACTION, _SMALL_ACTION, _WHISPER = 2, 1, 2, 3, 4
_MOST_NUMBERS = 200_000


class DiscourseExport:
    """Reads what Discourse's API answers.

    The key of a post is its id, so that posts which moved stay the same. The channel is the category (where the file
    tells it), the thread is the topic; the first post of a topic carries its title in props["title"]. The actor is the
    username. Likes come as a number only. Small actions (closed, pinned, split) are rejected as "notice".
    """

    code: ClassVar[str] = "discourse"
    source: ClassVar[str] = SOURCE
    title: ClassVar[str] = N_("Discourse 论坛（API 保存的 JSON）")

    def look(self, pack: Pack) -> Plan | None:
        heads = [head for _, head in glimpses(pack)]
        if any(_has_posts(head) for head in heads):
            return Plan(self.code, 0.92)
        return Plan(self.code, 0.3) if any(_is_list(head) for head in heads) else None

    def read(self, pack: Pack, answers: Mapping[str, Any]) -> Iterator[Item]:
        return sound(_Site(answers).read(pack), SOURCE, N_("里面只有话题或分类的列表，没有帖子；请导出每个话题的 JSON"))


def _is_post(value: Any) -> bool:
    return isinstance(value, dict) and {"id", "topic_id", "post_number"} <= value.keys() and ("cooked" in value or "raw" in value)


def _has_posts(head: Any) -> bool:
    if isinstance(head, list):
        return bool(head) and _is_post(head[0])
    if not isinstance(head, dict):
        return False
    if _is_post(head) or (isinstance(head.get("post_stream"), dict) and isinstance(head["post_stream"].get("posts"), list)):
        return True
    if {"archetype", "chunk_size", "posts_count"} <= head.keys() or {"actions_summary", "archetype", "chunk_size"} <= head.keys():
        return True  # a topic whose posts come later in the file
    return any(isinstance(rows := head.get(key), list) and bool(rows) and _is_post(rows[0]) for key in ("latest_posts", "posts"))


def _is_list(head: Any) -> bool:
    return isinstance(head, dict) and (isinstance(head.get("topic_list"), dict) or isinstance(head.get("category_list"), dict))


class _Site:
    """One pack while it is read."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._times, self._cast = Times(answers), Cast(SOURCE)
        self._told: set[int] = set()
        self._named: set[int] = set()
        self._posts: dict[tuple[int, int], int] = {}  # the id of a topic's nth post

    def read(self, pack: Pack) -> Iterator[Item]:
        for name, stream in pack.walk(set(json_names(pack))):
            head = glimpse(stream.peek(1)[:65_536])
            if isinstance(head, Lines):
                if _has_posts(head):
                    for line, row in ndjson(name, stream, _post):
                        yield from self._one(name, line, row, None, None)
            elif _is_post(head):
                yield from self._one(name, 1, decoded(_post, stream.read(8 * 2**20), name, 1), None, None)
            elif _has_posts(head) or _is_list(head):
                yield from self._document(name, pieces(name, stream, _OPENED), head)

    def _document(self, name: str, rows: Iterator[tuple[tuple[str, ...], int, bytes | Reject]], head: Any) -> Iterator[Item]:
        """A topic or a list of posts. In a topic the category and title may follow the posts, so posts wait for the end."""
        about: dict[str, Any] = {key: head[key] for key in ("category_id", "title") if isinstance(head, dict) and key in head}
        held: list[tuple[int, bytes]] = []
        is_topic = isinstance(head, dict) and not ("latest_posts" in head or "posts" in head)
        for path, number, raw in rows:
            if isinstance(raw, Reject):
                if path == () or path in _POSTS:
                    yield raw
            elif path in _CATEGORIES:
                yield from self._place(name, number, raw)
            elif path in _POSTS:
                if is_topic and len(held) < 5_000:
                    held.append((number, raw))
                else:
                    yield from self._one(name, number, decoded(_post, raw, name, number), about.get("category_id"), about.get("title"))
            elif path in (("category_id",), ("title",)):
                value = decoded(_scalar, raw, name, number)
                if not isinstance(value, Reject):
                    about[path[0]] = value
        for number, raw in held:
            yield from self._one(name, number, decoded(_post, raw, name, number), about.get("category_id"), about.get("title"))

    def _place(self, name: str, number: int, raw: bytes) -> Iterator[Item]:
        category = decoded(_category, raw, name, number)
        if isinstance(category, _Category) and category.name:
            self._named.add(category.id)
            yield Channel(SOURCE, str(category.id), category.name, category.description_text or "")

    def _one(self, name: str, number: int, row: _Post | Reject, category: Any, title: Any) -> Iterator[Item]:
        if isinstance(row, Reject):
            yield row
            return
        at = self._times.parse(row.created_at)
        actor, words = row.username or "", row.raw if row.raw is not None else plain(row.cooked or "")
        if fault := self._times.fault(at):
            yield Reject(name, number, "no_time" if row.created_at is None else fault, excerpt(words))
        elif not actor:
            yield Reject(name, number, "no_sender", excerpt(words))
        elif row.post_type == _SMALL_ACTION:
            yield Reject(name, number, "notice", excerpt(words))
        else:
            yield from self._said(row, actor, at or 0, words, category, title)

    def _said(self, row: _Post, actor: str, at: int, words: str, category: Any, title: Any) -> Iterator[Item]:
        is_bot = row.user_id is not None and row.user_id < 0
        kind = kind_of(actor, is_bot=is_bot, is_staff=row.staff or row.admin or row.moderator)
        yield from self._cast.meet(actor, row.name or actor, kind, {"username": actor, "title": row.user_title})
        place = row.category_id if row.category_id is not None else row.hidden_category if row.hidden_category is not None else category
        channel = str(place) if isinstance(place, int) else ""
        if channel and place not in self._told and place not in self._named:
            self._told.add(place)
            yield Channel(SOURCE, channel, N_("分类 %s") % channel)
        if len(self._posts) > _MOST_NUMBERS:
            self._posts.clear()
        self._posts[row.topic_id, row.post_number] = row.id
        answered = self._posts.get((row.topic_id, row.reply_to_post_number)) if row.reply_to_post_number is not None else None
        props: dict[str, Any] = {}
        heading = row.topic_title or title
        if row.post_number == 1 and isinstance(heading, str) and heading:
            props["title"] = heading[:500]
        if row.cooked and "<img" in row.cooked:
            props["media"] = "image"
        message = Event(
            str(row.id),
            at,
            Kind.MESSAGE_CREATED,
            SOURCE,
            channel,
            actor,
            str(row.topic_id),
            None if answered is None else str(answered),
            text=words.strip() or None,
            props=props or None,
        )
        yield message
        changed = self._times.parse(row.updated_at)
        if row.version > 1 and changed is not None and changed > at and not self._times.fault(changed):
            yield edited(message, changed)
        gone = self._times.parse(row.deleted_at)
        if gone is not None and not self._times.fault(gone):
            yield deleted(message.key, gone, source=SOURCE, channel=channel, by="")
        if row.reactions:
            for reaction in row.reactions:
                yield from reactions(message, reaction.id, (), reaction.count)
        else:
            likes = sum(action.count for action in row.actions_summary or () if action.id == _LIKE)
            yield from reactions(message, "heart", (), likes)
