"""The tag tree, and who holds which tag."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import bulk, clock
from juluo.record.people.models import Member

from ..errors import NameTaken, NotBelowItself, RuleRefused, TagComputed, TooDeep, TooMany
from ..models import Grant, Tag
from ..registry import followers, rule_reader
from ..rules import MOST_LEVELS, tag_name, tag_path, tidy, words_of
from ..tables import TAGS
from ..types import Holding, Source, TagKind
from .copying import mark
from .members import FEW, known_members

MOST_TAGS = 5_000
LONGEST_PATH = 250
ROW = ("tag", "member", "at", "by", "source", "reason", "facts")


@transaction.atomic
def create_tag(
    community: Community,
    name: str,
    parent: Tag | None = None,
    *,
    kind: TagKind = TagKind.MANUAL,
    colour: int = 0,
    about: str = "",
    rule: str = "",
    words: Sequence[str] = (),
    is_topic: bool = False,
    least: int = 1,
    days: int = 90,
) -> Tag:
    """A new tag, last among its siblings. Raises `NameRefused`, `NameTaken`, `TooDeep`, `TooMany`, `RuleRefused`."""
    name = tag_name(name)
    _lock_tree(community)
    parent = Tag.objects.get(community=community, pk=parent.pk) if parent else None
    siblings = Tag.objects.filter(community=community, parent=parent)
    path = _free_path(community, parent, name)
    if Tag.objects.filter(community=community).count() >= MOST_TAGS:
        raise TooMany(most=MOST_TAGS)
    tag = Tag(
        community=community,
        parent=parent,
        name=name,
        path=path,
        colour=colour % 9,
        note=tidy(about)[:200],
        order=(siblings.aggregate(last=Max("order"))["last"] or 0) + 1,
        created_at=clock.now(),
    )
    _define(tag, kind, rule=rule, words=words, is_topic=is_topic, least=least, days=days)
    tag.save()
    note("tag.created", subject=path, community_id=community.pk)
    return tag


@transaction.atomic
def ensure_tag(community: Community, path: str) -> Tag:
    """The tag of this path; what is missing of the branch is created as manual tags. Raises `NameRefused`, `TooDeep`, `TooMany`."""
    tag: Tag | None = None
    names = tag_path(path)
    for level in range(len(names)):
        here = "/".join(names[: level + 1])
        tag = Tag.objects.filter(community=community, path=here).first() or create_tag(community, names[level], tag)
    assert tag is not None
    return tag


@transaction.atomic
def redefine(
    tag: Tag, kind: TagKind, *, rule: str = "", words: Sequence[str] = (), is_topic: bool = False, least: int = 1, days: int = 90
) -> Tag:
    """Say anew what decides who holds a tag. Holders stay until the next computation; a tag made manual keeps those it has.

    Raises `RuleRefused`.
    """
    tag = Tag.objects.select_for_update(no_key=True).get(pk=tag.pk)
    before = _definition(tag)
    _define(tag, kind, rule=rule, words=words, is_topic=is_topic, least=least, days=days)
    if _definition(tag) != before:
        tag.computed_at, tag.computed_from, tag.problem = None, "", ""
        tag.save()
        note("tag.redefined", subject=tag.path, community_id=tag.community_id)
    return tag


@transaction.atomic
def rename(tag: Tag, name: str) -> Tag:
    """Give a tag another name; the paths of its branch follow. Raises `NameRefused`, `NameTaken`."""
    name = tag_name(name)
    _lock_tree(tag.community)
    tag = Tag.objects.select_related("parent").get(pk=tag.pk)
    if name != tag.name:
        before, path = tag.path, _free_path(tag.community, tag.parent, name)
        Tag.objects.filter(pk=tag.pk).update(name=name)
        _repath(tag, path)
        note("tag.renamed", subject=before, community_id=tag.community_id, to=path)
        tag.refresh_from_db()
    return tag


@transaction.atomic
def move(tag: Tag, parent: Tag | None, *, before: Tag | None = None) -> Tag:
    """Put a tag with its branch below another (None: to the top), in front of its new sibling `before`, or last.

    Raises `NotBelowItself`, `NameTaken`, `TooDeep`.
    """
    _lock_tree(tag.community)
    tag = Tag.objects.get(pk=tag.pk)
    parent = Tag.objects.get(community=tag.community_id, pk=parent.pk) if parent else None
    if parent is not None and _is_within(parent.path, tag.path):
        raise NotBelowItself(path=tag.path)
    siblings = list(Tag.objects.filter(community=tag.community_id, parent=parent).exclude(pk=tag.pk))
    at = next((n for n, other in enumerate(siblings) if before and other.pk == before.pk), len(siblings))
    ordered = [*siblings[:at], tag, *siblings[at:]]
    bulk.update(Tag, ("order",), [(other.pk, n + 1) for n, other in enumerate(ordered) if other.order != n + 1])
    if tag.parent_id != (parent.pk if parent else None):
        old, path = tag.path, _free_path(tag.community, parent, tag.name)
        deepest = max(one.path.count("/") for one in _branch(tag)) - old.count("/") + path.count("/") + 1
        if deepest > MOST_LEVELS:
            raise TooDeep(most=MOST_LEVELS)
        Tag.objects.filter(pk=tag.pk).update(parent=parent)
        _repath(tag, path)
        note("tag.moved", subject=old, community_id=tag.community_id, to=path)
    tag.refresh_from_db()
    return tag


@transaction.atomic
def colour(tag: Tag, number: int) -> None:
    """Give a tag one of the eight colours of the design system, or none (0)."""
    if 0 <= number <= 8 and tag.colour != number:
        Tag.objects.filter(pk=tag.pk).update(colour=number)
        note("tag.coloured", subject=tag.path, community_id=tag.community_id)
        tag.colour = number


@transaction.atomic
def describe(tag: Tag, words: str) -> None:
    """Say what a tag is for."""
    words = tidy(words)[:200]
    if words != tag.note:
        Tag.objects.filter(pk=tag.pk).update(note=words)
        note("tag.described", subject=tag.path, community_id=tag.community_id)
        tag.note = words


@transaction.atomic
def merge_tags(into: Tag, other: Tag) -> Tag:
    """Make two tags one: who held `other` holds `into`, since the earlier day; its branch goes below `into`, names that meet are merged.

    Raises `NotBelowItself`, `TagComputed` (only manual tags can be merged), `TooDeep`.
    """
    _lock_tree(into.community)
    into, other = Tag.objects.get(pk=into.pk), Tag.objects.get(community=into.community_id, pk=other.pk)
    if _is_within(into.path, other.path):
        raise NotBelowItself(path=other.path)
    followed: dict[str, str | None] = {}
    _pour(into, other, followed)
    note("tag.merged", subject=into.path, community_id=into.community_id, other=next(iter(followed)))
    _tell(into.community, followed)
    into.refresh_from_db()
    return into


@transaction.atomic
def remove_tag(tag: Tag) -> int:
    """Remove a tag with its branch and everybody's grants of them; how many members held it."""
    _lock_tree(tag.community)
    branch = _branch(tag)
    grants = Grant.objects.filter(tag__in=branch, ended_at=None)
    members = set(grants.order_by().values_list("member_id", flat=True))
    mark(tag.community_id, TAGS.get_name(), members)
    note("tag.removed", subject=tag.path, community_id=tag.community_id, count=len(members))
    _tell(tag.community, {gone.path: None for gone in branch})
    tag.delete()
    return len(members)


