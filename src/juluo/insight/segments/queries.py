"""Who is in a segment. Everything that needs members asks here, by a saved segment or by an expression as text."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import ibis.expr.operations as ops
import pyarrow as pa
from django.db.models import QuerySet
from ibis.expr.types import Table

from juluo.ground.communities.models import Community
from juluo.insight.metrics.queries.asking import history_of
from juluo.kit import clock
from juluo.kit.ids import stable_id
from juluo.record.connectors.types import PersonKind
from juluo.record.lake.queries import ask, dimension_revision, revision, size
from juluo.record.lake.registry import dimensions
from juluo.record.people.models import Member

from .binding import Bound, Nested, Use, Vocabulary, bound_leaves
from .checks import Reading, Size, read, shown, told
from .errors import ExpressionRefused, Misread, NoSuchSegment
from .listing import Crowd, among
from .meaning import holds, table, valued, values
from .models import Segment
from .registry import users
from .rules import parse
from .types import All, InSegment, leaves
from .types import Any as Either

ENDED = dt.timedelta(days=14)
CROWDS = 24  # crowds a process remembers: a byte for each member of the community, at most
Which = Segment | str


# -- when --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Now:
    """The day that expressions call today. Of a history that ended (`has_ended`), its last day, so that "30 days" still means something."""

    day: dt.date
    has_ended: bool = False


def now(community: Community) -> Now:
    """The community's today, or the last day of a history that nobody has added to for two weeks."""
    today = clock.today(community.zone)
    last = history_of(community.pk).last
    if last is not None and today - last > ENDED:
        return Now(last, True)
    return Now(today)


def parameters(community: Community) -> dict[str, Any]:
    """What must be handed to `lake.queries.ask` with anything that `expression` is part of."""
    return {"segment_today": now(community).day}


# -- saved segments ----------------------------------------------------------------------------------------------


def segments(community: Community) -> list[Segment]:
    """The saved ones, by name."""
    return list(Segment.objects.filter(community=community).select_related("created_by"))


def segment(community: Community, code: str) -> Segment:
    """A saved one by its code. Raises `NoSuchSegment`."""
    found = Segment.objects.filter(community=community, code=code).select_related("created_by", "community").first()
    if found is None:
        raise NoSuchSegment(code=code)
    return found


def uses(saved: Segment) -> list[str]:
    """What would break without this segment: titles of other segments and of whatever rooms above say."""
    named = [
        other.name
        for other in Segment.objects.filter(community=saved.community_id, text__contains=saved.code).exclude(pk=saved.pk)
        if names(other.text, saved.code)
    ]
    return named + [title for user in users for title in user.uses(saved.community, saved.code)]


def names(text: str, code: str) -> bool:
    """Whether an expression names a segment directly."""
    try:
        return any(isinstance(leaf, InSegment) and leaf.code == code for leaf in leaves(parse(text)))
    except Misread:
        return False


# -- reading -----------------------------------------------------------------------------------------------------


def vocabulary(community: Community) -> Vocabulary:
    """The fields and segments that expressions of this community may name."""

    def saved() -> dict[str, tuple[str, str]]:
        rows = Segment.objects.filter(community=community).values_list("code", "name", "text")
        return {code: (name, text) for code, name, text in rows}

    return Vocabulary(community, saved)


def size_of(community: Community) -> Size:
    """What a question would have to read."""
    history = history_of(community.pk)
    days = (history.last - history.first).days + 1 if history.first and history.last else 1
    return Size(size(community.pk)[0], days)


@dataclass(frozen=True)
class Setting:
    """What expressions are looked at against: words, day and size. Made once where several are looked at."""

    words: Vocabulary
    now: Now
    size: Size


def setting(community: Community) -> Setting:
    """What expressions of this community are looked at against now."""
    return Setting(vocabulary(community), now(community), size_of(community))


