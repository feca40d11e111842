"""Looking at an expression before it runs: what it means, what can never be, what it would cost."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any as Anything

from django.utils.translation import gettext

from juluo.kit.errors import N_

from .binding import Atom, Binder, Bound, Nested, Use, Vocabulary, bound_leaves
from .conditions import Has, universe
from .errors import Misread
from .registry import Deeds
from .rules import parse, write
from .rules.reasoning import Look, Reasoner, Stretch
from .rules.sets import Names
from .types import All, Any, Leaf, Msg, Node, Not, Problem, problem

PER_ROW = 1e-8  # seconds of work for a row of history at cost 1, an assumption to be checked by benchmarks/segment.py
SLOW, TOO_SLOW = 3.0, 120.0  # seconds: beyond the first nothing is counted while typing, beyond the second nothing runs


@dataclass(frozen=True)
class Size:
    """What a question would have to read: rows of history, and the days they span."""

    rows: int
    days: int


@dataclass
class Reading:
    """An expression looked at: `tree` where the text could be read, `bound` where all of its names were understood."""

    text: str
    tree: Node | None = None
    bound: Bound | None = None
    problems: list[Problem] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def errors(self) -> list[Problem]:
        return [one for one in self.problems if one.is_error]

    @property
    def warnings(self) -> list[Problem]:
        return [one for one in self.problems if not one.is_error]

    @property
    def is_runnable(self) -> bool:
        return self.bound is not None and not self.errors

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW


def read(text: str, vocabulary: Vocabulary, *, today: dt.date, size: Size, code: str = "") -> Reading:
    """Read, bind and check. Never raises for what somebody wrote; asks the transactional store only."""
    reading = Reading(text)
    try:
        reading.tree = parse(text)
    except Misread as error:
        reading.problems = [error.problem]
        return reading
    return _check(reading, vocabulary, today, size, code)


def look(tree: Node, vocabulary: Vocabulary, *, today: dt.date, size: Size, code: str = "") -> Reading:
    """As `read`, for a tree."""
    return _check(Reading(write(tree), tree), vocabulary, today, size, code)


def _check(reading: Reading, vocabulary: Vocabulary, today: dt.date, size: Size, code: str) -> Reading:
    assert reading.tree is not None
    binder = Binder(vocabulary, code=code)
    reading.bound = binder.bind(reading.tree)
    reading.problems = binder.problems
    if reading.bound is None:
        return reading
    reading.seconds = seconds(reading.bound, size)
    if reading.seconds > TOO_SLOW:
        message = N_("这段条件大约要算 %(seconds)s 秒，太久了。请缩短天数，或去掉逐条读消息内容的条件。")
        reading.problems.append(problem("too_slow", message, seconds=round(reading.seconds)))
    reading.problems += _verdicts(reading.bound, vocabulary, today)
    return reading


def seconds(bound: Bound, size: Size) -> float:
    """About how long the lake would work."""
    spent: dict[Anything, float] = {}
    for atom in bound_leaves(bound):
        use = atom.use
        share = min(1.0, use.days / size.days) if use.days and size.days else 1.0
        key = "roll-up" if isinstance(use.field.table, Deeds) and use.field.cost <= 1 else use
        spent[key] = max(spent.get(key, 0.0), use.field.cost * share)
    return sum(spent.values()) * size.rows * PER_ROW


# -- what can never be, and what always is ------------------------------------------------------------------------


def _verdicts(bound: Bound, vocabulary: Vocabulary, today: dt.date) -> list[Problem]:
    reasoner = Reasoner(lambda atom: _looked(atom, vocabulary, today))
    found = []
    for verdict in reasoner.verdicts(bound):
        at = _first(verdict.conflict[-1] if verdict.conflict else verdict.node).at
        is_whole = verdict.node is bound
        what = shown(verdict.node)
        if verdict.is_never and len(verdict.conflict) == 2:
            a, b = map(shown, verdict.conflict)
            if is_whole:
                found.append(problem("contradiction", N_("“%(a)s”和“%(b)s”不可能同时成立，所以不会有人符合。"), at, a=a, b=b))
            else:
                message = N_("“%(a)s”和“%(b)s”不可能同时成立，这一部分不起作用。")
                found.append(problem("contradiction_within", message, at, is_error=False, a=a, b=b))
        elif verdict.is_never:
            if is_whole:
                found.append(problem("never", N_("“%(what)s”永远不会成立，所以不会有人符合。"), at, what=what))
            else:
                found.append(problem("never_within", N_("“%(what)s”永远不会成立，这一部分不起作用。"), at, is_error=False, what=what))
        elif is_whole:
            found.append(problem("always", N_("“%(what)s”对所有人都成立，没有挑出任何人。"), at, is_error=False, what=what))
        else:
            found.append(problem("always_within", N_("“%(what)s”对所有人都成立，可以去掉。"), at, is_error=False, what=what))
    return found


def _looked(atom: Atom, vocabulary: Vocabulary, today: dt.date) -> Look:
    use = atom.use
    whole = universe(use.field, vocabulary.choices(use.field) if use.field.choices and use.field.kind == "choice" else [])
    key = _key(use)
    held = atom.test.leaves(whole, today)
    if isinstance(atom.test, Has):
        letters = (key, atom.test.text.casefold())
        yes, no = ("yes", "no") if atom.test.is_in else ("no", "yes")
        failed = Names(frozenset({no}), False, True)
        return Look({key: held, letters: Names(frozenset({yes}), False, False)}, {letters: failed})
    return Look({key: held}, {key: whole - held})  # type: ignore[operator]


def _key(use: Use) -> Anything:
    if use.field.grows:
        return Stretch((use.field.code, use.arguments[:-1]), use.days or float("inf"))
    return use


def _first(node: Bound) -> Leaf:
    if isinstance(node, All | Any):
        return _first(node.parts[0])
    if isinstance(node, Not):
        return _first(node.part)
    return node.leaf


def shown(node: Bound) -> str:
    """A part of a bound tree as it was written."""
    return write(_unbound(node))


def _unbound(node: Bound) -> Node:
    if isinstance(node, All | Any):
        return type(node)(tuple(_unbound(part) for part in node.parts))
    if isinstance(node, Not):
        return Not(_unbound(node.part))
    assert isinstance(node, Atom | Nested)
    return node.leaf


# -- in words ----------------------------------------------------------------------------------------------------


def told(one: Problem) -> str:
    """A problem in the reader's language, with its place."""
    facts = {name: _fact(value) for name, value in one.facts}
    text = gettext(one.message) % facts if facts else gettext(one.message)
    if one.at is None:
        return text
    if one.at.line == 1:
        return gettext("第 %(column)s 个字：%(text)s") % {"column": one.at.column, "text": text}
    return gettext("第 %(line)s 行第 %(column)s 个字：%(text)s") % {"line": one.at.line, "column": one.at.column, "text": text}


def _fact(value: object) -> object:
    if isinstance(value, Msg):
        return gettext(value.text)
    if isinstance(value, tuple):
        return gettext("、").join(gettext(one) for one in value)
    return value