# -- who holds it ------------------------------------------------------------------------------------------------


@transaction.atomic
def grant(tag: Tag, members: Iterable[int], *, source: Source = Source.OPERATOR, by: Any = None, reason: str = "") -> int:
    """Let members hold a tag; how many did not yet. Safe to repeat; two hundred thousand members take seconds.

    Members of other communities are left out. Raises `TagComputed`.
    """
    tag = _manual(tag)
    wanted = known_members(tag.community, set(members))
    fresh = sorted(wanted - _holders(tag, wanted))
    _grant(tag, [(member, {}) for member in fresh], source=source, by=by, reason=reason)
    if fresh:
        _noted("tag.granted", tag, fresh)
    return len(fresh)


@transaction.atomic
def revoke(tag: Tag, members: Iterable[int], *, by: Any = None, reason: str = "") -> int:
    """Take a tag from members; how many held it. The history keeps that they did. Safe to repeat. Raises `TagComputed`."""
    tag = _manual(tag)
    gone = _end(tag, set(members), by=by, reason=reason)
    if gone:
        _noted("tag.revoked", tag, gone)
    return len(gone)


@transaction.atomic
def grant_paths(
    community: Community, holders: Mapping[str, Collection[int]], *, source: Source, by: Any = None, reason: str = ""
) -> tuple[int, list[str]]:
    """Grant tags by their paths, creating what is missing; how many grants are new, and the paths that could not be granted because
    their members are computed. Raises `NameRefused`, `TooDeep`, `TooMany`."""
    many, refused = 0, []
    for path in sorted(holders):
        tag = ensure_tag(community, path)
        if tag.is_computed:
            refused.append(tag.path)
        else:
            many += grant(tag, holders[path], source=source, by=by, reason=reason)
    return many, refused


