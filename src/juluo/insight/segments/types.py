"""A segment's expression as a tree. `grammar` reads text into it, `rules` write it back and reason about it; it knows no member."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Union


class Kind(StrEnum):
    """What a field's values are: a choice is one of a list, and its order is theirs (`tier >= active`)."""

    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    BOOLEAN = "boolean"


class Op(StrEnum):
    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    IS = "="
    IS_NOT = "!="


@dataclass(frozen=True)
class Place:
    """Where in the text something stands, from 1."""

    line: int
    column: int


# -- values ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Days:
    """A stretch of days: `30d`."""

    count: int


@dataclass(frozen=True)
class Ago:
    """The day so many days before today: `30d ago`; `today` is none ago."""

    days: int


@dataclass(frozen=True)
class Word:
    """A bare word where a value is expected: the code or the title of a choice (`active`)."""

    text: str


Argument = Days | str
Value = float | str | dt.date | Ago | Word


# -- nodes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A field with its arguments: `messages(30d)`. `name` is what was written: a code or a title."""

    name: str
    arguments: tuple[Argument, ...] = ()
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Compare:
    """A member without a value satisfies no comparison, not even `!=`."""

    term: Term
    op: Op
    value: Value
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class OneOf:
    """The value is (`is_in`) or is not among these; a member without one satisfies neither."""

    term: Term
    values: tuple[Value, ...]
    is_in: bool = True
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Contains:
    """The text has this in it, whatever the case of its letters; `is_in=False`: it is known and has not."""

    term: Term
    text: str
    is_in: bool = True
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Known:
    """Whether there is a value at all."""

    term: Term
    is_known: bool = True
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Is:
    """A yes-or-no field by itself: `tag("爱好/咖啡")`. No value counts as no."""

    term: Term
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class InSegment:
    """Being in a saved segment, by its code."""

    code: str
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class All:
    """Every one of at least two parts."""

    parts: tuple["Node", ...]
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Any:
    """At least one of at least two parts."""

    parts: tuple["Node", ...]
    at: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Not:
    """Everybody else."""

    part: "Node"
    at: Place | None = field(default=None, compare=False, repr=False)


Condition = Compare | OneOf | Contains | Known | Is
Leaf = Union[Condition, InSegment]  # noqa: UP007
Node = Union[Leaf, All, Any, Not]  # noqa: UP007


def leaves(node: Node) -> Iterator[Leaf]:
    """The conditions of a tree, from left to right."""
    if isinstance(node, All | Any):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


# -- problems ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong with an expression, where, and what to do about it.

    `message` is a msgid whose blanks `facts` fill; a fact that is a tuple holds msgids to be listed, an msgid itself is told by
    `Msg`. With `is_error` the expression does not run.
    """

    code: str
    message: str
    facts: tuple[tuple[str, object], ...] = ()
    at: Place | None = None
    is_error: bool = True


@dataclass(frozen=True)
class Msg:
    """A fact that is itself to be translated."""

    text: str


def problem(code: str, message: str, at: Place | None = None, *, is_error: bool = True, **facts: object) -> Problem:
    return Problem(code, message, tuple(facts.items()), at, is_error)
