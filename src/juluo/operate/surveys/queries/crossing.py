"""Answers crossed: how those of one tier, tag or segment, or those who said one thing, answered the rest.

However many answered, the lake is asked once (who is in which group) and the store three times (how many there are, what they chose, how
many chose among several).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext

from juluo.insight.segments.queries import segments, sorted_into, vocabulary
from juluo.insight.segments.rules.writing import quoted
from juluo.record.profiles.models import Tag
from juluo.record.profiles.queries import tags

from ..models import Given, Response, Survey
from ..rules.crossing import FEWEST, is_revealing
from ..rules.scores import mean, nps, share
from ..types import NUMERIC, OTHER, Choice, Kind, Nps, Question
from .designs import current, design_of
from .results import former_titles

MOST_GROUPS = 12
MOST_TAGS = 200
TIER = "tier"
PARTED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.NPS})  # questions that part people into groups
COUNTED = PARTED | {Kind.MATRIX, Kind.NUMBER}


@dataclass(frozen=True)
class Way:
    """A way to part those who answered: `code` as it stands in addresses ("tier", "tag:7", "segment:vips", "question:q3")."""

    code: str
    title: str


@dataclass(frozen=True)
class Cell:
    """How many of a group said one thing, and which share of those of the group who answered the question."""

    count: int
    share: float | None


@dataclass(frozen=True)
class Row:
    """What one group answered to a question. `is_few`: too few to make anything of their shares."""

    title: str
    answered: int
    cells: Sequence[Cell]
    nps: Nps | None = None
    mean: float | None = None

    @property
    def is_few(self) -> bool:
        return self.answered < FEWEST


@dataclass(frozen=True)
class Crossing:
    """One question (or one row of a matrix) by groups, everybody first. `is_refused`: shown, it could tell who said what."""

    question: Question
    title: str
    heads: Sequence[str]
    rows: Sequence[Row]
    is_refused: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody answered it."""
        return not self.is_refused and not self.rows[0].answered

    @property
    def has_nps(self) -> bool:
        return self.question.kind == Kind.NPS

    @property
    def has_mean(self) -> bool:
        return self.question.kind in (Kind.SCALE, Kind.NUMBER)


@dataclass(frozen=True)
class Crossed:
    """The whole survey by groups. `is_overlapping`: somebody may be in several."""

    way: Way
    is_overlapping: bool
    crossings: Sequence[Crossing] = field(default_factory=list)


def ways(survey: Survey, *, may_part_members: bool = True) -> list[tuple[str, list[Way]]]:
    """Every way, under headings. Answers without names can only be crossed with answers."""
    found: list[tuple[str, list[Way]]] = []
    if may_part_members and not survey.is_anonymous:
        tier = vocabulary(survey.community).fields.get(TIER)
        if tier is not None:
            found.append((gettext("成员"), [Way(TIER, gettext(tier.title))]))
        found.append((gettext("标签"), [Way(f"tag:{tag.pk}", tag.path) for tag in tags(survey.community)[:MOST_TAGS]]))
        found.append((gettext("人群"), [Way(f"segment:{one.code}", one.name) for one in segments(survey.community)]))
    version = current(survey)
    asked = design_of(version.design).questions if version else ()
    found.append((gettext("另一道题"), [Way(f"question:{one.code}", one.title) for one in asked if one.kind in PARTED]))
    return [(title, offered) for title, offered in found if offered]


def crossed(survey: Survey, by: str, *, is_protected: bool, may_part_members: bool = True) -> Crossed | None:
    """What each group answered; None for a way that is not offered. `is_protected` refuses whatever could tell who said what, as it
    always is for anonymous surveys. Raises `ExpressionRefused` where a segment's own conditions are broken."""
    way = next((one for _, offered in ways(survey, may_part_members=may_part_members) for one in offered if one.code == by), None)
    if way is None or current(survey) is None:
        return None
    groups, is_overlapping = _groups(survey, way)
    sizes = Response.objects.filter(survey=survey, answered_at__isnull=False).aggregate(
        **{f"g{at}": Count("pk", filter=group.of("member", "pk")) for at, group in enumerate(groups)}
    )
    groups = [group for at, group in enumerate(groups) if sizes[f"g{at}"]]
    crossings = _crossings(survey, way, groups, is_protected=is_protected or survey.is_anonymous)
    return Crossed(way, is_overlapping, crossings)


# -- groups ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """`of(member, response)` is the condition, over the columns that name them."""

    title: str
    of: Callable[[str, str], Q]


def _groups(survey: Survey, way: Way) -> tuple[list[_Group], bool]:
    kind, _, code = way.code.partition(":")
    if kind == "question":
        return _by_answer(survey, code)
    rest = gettext("其他成员")
    is_overlapping = False
    if kind == TIER:
        words = vocabulary(survey.community)
        texts = {title: f"{TIER} = {value}" for value, title in words.choices(words.fields[TIER])}
    elif kind == "segment":
        texts, rest = {way.title: f"in_segment({quoted(code)})"}, gettext("不在这个人群")
    else:
        tag = Tag.objects.get(community=survey.community_id, pk=int(code))
        below = list(tag.children.all()[:MOST_GROUPS])
        texts = {one.name: f"tag({quoted(one.path)})" for one in below} or {tag.name: f"tag({quoted(tag.path)})"}
        is_overlapping, rest = len(below) > 1, gettext("没有这些标签") if below else gettext("没有这个标签")
    crowds = sorted_into(survey.community, list(texts.values()))
    groups = [_Group(title, _named(crowd)) for title, crowd in zip(texts, crowds, strict=True)]

    def others(member: str, response: str) -> Q:
        condition = Q(**{f"{member}__isnull": False})
        for crowd in crowds:
            condition &= ~crowd.holding(member)
        return condition

    unknown = _Group(gettext("公开链接，不知道是谁"), lambda member, response: Q(**{f"{member}__isnull": True}))
    return [*groups, _Group(rest, others), unknown], is_overlapping