@transaction.atomic
def set_holders(tag: Tag, holdings: Iterable[Holding], *, computed_from: str = "") -> tuple[int, int]:
    """Let exactly these members hold a computed tag: (how many came, how many went). Facts of those who stay are brought up to date.

    Called by what computes a tag. `computed_from` names the state of the world it saw. Does nothing where the tag has become manual
    or is gone.
    """
    found = Tag.objects.select_for_update(no_key=True).select_related("community").filter(pk=tag.pk).first()
    if found is None or not found.is_computed:
        return 0, 0
    wanted = {holding.member: dict(holding.facts) for holding in holdings}
    wanted = {member: wanted[member] for member in known_members(found.community, wanted.keys())}
    standing = {
        member: (number, facts)
        for number, member, facts in Grant.objects.filter(tag=found, ended_at=None).values_list("pk", "member_id", "facts").iterator(20_000)
    }
    came = sorted(wanted.keys() - standing.keys())
    went = standing.keys() - wanted.keys()
    changed = [(standing[m][0], facts) for m, facts in wanted.items() if m in standing and standing[m][1] != facts]
    _grant(found, [(member, wanted[member]) for member in came], source=Source.RULE)
    bulk.update(Grant, ("facts",), changed)
    _end(found, went)
    Tag.objects.filter(pk=found.pk).update(computed_at=clock.now(), computed_from=computed_from[:100], problem="")
    if came or went:
        note("tag.computed", subject=found.path, community_id=found.community_id, came=len(came), went=len(went))
    return len(came), len(went)


def note_problem(tag: Tag, why: str) -> None:
    """Keep why the last computation of a tag did not work; its holders stay as they were."""
    Tag.objects.filter(pk=tag.pk).update(problem=why[:1_000], computed_at=clock.now())


def _manual(tag: Tag) -> Tag:
    tag = Tag.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=tag.pk)
    if tag.is_computed:
        raise TagComputed(path=tag.path)
    return tag


def _holders(tag: Tag, members: Collection[int]) -> set[int]:
    held = Grant.objects.filter(tag=tag, ended_at=None)
    if len(members) <= FEW:
        held = held.filter(member__in=members)
    return set(held.values_list("member_id", flat=True).iterator(20_000))


def _grant(tag: Tag, rows: Sequence[tuple[int, Mapping[str, Any]]], *, source: Source, by: Any = None, reason: str = "") -> None:
    now, who, why = clock.now(), by.pk if by is not None else None, tidy(reason)[:200]
    bulk.insert(Grant, ROW, [(tag.pk, member, now, who, source.value, why, facts) for member, facts in rows])
    mark(tag.community_id, TAGS.get_name(), (member for member, _ in rows))


def _end(tag: Tag, members: Collection[int], *, by: Any = None, reason: str = "") -> list[int]:
    """End the grants that these members hold; who held one."""
    held = Grant.objects.filter(tag=tag, ended_at=None)
    if len(members) <= FEW:
        held = held.filter(member__in=members)
    rows = [row for row in held.values_list("pk", "member_id").iterator(20_000) if row[1] in members]
    now, who, why = clock.now(), by.pk if by is not None else None, tidy(reason)[:200]
    bulk.update(Grant, ("ended_at", "ended_by", "ended_reason"), [(number, now, who, why) for number, _ in rows])
    mark(tag.community_id, TAGS.get_name(), (member for _, member in rows))
    return [member for _, member in rows]


