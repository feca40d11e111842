"""Finding out what is known of members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from juluo.ground.communities.models import Community
from juluo.record.lake.queries import ask
from juluo.record.people.models import Member

from .measures import HELD_BY_ANY, HELD_BY_TAG
from .models import Attribute, Grant, Note, Tag, Value
from .rules import tag_path
from .types import GROUP_NAMES, Group, TagKind

# -- attributes --------------------------------------------------------------------------------------------------


def attributes(community: Community) -> list[Attribute]:
    """What may be known of a member here, by group and order."""
    order = {group.value: number for number, group in enumerate(GROUP_NAMES)}
    return sorted(Attribute.objects.filter(community=community), key=lambda a: (order[a.group], a.order, a.pk))


def attribute(community: Community, code: str) -> Attribute | None:
    """The attribute of this code."""
    return Attribute.objects.filter(community=community, code=code).first()


@dataclass(frozen=True)
class Known:
    """An attribute of one member: the value that counts, and how many other values stand or stood."""

    attribute: Attribute
    value: Value | None
    others: int = 0


def known_of(member: Member) -> dict[Group, list[Known]]:
    """What is known of a member, by group; attributes without a value too. A fixed number of queries."""
    values = {v.attribute_id: v for v in Value.objects.filter(member=member, is_current=True).select_related("by")}
    many = dict(Value.objects.filter(member=member).values_list("attribute_id").annotate(n=Count("pk")))
    found: dict[Group, list[Known]] = {}
    for one in attributes(member.community):
        value = values.get(one.pk)
        if value is not None:
            value.attribute = one
        found.setdefault(Group(one.group), []).append(Known(one, value, max(0, many.get(one.pk, 0) - (value is not None))))
    return found


def history(member: Member, of: Attribute) -> list[Value]:
    """Everything ever said of a member under an attribute, the latest told first."""
    rows = Value.objects.filter(member=member, attribute=of).select_related("by", "withdrawn_by", "attribute")
    return list(rows.order_by("-known_at", "-pk"))


def current_values(community: Community, code: str, members: Iterable[int]) -> dict[int, str | float | object]:
    """The values that count under an attribute, of these members: text, number or date, whichever the attribute keeps."""
    rows = Value.objects.filter(attribute__community=community, attribute__code=code, member__in=list(members), is_current=True)
    return {
        m: text if text is not None else number if number is not None else day
        for m, text, number, day in rows.values_list("member_id", "text", "number", "day")
    }


# -- tags --------------------------------------------------------------------------------------------------------


@dataclass
class Branch:
    """A tag in the tree: how many members hold it, and how many hold it or anything below."""

    tag: Tag
    own: int = 0
    within: int = 0
    children: list["Branch"] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return self.tag.path.count("/")


def tags(community: Community) -> QuerySet[Tag]:
    """Every tag, by path."""
    return Tag.objects.filter(community=community).order_by("path")


def tag_at(community: Community, path: str) -> Tag | None:
    """The tag of this path, written as people write it. Raises `NameRefused`, `TooDeep` for what cannot be a path."""
    return Tag.objects.filter(community=community, path="/".join(tag_path(path))).first()


def branch(tag: Tag) -> list[int]:
    """The numbers of a tag and of everything below it: what `tables.TAGS` must be asked for to find who is anywhere in it."""
    return [one for one, path in Tag.objects.filter(community=tag.community_id).values_list("pk", "path") if _is_within(path, tag.path)]


def tree(community: Community) -> list[Branch]:
    """The roots of the tag tree, counted in the lake: two short questions and one for each tag that has others below it."""
    branches = {tag.pk: Branch(tag) for tag in Tag.objects.filter(community=community)}
    for row in ask(community.pk, HELD_BY_TAG).to_pylist():
        if row["tag"] in branches:
            branches[row["tag"]].own = row["n"]
    roots: list[Branch] = []
    for one in branches.values():
        above = branches.get(one.tag.parent_id or 0)
        (above.children if above else roots).append(one)
    for one in branches.values():
        one.within = one.own if not one.children else _held_by_any(community, _numbers(one))
    return roots


def _numbers(one: Branch) -> list[int]:
    return [one.tag.pk, *(number for child in one.children for number in _numbers(child))]


def _held_by_any(community: Community, numbers: Sequence[int]) -> int:
    return ask(community.pk, HELD_BY_ANY, tags=list(numbers))["n"][0].as_py() or 0


def grants_of(member: Member) -> list[Grant]:
    """The tags a member holds, with why, by path."""
    return list(Grant.objects.filter(member=member, ended_at=None).select_related("tag", "by").order_by("tag__path"))


def past_grants_of(member: Member, *, most: int = 50) -> list[Grant]:
    """The tags a member no longer holds, the last to go first."""
    rows = Grant.objects.filter(member=member).exclude(ended_at=None).select_related("tag", "by", "ended_by")
    return list(rows.order_by("-ended_at", "-pk")[:most])


def holders(tag: Tag) -> QuerySet[Grant]:
    """Who holds a tag, the newest first, ready to be cut into pages."""
    return Grant.objects.filter(tag=tag, ended_at=None).select_related("member", "by").order_by("-at", "-pk")


def holds(tag: Tag, members: Iterable[int]) -> set[int]:
    """Those of these members who hold a tag."""
    return set(Grant.objects.filter(tag=tag, ended_at=None, member__in=list(members)).values_list("member_id", flat=True))


def rule_tags(community: Community) -> list[Tag]:
    """The tags whose members an expression decides."""
    return list(Tag.objects.filter(community=community, kind=TagKind.RULE).order_by("path"))


def text_tags(community: Community) -> list[Tag]:
    """The tags whose members are found by the words they use."""
    return list(Tag.objects.filter(community=community, kind=TagKind.TEXT).order_by("path"))


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")


# -- notes -------------------------------------------------------------------------------------------------------


def notes(community: Community) -> QuerySet[Note]:
    """Every note, the latest seen first."""
    return Note.objects.filter(community=community).select_related("member", "channel", "by")


def notes_of(member: Member) -> QuerySet[Note]:
    """The notes on a member."""
    return notes(member.community).filter(member=member)


def search_notes(rows: QuerySet[Note], words: str) -> QuerySet[Note]:
    """Those of the notes that mention `words`, in their text or in the name of whom they are about."""
    return rows.filter(Q(text__icontains=words) | Q(member__name__icontains=words) | Q(channel__name__icontains=words))
