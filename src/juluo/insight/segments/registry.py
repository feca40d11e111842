"""What an expression may speak of. Rooms add fields from their wiring; the language knows none of the rooms."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import ibis
from ibis.expr.types import Table
from ibis.expr.types import Value as Expression

from juluo.ground.communities.models import Community
from juluo.kit.registry import Registry
from juluo.record.lake.tables import DAILY, PEOPLE, param
from juluo.record.people.tables import MEMBERS

from .types import Kind

# The day that questions call today: a parameter, so that tomorrow's question is today's, compiled once.
TODAY = param("segment_today")

Choices = Callable[[Community], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Takes:
    """An argument of a field: a number of days (`30d`) or a text. Only the last may be left out (`is_optional`, None is handed on).

    `choices` are offered by the builder. A text is handed to the field's table as `resolve(community, text)`, which must be hashable;
    None says that there is no such thing, and the reader of the expression is told so with the nearest of the `choices`.
    """

    code: str
    title: str
    kind: Literal["days", "text"] = "days"
    choices: Choices | None = None
    resolve: Callable[[Community, str], Hashable | None] | None = None
    is_optional: bool = False


@dataclass(frozen=True)
class Field:
    """Something known of members: `table(*arguments)` has `member` and `value`, at most one row a member.

    Arguments come in the order of `takes`: days as int, texts as `Takes.resolve` gives them. Where the day matters, use `TODAY`.
    Who has no row has no value; `empty` is the value they have instead (0 for counts). No value counts as no for boolean fields.
    `choices(community)` are (value, title) pairs, lowest first where `is_ordered` (then `>=` may be used); of a text they are only
    offered. `title`, `group`, `unit` and `note` are msgids. Fields with equal `code`, `kind` and `table` count as one: let `table` be a
    function of a module or something frozen, so that its questions are compiled once. `cost` is the work for a row of history: 1
    reads the daily roll-up, about 30 reads texts, 0 reads no history. `least` and `is_whole` say which numbers can be; `grows` that a
    longer stretch of days (the last of `takes`) never counts less.
    """

    code: str
    title: str = field(compare=False)
    group: str = field(compare=False)
    kind: Kind
    table: Callable[..., Table]
    takes: tuple[Takes, ...] = field(default=(), compare=False)
    choices: Choices | None = field(default=None, compare=False)
    note: str = field(default="", compare=False)
    cost: float = 1
    empty: Any = None
    unit: str = field(default="", compare=False)
    is_ordered: bool = False
    is_whole: bool = False
    least: float | None = None
    grows: bool = False


@dataclass(frozen=True)
class Family:
    """Fields that a community defines itself: attributes, for example. A code that `fields` has already is not taken from here."""

    code: str
    fields: Callable[[Community], Sequence[Field]]


@dataclass(frozen=True)
class User:
    """Something above that keeps expressions or names segments: `uses(community, code)` are the titles of what would break without one.

    `code` is the segment's.
    """

    code: str
    uses: Callable[[Community, str], Sequence[str]]


fields: Registry[Field] = Registry("segment field")
families: Registry[Family] = Registry("family of segment fields")
users: Registry[User] = Registry("user of segments")


# -- fields that the table of members itself holds -----------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """`Field.table` for what stands in a member's own row: `of(MEMBERS, *arguments)` is the value."""

    of: Callable[..., Expression]

    def __call__(self, *arguments: Any) -> Table:
        return MEMBERS.select("member", value=self.of(MEMBERS, *arguments))


# -- fields that sum up what members did ------------------------------------------------------------------------


@dataclass(frozen=True)
class Deeds:
    """`Field.table` for a sum over the daily roll-up. Several in one expression are read in one pass.

    `measure(rows, is_recent, *others)` aggregates rows of the roll-up (up to today, persons only, with `member`) where `is_recent`: within
    the days asked for, or always. The pass may read more than that, so the measure must say `where=is_recent`. `takes_days`: the field's
    last argument is a number of days, `30d` being today and the 29 days before; `others` are the arguments before it.
    """

    measure: Callable[..., Expression]
    takes_days: bool = True

    def __call__(self, *arguments: Any) -> Table:
        """The field alone."""
        rows = passed((self, arguments))
        return rows.select("member", value=rows.v0)

    def days(self, arguments: Sequence[Any]) -> int | None:
        return arguments[-1] if self.takes_days else None


def passed(*wanted: tuple[Deeds, Sequence[Any]]) -> Table:
    """One pass over the roll-up: `member` and the sums as `v0`, `v1`, …; who did nothing of the kind may lack a row."""
    people = PEOPLE.filter(PEOPLE.kind == "person").select("identity", "member")
    rows = DAILY.join(people, DAILY.actor == people.identity)
    rows = rows.filter(rows.day <= TODAY)
    reaches: list[int | None] = [deeds.days(arguments) for deeds, arguments in wanted]
    if None not in reaches:
        rows = rows.filter(rows.day > TODAY - ibis.interval(days=max(reach or 0 for reach in reaches)))
    sums = {}
    for number, ((deeds, arguments), reach) in enumerate(zip(wanted, reaches, strict=True)):
        recent = ibis.literal(True) if reach is None else rows.day > TODAY - ibis.interval(days=reach)
        others = arguments[:-1] if deeds.takes_days else arguments
        sums[f"v{number}"] = deeds.measure(rows, recent, *others)
    return rows.group_by(rows.member).agg(**sums)


# -- pages about whoever an expression means ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lens:
    """A page about whoever an expression means, linked from the pages of segments, tiers and the like: `url(slug, text)`."""

    code: str
    title: str
    icon: str
    permission: str
    url: Callable[[str, str], str] = field(compare=False)


lenses: Registry[Lens] = Registry("lens")
