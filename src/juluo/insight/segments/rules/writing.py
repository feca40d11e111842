"""From tree to text: `parse(write(tree)) == tree`."""

import datetime as dt
import re
from decimal import Decimal

from ..types import Ago, All, Any, Argument, Compare, Contains, Days, InSegment, Is, Known, Node, Not, OneOf, Term, Value, Word
from .reading import RESERVED

_NAME = re.compile(r"[^\W\d][\w.]*")
WIDTH = 100


def is_word(text: str) -> bool:
    """Whether a choice can be written without quotes."""
    return bool(_NAME.fullmatch(text)) and not RESERVED.match(text)


def write(node: Node, *, wide: int = WIDTH) -> str:
    """The expression as text; the parts of a long one on lines of their own."""
    line = _written(node)
    if len(line) <= wide or not isinstance(node, All | Any):
        return line
    word = "and" if isinstance(node, All) else "or"
    return f"\n{word} ".join(_written(part, within=type(node)) for part in node.parts)


def _written(node: Node, within: type | None = None) -> str:
    match node:
        case All(parts):
            text = " and ".join(_written(part, within=All) for part in parts)
            return f"({text})" if within in (All, Not) else text
        case Any(parts):
            text = " or ".join(_written(part, within=Any) for part in parts)
            return f"({text})" if within is not None else text
        case Not(part):
            return f"not {_written(part, within=Not)}"
        case Compare(term, op, value):
            return f"{_term(term)} {op.value} {_value(value)}"
        case OneOf(term, values, is_in):
            return f"{_term(term)} {'in' if is_in else 'not in'} ({', '.join(map(_value, values))})"
        case Contains(term, text, is_in):
            return f"{_term(term)} {'contains' if is_in else 'not contains'} {quoted(text)}"
        case Known(term, is_known):
            return f"{_term(term)} is {'known' if is_known else 'unknown'}"
        case Is(term):
            return _term(term)
        case InSegment(code):
            return f"in_segment({quoted(code)})"
    raise TypeError(node)


def _term(term: Term) -> str:
    if not term.arguments:
        return term.name
    return f"{term.name}({', '.join(map(_argument, term.arguments))})"


def _argument(argument: Argument) -> str:
    return f"{argument.count}d" if isinstance(argument, Days) else quoted(argument)


def _value(value: Value) -> str:
    match value:
        case Ago(0):
            return "today"
        case Ago(days):
            return f"{days}d ago"
        case Word(text):
            return text
        case str():
            return quoted(value)
        case dt.date():
            return value.isoformat()
    return format(Decimal(repr(value)), "f")


def quoted(text: str) -> str:
    """A text in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
