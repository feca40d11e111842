"""The conditions of a segment as columns of its Excel file: what each of them was held against, member by member."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any as Anything

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.kit.tables import Column as Listed
from juluo.kit.tables import Kind as Shown
from juluo.record.lake.queries import ask

from .binding import Atom, Bound, Nested, Use, Vocabulary
from .meaning import valued
from .models import Segment
from .queries import bound, parameters, vocabulary
from .types import All, Any, Days, Kind, Not

PREFIX = "if-"  # of the columns' codes in addresses
_SHOWN: dict[Kind, Shown] = {Kind.NUMBER: "number", Kind.DATE: "date"}


class Conditions:
    """The conditions that a segment's own text names, each value once, and for each segment it names whether they are in that.

    `columns` costs nothing; the first value that is read asks the lake, once for all members and all conditions.
    """

    def __init__(self, community: Community, saved: Segment, *, known: Sequence[str] = ()) -> None:
        """`known` are the codes of what the list has columns for anyway. Raises `ExpressionRefused`."""
        self._community = community
        self._tree = bound(community, saved)
        atoms = [one for one in _own(self._tree) if isinstance(one, Atom)]
        self._uses: dict[Use, Atom] = {}
        for atom in atoms:
            if atom.use.field.code not in known or any(argument is not None for argument in atom.use.arguments):
                self._uses.setdefault(atom.use, atom)
        self._parts = list({one.code: one for one in _own(self._tree) if isinstance(one, Nested)}.values())

    @cached_property
    def columns(self) -> list[Listed]:
        """What the Excel file tells of each, after the list's own columns."""
        words = vocabulary(self._community)
        found = [self._column(number, use, atom, words) for number, (use, atom) in enumerate(self._uses.items())]
        for number, part in enumerate(self._parts):
            title = gettext("在人群「%(name)s」") % {"name": part.name}
            found.append(Listed(f"{PREFIX}p{number}", title, self._reader(f"p{number}", _yes), only="excel"))
        return found

    def _column(self, number: int, use: Use, atom: Atom, words: Vocabulary) -> Listed:
        field = use.field
        choices = dict(words.choices(field)) if field.kind == Kind.CHOICE else {}
        tell: Callable[[Anything], Anything] = _yes if field.kind == Kind.BOOLEAN else lambda value: choices.get(value, value)
        unit = gettext(field.unit) if field.unit else ""
        return Listed(
            f"{PREFIX}{number}", _title(atom), self._reader(f"u{number}", tell), _SHOWN.get(field.kind, "text"), unit=unit, only="excel"
        )

    def _reader(self, name: str, tell: Callable[[Anything], Anything]) -> Callable[[Anything], Anything]:
        def read(row: Anything) -> Anything:
            values, places, first = self._answer
            at = row.pk - first
            if not 0 <= at < len(places) or places[at] < 0:
                return None
            value = values[name][places[at]].as_py()
            return None if value is None else tell(value)

        return read

    @cached_property
    def _answer(self) -> tuple[dict[str, pa.Array], np.ndarray, int]:
        """The values by column, where each member's are in them (-1: nowhere), and the number of the first member."""
        question = valued(self._tree, tuple(self._uses), tuple(part.tree for part in self._parts))
        found = ask(self._community.pk, question, **parameters(self._community)).combine_chunks()
        members = found["member"].to_numpy()
        if not len(members):
            return {}, np.zeros(0, np.int32), 0
        first = int(members.min())
        places = np.full(int(members.max()) - first + 1, -1, np.int32)
        places[members - first] = np.arange(len(members), dtype=np.int32)
        return {name: _whole(found[name]) for name in found.column_names}, places, first


def _own(tree: Bound) -> list[Atom | Nested]:
    """The conditions of a tree, segments inside taken as one."""
    if isinstance(tree, All | Any):
        return [one for part in tree.parts for one in _own(part)]
    return _own(tree.part) if isinstance(tree, Not) else [tree]


def _title(atom: Atom) -> str:
    """发言数（最近 30 天）, 有标签（爱好/咖啡）."""
    assert hasattr(atom.leaf, "term")
    said = [gettext("最近 %(count)s 天") % {"count": one.count} if isinstance(one, Days) else str(one) for one in atom.leaf.term.arguments]
    title = gettext(atom.use.field.title)
    return gettext("%(title)s（%(of)s）") % {"title": title, "of": gettext("、").join(said)} if said else title


def _yes(value: bool) -> str:
    return gettext("是") if value else gettext("否")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