def _named(crowd: Any) -> Callable[[str, str], Q]:
    return lambda member, response: crowd.holding(member)


def _by_answer(survey: Survey, code: str) -> tuple[list[_Group], bool]:
    version = current(survey)
    question = design_of(version.design).question(code) if version else None
    assert question is not None
    given = Given.objects.filter(survey=survey, question=code)
    parts: list[tuple[str, Q]]
    if question.kind == Kind.NPS:
        parts = [(gettext("推荐者 9–10"), Q(number__gte=9)), (gettext("中立者 7–8"), Q(number__gt=6, number__lt=9))]
        parts.append((gettext("贬损者 0–6"), Q(number__lte=6)))
    elif question.kind == Kind.SCALE:
        parts = [(str(step), Q(number=step)) for step in question.range]
    else:
        parts = [(_titled(choice), Q(choice=choice.code)) for choice in question.options]

    def saying(condition: Q) -> Callable[[str, str], Q]:
        return lambda member, response: Q(**{f"{response}__in": given.filter(condition).values("response")})

    groups = [_Group(title, saying(condition)) for title, condition in parts]
    silent = _Group(gettext("没答这题"), lambda member, response: ~Q(**{f"{response}__in": given.values("response")}))
    return [*groups, silent], question.kind == Kind.MULTIPLE


# -- counting ----------------------------------------------------------------------------------------------------


def _crossings(survey: Survey, way: Way, groups: Sequence[_Group], *, is_protected: bool) -> list[Crossing]:
    designs = {one.pk: (one.number, design_of(one.design)) for one in survey.versions.all()}
    latest = max(designs.values(), key=lambda one: one[0])[1]
    asked = [one for one in latest.questions if one.kind in COUNTED and way.code != f"question:{one.code}"]
    sums = {"g0": Count("pk")} | {
        f"g{at}": Count("pk", filter=group.of("response__member", "response")) for at, group in enumerate(groups, 1)
    }
    rows = Given.objects.filter(survey=survey, question__in=[one.code for one in asked]).order_by()
    counts: dict[tuple[str, str], list[Counter[Any]]] = defaultdict(lambda: [Counter() for _ in sums])
    pieces: Any = rows.exclude(choice="", number=None).values("question", "row", "choice", "number").annotate(**sums)
    for piece in pieces:
        said = piece["choice"] if piece["number"] is None else piece["number"]
        for counter, name in zip(counts[piece["question"], piece["row"]], sums, strict=True):
            counter[said] += piece[name]
    several = [one.code for one in asked if one.kind == Kind.MULTIPLE]
    people = {"g0": Count("response", distinct=True)} | {
        f"g{at}": Count("response", distinct=True, filter=group.of("response__member", "response")) for at, group in enumerate(groups, 1)
    }
    choosers: Any = rows.filter(question__in=several).values("question").annotate(**people) if several else ()
    answered = {one["question"]: [int(one[name]) for name in people] for one in choosers}
    titles = [gettext("全部"), *(group.title for group in groups)]
    found = []
    for question in asked:
        lines = question.rows if question.kind == Kind.MATRIX else (Choice("", ""),)
        for line in lines:
            title = f"{question.title} · {line.title}" if line.title else question.title
            mine = counts[question.code, line.code]
            many = answered.get(question.code, [0] * len(sums)) if question.code in several else None
            found.append(_crossing(question, title, titles, mine, many, former_titles(question.code, designs), is_protected=is_protected))
    return found


def _crossing(
    question: Question,
    title: str,
    titles: Sequence[str],
    counts: Sequence[Counter[Any]],
    answered: Sequence[int] | None,
    former: Mapping[str, str],
    *,
    is_protected: bool,
) -> Crossing:
    heads = _heads(question, counts[0], former)
    rows = []
    for at, group in enumerate(titles):
        many = answered[at] if answered is not None else sum(counts[at].values())
        cells = [Cell(n := sum(counts[at][said] for said in saids), share(n, many)) for _, saids in heads]
        is_number = question.kind in NUMERIC
        score = nps({int(number): n for number, n in counts[at].items()}) if question.kind == Kind.NPS else None
        rows.append(Row(group, many, cells, score, mean(counts[at]) if is_number and question.kind != Kind.NPS else None))
    if is_protected and is_revealing([[row.answered, *(cell.count for cell in row.cells)] for row in rows[1:]]):
        return Crossing(question, title, [], [], is_refused=True)
    return Crossing(question, title, [head for head, _ in heads], [rows[0], *(row for row in rows[1:] if row.answered)])


def _heads(question: Question, everybody: Counter[Any], former: Mapping[str, str]) -> list[tuple[str, Sequence[Any]]]:
    """The columns of a question, each with what counts under it."""
    if question.kind == Kind.NPS:
        classes = [(gettext("推荐者 9–10"), (9, 10)), (gettext("中立者 7–8"), (7, 8))]
        return [*classes, (gettext("贬损者 0–6"), tuple(range(7)))]
    if question.kind == Kind.SCALE:
        return [(str(step), (step,)) for step in question.range]
    if question.kind == Kind.NUMBER:
        return []
    known = {choice.code for choice in question.options}
    gone = sorted(code for code in everybody if code not in known)
    return [*((_titled(choice), (choice.code,)) for choice in question.options), *((former.get(code, code), (code,)) for code in gone)]


def _titled(choice: Choice) -> str:
    return gettext(choice.title) if choice.code == OTHER else choice.title