def reading(community: Community, text: str, *, code: str = "", against: Setting | None = None) -> Reading:
    """An expression looked at before it runs. `code` is the segment's that is being edited, so that loops through it are found."""
    given = against or setting(community)
    return read(text, given.words, today=given.now.day, size=given.size, code=code)


def bound(community: Community, which: Which, *, against: Setting | None = None) -> Bound:
    """The tree of a segment or of a text. Raises `ExpressionRefused`, telling every error."""
    text, code = (which.text, which.code) if isinstance(which, Segment) else (which, "")
    looked = reading(community, text, code=code, against=against)
    if not looked.is_runnable:
        raise ExpressionRefused(what=" ".join(told(one) for one in looked.errors))
    return looked.bound


# -- who is in it ------------------------------------------------------------------------------------------------


def expression(community: Community, which: Which) -> Table:
    """Who is in it as an Ibis table: column `member`, once each, persons only; to be joined in larger questions.

    Ask with `**parameters(community)`. Raises `ExpressionRefused`.
    """
    return table(bound(community, which))


def members(community: Community, which: Which) -> pa.ChunkedArray:
    """The numbers of everybody in it, ascending. Raises `ExpressionRefused`."""
    found = _sorted(expression(community, which))
    return ask(community.pk, found, **parameters(community))["member"]


def crowd(community: Community, which: Which) -> Crowd:
    """Everybody in it as marks that the store can look up. The lake is asked once while nothing it reads has changed.

    Raises `ExpressionRefused`.
    """
    key = (community.pk, state(community, which))
    with _guard:
        if key in _crowds:
            _crowds.move_to_end(key)
            return _crowds[key]
    found = Crowd.of(members(community, which))
    with _guard:
        _crowds[key] = found
        while len(_crowds) > CROWDS:
            _crowds.popitem(last=False)
    return found


def sorted_into(community: Community, texts: Sequence[str]) -> list[Crowd]:
    """Who is in each of several expressions, in one question to the lake. Raises `ExpressionRefused`."""
    if not texts:
        return []
    against = setting(community)
    trees = tuple(bound(community, text, against=against) for text in texts)
    found = ask(community.pk, valued(Either(trees) if len(trees) > 1 else trees[0], (), trees), **parameters(community))
    return [Crowd.of(found.filter(found[f"p{number}"])["member"]) for number in range(len(trees))]


_crowds: OrderedDict[tuple[int, str], Crowd] = OrderedDict()
_guard = Lock()


def rows(community: Community, which: Which) -> QuerySet[Member]:
    """Everybody in it as rows of the store, to be sorted, narrowed and cut into pages there. Raises `ExpressionRefused`."""
    return among(Member.objects.filter(community=community, kind=PersonKind.PERSON), crowd(community, which))


def count(community: Community, which: Which) -> int:
    """How many are in it. Raises `ExpressionRefused`."""
    return _count(community, bound(community, which))


def count_of(community: Community, looked: Reading) -> int:
    """How many are in an expression that was looked at and is runnable."""
    return _count(community, looked.bound)


def sample(community: Community, which: Which | Reading, *, most: int = 10) -> list[Member]:
    """Some of them, always the same ones while nothing changes, spread over everybody."""
    tree = which.bound if isinstance(which, Reading) else bound(community, which)
    chosen = ask(community.pk, _spread(table(tree), most), **parameters(community))["member"].to_pylist()
    found = Member.objects.in_bulk(chosen)
    return [found[number] for number in chosen if number in found]


def state(community: Community, which: Which) -> str:
    """A value that changes whenever who is in it could: what it reads, the expression with all it names, and the day where it matters."""
    tree = bound(community, which)
    reads = {one.name for one in table(tree).op().find(ops.UnboundTable)}
    rooms = sorted(reads & dimensions.codes())
    parts = [dimension_revision(community.pk, *rooms)] if rooms else []
    if reads - dimensions.codes():
        parts.append(revision(community.pk))
    return f"{shape(tree):x}.{now(community).day}.{'/'.join(parts)}"[-200:]


