"""What rooms above show of a member: cards on the member's page, columns and filters of the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from juluo.ground.communities.doors import Visit
from juluo.ground.communities.models import Community
from juluo.kit.registry import Registry
from juluo.kit.tables import Column

from .models import Member


@dataclass(frozen=True)
class Panel:
    """A card on a member's page, by `order`; `is_side` puts it into the narrow column.

    `show(request, member)` gives the card as safe HTML, or "" where there is nothing to show. Only called for those with
    `permission`; it must cost a fixed number of queries.
    """

    code: str
    order: int
    permission: str
    show: Callable[[Visit, Member], str]
    is_side: bool = False


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list of members: a drop-down under `code` in the address.

    `choices(community)` are (value, title) pairs, without the one that narrows nothing; `narrow(rows, value)` answers any value at
    all, also one nobody offered.
    """

    code: str
    title: str
    order: int
    choices: Callable[[Community], Sequence[tuple[str, str]]]
    narrow: Callable[[QuerySet[Member], str], QuerySet[Member]]


@dataclass(frozen=True)
class Extra:
    """A column of the list and of its Excel file. `annotate(rows)` adds the value to the rows under the column's `value` or code;
    `column(slug)` describes it, titles in the reader's language. `is_first` puts it before the name;
    where there is a `permission`, only those who have it see the column."""

    code: str
    order: int
    annotate: Callable[[QuerySet[Member]], QuerySet[Member]]
    column: Callable[[str], Column]
    is_first: bool = False
    permission: str = ""


@dataclass(frozen=True)
class Bar:
    """Something to do with chosen members, above the list: `show(request)` gives it as safe HTML to those with `permission`.

    Rows are chosen by a column of its own (`Extra.is_first`); all that match by the address, which `doors.matching` reads.
    """

    code: str
    order: int
    permission: str
    show: Callable[[Visit], str]


@dataclass(frozen=True)
class Merging:
    """What a room does with its rows when two members become one, and when they are parted again.

    `move(into, other)` hands `other`'s rows over and gives what is needed to undo it (JSON-able); `other` is gone afterwards.
    `undo(memo, parted)` gives back to the member who was parted. Both run inside the transaction of `people.actions`.
    """

    code: str
    move: Callable[[Member, Member], Any]
    undo: Callable[[Any, Member], object]


def moving(model: type[Model]) -> Merging:
    """The usual case: rows of `model` point to their member by `member`, and no two of them collide."""
    rows = model._default_manager

    def move(into: Member, other: Member) -> list[int]:
        moved = list(rows.filter(member=other).values_list("pk", flat=True))
        rows.filter(pk__in=moved).update(member=into)
        return moved

    def undo(moved: list[int], parted: Member) -> None:
        rows.filter(pk__in=moved).update(member=parted)

    return Merging(model._meta.label_lower, move, undo)


panels: Registry[Panel] = Registry("member panel")
facets: Registry[Facet] = Registry("member facet")
extras: Registry[Extra] = Registry("member column")
bars: Registry[Bar] = Registry("member bar")
merging: Registry[Merging] = Registry("merging")


def ordered_panels() -> list[Panel]:
    return sorted(panels, key=lambda panel: panel.order)
