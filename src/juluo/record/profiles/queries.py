"""Finding out what is known of members."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.queries import ask
from juluo.record.people.models import Identity, Member

from .measures import COVERAGE, DAYS, HELD_BY_ANY, HELD_BY_TAG, NUMBERS, WORDS
from .models import Attribute, Grant, Note, Tag, Value
from .rules import tag_path
from .types import GROUP_NAMES, Group, TagKind, ValueKind

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


# -- pages -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Meant:
    """Whom lines of names and accounts mean: members by line, lines that could mean several, lines that mean nobody."""

    found: dict[str, int]
    unclear: list[str]
    unknown: list[str]


def meant(community: Community, lines: Iterable[str]) -> Meant:
    """The members that pasted names, earlier names or account ids mean. An account decides before a name; a name that two members
    share decides nothing."""
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))[:10_000]
    accounts: dict[str, set[int]] = {}
    names: dict[str, set[int]] = {}
    for start in range(0, len(wanted), 500):
        few = wanted[start : start + 500]
        known = Identity.objects.filter(community=community)
        for line, number in known.filter(external_id__in=few).values_list("external_id", "member_id"):
            accounts.setdefault(line, set()).add(number)
        for line, number in known.filter(name__in=few).values_list("name", "member_id"):
            names.setdefault(line, set()).add(number)
        for line, number in Member.objects.filter(community=community, name__in=few).values_list("name", "pk"):
            names.setdefault(line, set()).add(number)
    found: dict[str, int] = {}
    unclear: list[str] = []
    unknown: list[str] = []
    for line in wanted:
        who = accounts.get(line) or names.get(line) or set()
        if len(who) == 1:
            found[line] = next(iter(who))
        else:
            (unclear if who else unknown).append(line)
    return Meant(found, unclear, unknown)


@dataclass(frozen=True)
class Day:
    """A day in the life of a tag: who came, who went, how many held it at its end."""

    on: date
    came: int
    went: int
    held: int


def trend(tag: Tag, *, days: int = 180) -> list[Day]:
    """How a tag and those below it were held on each of the last `days` days (grants, so who holds two of a branch counts twice)."""
    zone = ZoneInfo(tag.community.zone)
    grants = Grant.objects.filter(tag__in=branch(tag)).order_by()
    came = Counter(dict(grants.annotate(on=TruncDate("at", tzinfo=zone)).values_list("on").annotate(n=Count("pk"))))
    ended = grants.exclude(ended_at=None).annotate(on=TruncDate("ended_at", tzinfo=zone))
    went = Counter(dict(ended.values_list("on").annotate(n=Count("pk"))))
    today = clock.today(tag.community.zone)
    first = today - timedelta(days=days - 1)
    held = sum(n for on, n in came.items() if on < first) - sum(n for on, n in went.items() if on < first)
    found = []
    for n in range(days):
        on = first + timedelta(days=n)
        held += came[on] - went[on]
        found.append(Day(on, came[on], went[on], held))
    return found


def coverage(community: Community) -> dict[str, int]:
    """How many members have a value, by attribute code."""
    rows = ask(community.pk, COVERAGE)
    return dict(zip(rows["attribute"].to_pylist(), rows["n"].to_pylist(), strict=True))


def sources_of(of: Attribute) -> dict[str, int]:
    """How many of the values that count came from where."""
    rows = Value.objects.filter(attribute=of, is_current=True).order_by()
    return dict(rows.values_list("source").annotate(n=Count("pk")))


def spread(of: Attribute) -> list[tuple[str | float | int, int]]:
    """How the values of an attribute are spread: (value, members), the commonest word first, numbers and years ascending."""
    if of.kind in (ValueKind.NUMBER, ValueKind.BOOLEAN):
        question, name = NUMBERS, "number"
    elif of.kind == ValueKind.DATE:
        question, name = DAYS, "year"
    else:
        question, name = WORDS, "text"
    rows = ask(of.community_id, question, attribute=of.code)
    return list(zip(rows[name].to_pylist(), rows["n"].to_pylist(), strict=True))


def people_count(community: Community) -> int:
    """How many members there are, without bots and staff."""
    return Member.objects.filter(community=community, kind=PersonKind.PERSON).count()