def _noted(verb: str, tag: Tag, members: Sequence[int]) -> None:
    if len(members) == 1:
        note(verb, subject=tag.path, community_id=tag.community_id, member=Member.objects.get(pk=members[0]).name)
    else:
        note(f"{verb}_many", subject=tag.path, community_id=tag.community_id, count=len(members))


# -- the tree ----------------------------------------------------------------------------------------------------


def _lock_tree(community: Community) -> None:
    """Only one hand at a time on a community's tree."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)


def _branch(tag: Tag) -> list[Tag]:
    """A tag and everything below it. Told apart here: SQLite's LIKE takes 爱好/Tea for 爱好/tea."""
    found = Tag.objects.filter(community=tag.community_id, path__startswith=tag.path).order_by("path")
    return [one for one in found if _is_within(one.path, tag.path)]


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


def _free_path(community: Community, parent: Tag | None, name: str) -> str:
    path = f"{parent.path}/{name}" if parent else name
    if path.count("/") >= MOST_LEVELS or len(path) > LONGEST_PATH:
        raise TooDeep(most=MOST_LEVELS)
    if Tag.objects.filter(community=community, path=path).exists():
        raise NameTaken(name=path)
    return path


def _repath(tag: Tag, path: str) -> None:
    """Give a branch the paths that follow from its root's new one, and tell who names tags by path."""
    old = {one.pk: one.path for one in _branch(tag)}
    new = {number: path + before[len(tag.path) :] for number, before in old.items()}
    if any(len(after) > LONGEST_PATH for after in new.values()):
        raise TooDeep(most=MOST_LEVELS)
    bulk.update(Tag, ("path",), list(new.items()))
    _tell(tag.community, {old[number]: new[number] for number in old})


def _pour(into: Tag, other: Tag, followed: dict[str, str | None]) -> None:
    """Move grants and children of `other` to `into`, then let `other` go."""
    for tag in (into, other):
        if tag.is_computed:
            raise TagComputed(path=tag.path)
    followed[other.path] = into.path
    standing = dict(Grant.objects.filter(tag=into, ended_at=None).values_list("member_id", "pk"))
    earlier, doubled, members = [], [], set()
    for number, member, at in Grant.objects.filter(tag=other, ended_at=None).values_list("pk", "member_id", "at").iterator(20_000):
        members.add(member)
        if member in standing:
            doubled.append((number, clock.now()))
            earlier.append((standing[member], at))
    bulk.update(Grant, ("ended_at",), doubled)
    since = dict(Grant.objects.filter(tag=into, ended_at=None).values_list("pk", "at"))
    bulk.update(Grant, ("at",), [(number, at) for number, at in earlier if at < since[number]])
    Grant.objects.filter(tag=other).update(tag=into)
    mark(into.community_id, TAGS.get_name(), members)
    for child in Tag.objects.filter(parent=other):
        same = Tag.objects.filter(parent=into, name=child.name).first()
        if same is not None:
            _pour(same, child, followed)
        else:
            move(child, into)
    other.delete()


def _tell(community: Community, paths: Mapping[str, str | None]) -> None:
    for follower in followers:
        follower.follow(community, paths)


def _define(tag: Tag, kind: TagKind, *, rule: str, words: Sequence[str], is_topic: bool, least: int, days: int) -> None:
    tag.kind = kind
    tag.rule = rule.strip() if kind == TagKind.RULE else ""
    tag.words = words_of("\n".join(words)) if kind == TagKind.TEXT else []
    tag.is_topic = is_topic and kind == TagKind.TEXT
    tag.least, tag.days = max(1, min(least, 100_000)), max(0, min(days, 3_650))
    if kind == TagKind.RULE:
        reader = rule_reader()
        why = gettext("这里还不能使用规则。") if reader is None else reader.check(tag.community, tag.rule)
        if why or not tag.rule:
            raise RuleRefused(why=why or gettext("规则是空的。"))
    if kind == TagKind.TEXT and not tag.words:
        raise RuleRefused(why=gettext("至少写一个要找的词（两个字以上）。"))


def _definition(tag: Tag) -> tuple:
    return tag.kind, tag.rule, tuple(tag.words), tag.is_topic, tag.least, tag.days
