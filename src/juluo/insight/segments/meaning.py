"""What a bound expression means: one Ibis table of members, and the same answer for a single member's values.

Values come from few tables: a member's own row, one pass over the daily roll-up for everything that is summed from it, and one
table for each other field. A part of a conjunction that reads one of them keeps (or drops) members by it; only what mixes them is
joined and looked at together.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any as Anything

from ibis.expr.types import BooleanValue, Table, Value

from juluo.record.lake.tables import param
from juluo.record.people.tables import MEMBERS

from .binding import Atom, Bound, Nested, Use, bound_leaves
from .registry import Column, Deeds, passed
from .types import All, Any, Not

ONE = param("segment_member", "int64")
_OWN, _DEEDS = "own", "deeds"


@lru_cache(maxsize=1_000)
def table(tree: Bound) -> Table:
    """Who is in it: column `member`, once each, persons only. Wants the parameter `segment_today`."""
    found = MEMBERS
    parts = _conjunction(tree)
    own = [part for part in parts if _sources(part) == {_OWN}]
    if own:
        found = found.filter([_asked(part, _own_values(part)) for part in own])
    for sources, together in _grouped(part for part in parts if part not in own):
        found = _narrowed(found, sources, All(tuple(together)) if len(together) > 1 else together[0])
    return found.select("member")


def values(uses: Iterable[Use]) -> Table:
    """One row for the member `segment_member`: the value of each use as `u0`, `u1`, …"""
    wanted = list(uses)
    joined, columns = _joined(MEMBERS.filter(MEMBERS.member == ONE), wanted)
    return joined.select(**{f"u{number}": columns[use] for number, use in enumerate(wanted)})


@lru_cache(maxsize=200)
def valued(tree: Bound, uses: tuple[Use, ...], parts: tuple[Bound, ...] = ()) -> Table:
    """Who is in it, with the value of each use as `u0`, `u1`, … and whether each of `parts` holds as `p0`, `p1`, …: one row a member."""
    every = list(dict.fromkeys([*uses, *(atom.use for one in (tree, *parts) for atom in bound_leaves(one))]))
    joined, columns = _joined(MEMBERS, every)
    told = {f"u{number}": columns[use] for number, use in enumerate(uses)} | {
        f"p{number}": _asked(part, columns) for number, part in enumerate(parts)
    }
    rows = joined.select(joined.member, is_in=_asked(tree, columns), **told)
    return rows.filter(rows.is_in).select("member", *told)


def holds(tree: Bound, known: Mapping[Use, Anything], today: dt.date) -> bool:
    """Whether somebody with these values is in it."""
    if isinstance(tree, All):
        return all(holds(part, known, today) for part in tree.parts)
    if isinstance(tree, Any):
        return any(holds(part, known, today) for part in tree.parts)
    if isinstance(tree, Not):
        return not holds(tree.part, known, today)
    if isinstance(tree, Nested):
        return holds(tree.tree, known, today)
    return tree.test.holds(known[tree.use], today)


# -- from tree to table -----------------------------------------------------------------------------------------


def _conjunction(tree: Bound) -> list[Bound]:
    """The parts that must all hold, however they are bracketed."""
    if isinstance(tree, All):
        return [one for part in tree.parts for one in _conjunction(part)]
    if isinstance(tree, Nested):
        return _conjunction(tree.tree)
    if isinstance(tree, Not) and isinstance(tree.part, Not):
        return _conjunction(tree.part.part)
    if isinstance(tree, Not) and isinstance(tree.part, Any):
        return [one for part in tree.part.parts for one in _conjunction(Not(part))]
    return [tree]


def _source(use: Use) -> Anything:
    if isinstance(use.field.table, Column):
        return _OWN
    return _DEEDS if isinstance(use.field.table, Deeds) else use


def _sources(tree: Bound) -> set[Anything]:
    return {_source(atom.use) for atom in bound_leaves(tree)}


def _grouped(parts: Iterable[Bound]) -> list[tuple[set[Anything], list[Bound]]]:
    """Parts that read the same tables, together; those that read the fewest first."""
    groups: dict[frozenset[Anything], list[Bound]] = {}
    for part in parts:
        groups.setdefault(frozenset(_sources(part)), []).append(part)
    return sorted(((set(sources), together) for sources, together in groups.items()), key=lambda group: len(group[0]))


def _narrowed(found: Table, sources: set[Anything], tree: Bound) -> Table:
    uses = list(dict.fromkeys(atom.use for atom in bound_leaves(tree)))
    if len(sources) > 1:
        joined, columns = _joined(found, uses)
        return joined.filter(_asked(tree, columns)).select(*MEMBERS.columns)
    rows, columns = _rows(uses)
    # Who has no row has only empty values. Where these will do, drop the members whose row says no; else keep those whose row says yes.
    if holds(tree, {use: use.field.empty for use in uses}, dt.date.min):
        no = rows.filter(~_asked(tree, columns))
        return found.anti_join(no, found.member == no.member)
    yes = rows.filter(_asked(tree, columns))
    return found.semi_join(yes, found.member == yes.member)


def _rows(uses: list[Use]) -> tuple[Table, dict[Use, Value]]:
    """The table that gives these uses, all of one source, and where their values are in it."""
    if _source(uses[0]) == _DEEDS:
        rows = passed(*((use.field.table, use.arguments) for use in uses))  # type: ignore[arg-type]
        return rows, {use: _filled(use, rows[f"v{number}"]) for number, use in enumerate(uses)}
    rows = uses[0].field.table(*uses[0].arguments)
    return rows, {uses[0]: _filled(uses[0], rows.value)}


def _joined(found: Table, uses: list[Use]) -> tuple[Table, dict[Use, Value]]:
    """`found` with the values of these uses beside every member, and where they are."""
    names: dict[Use, str] = {}
    own = [use for use in uses if _source(use) == _OWN]
    deeds = [use for use in uses if _source(use) == _DEEDS]
    others = [use for use in uses if use not in own and use not in deeds]
    for number, use in enumerate(own):
        names[use] = f"o{number}"
    joined = found.mutate(**{names[use]: use.field.table.of(found, *use.arguments) for use in own}) if own else found  # type: ignore[attr-defined]
    for number, group in enumerate([*([deeds] if deeds else []), *([use] for use in others)]):
        rows, columns = _rows(group)
        for place, use in enumerate(group):
            names[use] = f"j{number}_{place}"
        beside = rows.select(**{f"m{number}": rows.member}, **{names[use]: columns[use] for use in group})
        joined = joined.left_join(beside, joined.member == beside[f"m{number}"]).drop(f"m{number}")
    return joined, {use: _filled(use, joined[name]) for use, name in names.items()}


def _own_values(tree: Bound) -> dict[Use, Value]:
    uses = [atom.use for atom in bound_leaves(tree)]
    return {use: _filled(use, use.field.table.of(MEMBERS, *use.arguments)) for use in uses}  # type: ignore[attr-defined]


def _filled(use: Use, value: Value) -> Value:
    return value if use.field.empty is None else value.fill_null(use.field.empty)


def _asked(tree: Bound, columns: Mapping[Use, Value]) -> BooleanValue:
    if isinstance(tree, All | Any):
        found = _asked(tree.parts[0], columns)
        for part in tree.parts[1:]:
            found = found & _asked(part, columns) if isinstance(tree, All) else found | _asked(part, columns)
        return found
    if isinstance(tree, Not):
        return ~_asked(tree.part, columns)
    if isinstance(tree, Nested):
        return _asked(tree.tree, columns)
    assert isinstance(tree, Atom)
    return tree.test.asked(columns[tree.use])
