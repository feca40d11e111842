"""What one condition asks of a value, in the three ways it is asked: of the lake, of a single value, and of what a value may be."""

import datetime as dt
import operator
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import ibis
from ibis.expr.types import BooleanValue, Value

from .registry import TODAY, Field
from .rules.sets import Names, Numbers, Values
from .types import Ago, Kind, Op

_PYTHON = {
    Op.AT_LEAST: operator.ge,
    Op.ABOVE: operator.gt,
    Op.AT_MOST: operator.le,
    Op.BELOW: operator.lt,
    Op.IS: operator.eq,
    Op.IS_NOT: operator.ne,
}


class Test(Protocol):
    """`asked(value)` never is NULL; `holds(None)` is about no value; `leaves(universe)` is what is left of what the value may be."""

    def asked(self, value: Value) -> BooleanValue: ...

    def holds(self, value: Any, today: dt.date) -> bool: ...

    def leaves(self, universe: Any, today: dt.date) -> Values: ...


@dataclass(frozen=True)
class Versus:
    op: Op
    value: float | dt.date | Ago

    def asked(self, value: Value) -> BooleanValue:
        return _PYTHON[self.op](value, _literal(self.value)).fill_null(False)

    def holds(self, value: Any, today: dt.date) -> bool:
        return value is not None and bool(_PYTHON[self.op](value, _day(self.value, today)))

    def leaves(self, universe: Numbers, today: dt.date) -> Numbers:
        at = _figure(self.value, today)
        spans = {
            Op.AT_LEAST: ((at, True, inf, False),),
            Op.ABOVE: ((at, False, inf, False),),
            Op.AT_MOST: ((-inf, False, at, True),),
            Op.BELOW: ((-inf, False, at, False),),
            Op.IS: ((at, True, at, True),),
            Op.IS_NOT: ((-inf, False, at, False), (at, False, inf, False)),
        }
        return universe & Numbers(spans[self.op], False, universe.is_whole)


@dataclass(frozen=True)
class Among:
    values: tuple[Any, ...]
    is_in: bool

    def asked(self, value: Value) -> BooleanValue:
        found = value.isin([_literal(one) for one in self.values]) if self.values else ibis.literal(False) & value.isnull()
        return (found if self.is_in else ~found).fill_null(False) & value.notnull()

    def holds(self, value: Any, today: dt.date) -> bool:
        return value is not None and (value in [_day(one, today) for one in self.values]) == self.is_in

    def leaves(self, universe: Any, today: dt.date) -> Values:
        if isinstance(universe, Names):
            return universe & Names(frozenset(self.values), not self.is_in, False)
        these = Numbers((), False, universe.is_whole)
        for one in self.values:
            at = _figure(one, today)
            these = these | Numbers(((at, True, at, True),), False, universe.is_whole)
        return universe & these if self.is_in else (universe - these) & Numbers(may_lack=False, is_whole=universe.is_whole)


@dataclass(frozen=True)
class Has:
    text: str
    is_in: bool

    def asked(self, value: Value) -> BooleanValue:
        found = value.lower().contains(self.text.lower())
        return (found if self.is_in else ~found).fill_null(False)

    def holds(self, value: Any, today: dt.date) -> bool:
        return value is not None and (self.text.lower() in value.lower()) == self.is_in

    def leaves(self, universe: Any, today: dt.date) -> Values:
        return universe & Names(may_lack=False)


@dataclass(frozen=True)
class Exists:
    is_known: bool

    def asked(self, value: Value) -> BooleanValue:
        return value.notnull() if self.is_known else value.isnull()

    def holds(self, value: Any, today: dt.date) -> bool:
        return (value is not None) == self.is_known

    def leaves(self, universe: Any, today: dt.date) -> Values:
        if isinstance(universe, Names):
            return universe & (Names(may_lack=False) if self.is_known else Names(but=False))
        return universe & Numbers(Numbers().spans if self.is_known else (), not self.is_known, universe.is_whole)


@dataclass(frozen=True)
class Yes:
    def asked(self, value: Value) -> BooleanValue:
        return value.fill_null(False)

    def holds(self, value: Any, today: dt.date) -> bool:
        return bool(value)

    def leaves(self, universe: Any, today: dt.date) -> Values:
        return universe & Names(frozenset({"yes"}), False, False)


def universe(field: Field, choices: list[tuple[str, str]]) -> Values:
    """What a value of the field may be at all."""
    may_lack = field.empty is None
    match field.kind:
        case Kind.NUMBER:
            low = -inf if field.least is None else field.least
            return Numbers(((low, field.least is not None, inf, False),), may_lack, field.is_whole)
        case Kind.DATE:
            return Numbers(may_lack=may_lack, is_whole=True)
        case Kind.BOOLEAN:
            return Names(frozenset({"yes", "no"}), False, may_lack)
        case Kind.CHOICE:
            return Names(frozenset(value for value, _ in choices), False, may_lack)
    return Names(may_lack=may_lack)


def _literal(value: Any) -> Any:
    if isinstance(value, Ago):
        return (TODAY - ibis.interval(days=value.days)).cast("date") if value.days else TODAY
    return ibis.literal(value)


def _day(value: Any, today: dt.date) -> Any:
    if isinstance(value, Ago):
        return today - dt.timedelta(days=min(value.days, today.toordinal() - 1))
    return value


def _figure(value: Any, today: dt.date) -> float:
    found = _day(value, today)
    return found.toordinal() if isinstance(found, dt.date) else found