def shape(tree: Bound) -> int:
    """A number that stands for an expression with all that it names."""
    return stable_id(_spelled(tree)) % 2**64


def _spelled(tree: Bound) -> str:
    if isinstance(tree, All | Either):
        return f"{type(tree).__name__}({','.join(map(_spelled, tree.parts))})"
    if isinstance(tree, Nested):
        return _spelled(tree.tree)
    if hasattr(tree, "part"):
        return f"Not({_spelled(tree.part)})"
    return f"{tree.use.field.code}{tree.use.arguments!r}{tree.test!r}"


def _count(community: Community, tree: Bound) -> int:
    return ask(community.pk, _counted(table(tree)), **parameters(community))["n"][0].as_py() or 0


@lru_cache(maxsize=500)
def _counted(found: Table) -> Table:
    return found.agg(n=found.count())


@lru_cache(maxsize=500)
def _sorted(found: Table) -> Table:
    return found.order_by("member")


@lru_cache(maxsize=500)
def _spread(found: Table, most: int) -> Table:
    # Multiplying by a large odd number scatters neighbouring numbers, on every engine alike.
    return found.order_by([(found.member * 48271) % 99991, found.member]).limit(most)


# -- why ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """One condition and one member: as it was written, whether it holds, and the value it was held against."""

    text: str
    holds: bool
    value: Any = None
    unit: str = ""
    has_value: bool = True


@dataclass(frozen=True)
class Verdict:
    """Whether a member is in a segment, and why, condition by condition."""

    is_in: bool
    reasons: list[Reason]
    day: dt.date


def contains(community: Community, which: Which, member: Member) -> Verdict:
    """Whether somebody is in it, with the reasons. Bots and staff are in none. Raises `ExpressionRefused`."""
    tree = bound(community, which)
    day = now(community).day
    known = _known(community, [tree], member, day)
    if known is None:
        return Verdict(False, [], day)
    return Verdict(holds(tree, known, day), _reasons(tree, known, day), day)


def segments_of(member: Member) -> list[Segment]:
    """The saved segments a member is in: one question, however many segments there are. Those whose expression is broken are left out."""
    community = member.community
    saved = segments(community)
    against = setting(community)
    trees = {one.pk: reading(community, one.text, code=one.code, against=against) for one in saved}
    runnable = {pk: looked.bound for pk, looked in trees.items() if looked.is_runnable}
    day = against.now.day
    known = _known(community, list(runnable.values()), member, day) if runnable else None
    if known is None:
        return []
    return [one for one in saved if one.pk in runnable and holds(runnable[one.pk], known, day)]


def _known(community: Community, trees: Sequence[Bound], member: Member, day: dt.date) -> dict[Use, Any] | None:
    wanted = list(dict.fromkeys(atom.use for tree in trees for atom in bound_leaves(tree)))
    rows = ask(community.pk, _values(tuple(wanted)), segment_member=member.pk, segment_today=day).to_pylist()
    if not rows:
        return None
    return {use: rows[0][f"u{number}"] for number, use in enumerate(wanted)}


@lru_cache(maxsize=500)
def _values(wanted: tuple[Use, ...]) -> Table:
    return values(wanted)


def _reasons(tree: Bound, known: dict[Use, Any], day: dt.date) -> list[Reason]:
    if isinstance(tree, All | Either):
        return [one for part in tree.parts for one in _reasons(part, known, day)]
    if isinstance(tree, Nested):
        return [Reason(shown(tree), holds(tree, known, day), has_value=False)]
    if hasattr(tree, "part"):
        if isinstance(tree.part, All | Either):
            return [Reason(shown(tree), holds(tree, known, day), has_value=False)]
        inner = _reasons(tree.part, known, day)[0]
        return [Reason(shown(tree), not inner.holds, inner.value, inner.unit, inner.has_value)]
    return [Reason(shown(tree), holds(tree, known, day), known[tree.use], tree.use.field.unit)]
