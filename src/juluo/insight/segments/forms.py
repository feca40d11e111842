"""The builder: a tree as rows of controls, and the controls as a tree again. The server draws it, so it works with a keyboard, on a
phone, and says the same as the text."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

from django.http import QueryDict
from django.utils.translation import gettext

from juluo.kit.errors import N_

from .binding import Vocabulary
from .errors import Misread
from .registry import Field, Takes
from .rules import is_word, parse, write
from .types import (
    Ago,
    All,
    Any,
    Argument,
    Compare,
    Contains,
    Days,
    InSegment,
    Is,
    Kind,
    Known,
    Leaf,
    Node,
    Not,
    OneOf,
    Op,
    Term,
    Value,
    Word,
)

IN_SEGMENT = "in_segment"
MOST_ROWS = 60
OPERATORS = {
    ">=": N_("至少"),
    ">": N_("大于"),
    "<=": N_("至多"),
    "<": N_("小于"),
    "=": N_("等于"),
    "!=": N_("不等于"),
    "in": N_("是其中之一"),
    "not in": N_("不是其中之一"),
    "contains": N_("包含"),
    "not contains": N_("不包含"),
    "known": N_("有值"),
    "unknown": N_("没有值"),
}
ON_DATES = {">=": N_("不早于"), ">": N_("晚于"), "<=": N_("不晚于"), "<": N_("早于")}
_EVERY = ("known", "unknown")
_OF_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.NUMBER: (">=", ">", "<=", "<", "=", "!=", "in", "not in", *_EVERY),
    Kind.DATE: (">=", ">", "<=", "<", "=", "!=", *_EVERY),
    Kind.TEXT: ("=", "!=", "contains", "not contains", "in", "not in", *_EVERY),
    Kind.CHOICE: ("in", "not in", "=", "!=", *_EVERY),
    Kind.BOOLEAN: (),
}


@dataclass(frozen=True)
class Input:
    """One control: `kind` is number, days, text, list, select, many or segment."""

    name: str
    kind: str
    value: Anything
    label: str
    choices: Sequence[tuple[str, str]] = ()
    is_optional: bool = False


@dataclass(frozen=True)
class Row:
    """A condition; `raw` where it can only be written."""

    path: str
    is_not: bool
    code: str = ""
    arguments: Sequence[Input] = ()
    operator: str = ""
    operators: Sequence[tuple[str, str]] = ()
    value: Input | None = None
    unit: str = ""
    note: str = ""
    raw: str = ""
    is_row: bool = True


@dataclass(frozen=True)
class Group:
    """Conditions that must all hold, or one of them."""

    path: str
    is_any: bool
    is_not: bool
    children: Sequence["Row | Group"] = field(default_factory=list)
    is_row: bool = False

    @property
    def is_root(self) -> bool:
        return self.path == "r"

    @property
    def depth(self) -> int:
        return self.path.count(".")


# -- from tree to rows -------------------------------------------------------------------------------------------


def drawn(tree: Node | None, words: Vocabulary) -> Group:
    """The builder of a tree; without one, an empty group."""
    node, is_not = _plain(tree) if tree is not None else (None, False)
    if isinstance(node, All | Any):
        return _group(node, is_not, "r", words)
    return Group("r", False, False, [_drawn(tree, "r.0", words)] if tree is not None else [])


def _plain(node: Node) -> tuple[Node, bool]:
    is_not = False
    while isinstance(node, Not):
        node, is_not = node.part, not is_not
    return node, is_not


def _group(node: All | Any, is_not: bool, path: str, words: Vocabulary) -> Group:
    return Group(path, isinstance(node, Any), is_not, [_drawn(part, f"{path}.{n}", words) for n, part in enumerate(node.parts)])


def _drawn(node: Node, path: str, words: Vocabulary) -> Row | Group:
    node, is_not = _plain(node)
    if isinstance(node, All | Any):
        return _group(node, is_not, path, words)
    if isinstance(node, InSegment):
        choices = [(code, name) for code, (name, _) in words.segments.items()]
        return Row(path, is_not, IN_SEGMENT, value=Input(f"v:{path}", "select", node.code, gettext("人群"), choices))
    assert not isinstance(node, Not)
    one = words.field(node.term.name)
    operator = _operator(node)
    if one is None or operator is None or (operator and operator not in _of(one)) or len(node.term.arguments) > len(one.takes):
        return Row(path, is_not, raw=write(node))
    given = [*node.term.arguments, *[None] * (len(one.takes) - len(node.term.arguments))]
    arguments = [
        _argument(one, takes, value, f"a:{path}:{n}", words) for n, (takes, value) in enumerate(zip(one.takes, given, strict=True))
    ]
    names = OPERATORS | (ON_DATES if one.kind == Kind.DATE else {})
    return Row(
        path,
        is_not,
        one.code,
        arguments,
        operator,
        [(code, gettext(names[code])) for code in _of(one)],
        _value_input(one, node, operator, path, words),
        gettext(one.unit) if one.unit else "",
        gettext(one.note) if one.note else "",
    )


def _of(one: Field) -> Sequence[str]:
    return (">=", "<=", *_OF_KIND[one.kind]) if one.is_ordered and one.kind == Kind.CHOICE else _OF_KIND[one.kind]


def _operator(leaf: Leaf) -> str | None:
    match leaf:
        case Is():
            return ""
        case Compare(op=op):
            return op.value
        case OneOf(is_in=is_in):
            return "in" if is_in else "not in"
        case Contains(is_in=is_in):
            return "contains" if is_in else "not contains"
        case Known(is_known=is_known):
            return "known" if is_known else "unknown"
    return None


def _argument(one: Field, takes: Takes, value: Argument | None, name: str, words: Vocabulary) -> Input:
    label = gettext(takes.title)
    if takes.kind == "days":
        return Input(name, "days", value.count if isinstance(value, Days) else "", label, is_optional=takes.is_optional)
    choices = words.offered(one, takes)
    if choices and value not in {known for known, _ in choices}:
        choices = [(str(value or ""), str(value or "")), *choices]
    return Input(name, "select" if choices else "text", value or "", label, choices)


def _value_input(one: Field, leaf: Leaf, operator: str, path: str, words: Vocabulary) -> Input | None:
    if operator in ("", *_EVERY):
        return None
    name, label = f"v:{path}", gettext("值")
    if isinstance(leaf, OneOf):
        if one.kind == Kind.CHOICE:
            return Input(name, "many", [_plainly(value) for value in leaf.values], label, words.choices(one))
        return Input(name, "list", gettext("、").join(_plainly(value) for value in leaf.values), label)
    value = leaf.text if isinstance(leaf, Contains) else leaf.value  # type: ignore[union-attr]
    if one.kind == Kind.CHOICE:
        codes = {title: code for code, title in words.choices(one)}
        return Input(name, "select", codes.get(_plainly(value), _plainly(value)), label, words.choices(one))
    kind = {Kind.NUMBER: "number", Kind.DATE: "date"}.get(one.kind, "text")
    return Input(name, kind, _plainly(value), label, words.choices(one))


def _plainly(value: Value) -> str:
    if isinstance(value, str | Word):
        return value if isinstance(value, str) else value.text
    return write(Compare(Term("x"), Op.IS, value)).removeprefix("x = ")


# -- from controls to tree ---------------------------------------------------------------------------------------


def taken(posted: QueryDict, words: Vocabulary) -> Node | None:
    """The tree that the controls show, after what `do` asks for (add:, group:, remove: with a path). None where nothing is left."""
    what, _, where = posted.get("do", "").partition(":")
    return _Taking(posted, words, what, where).group("r")


class _Taking:
    def __init__(self, posted: QueryDict, words: Vocabulary, what: str, where: str) -> None:
        self.posted, self.words, self.what, self.where = posted, words, what, where
        self.rows = 0

    def group(self, path: str) -> Node | None:
        parts = []
        for number in range(min(_whole(self.posted.get(f"n:{path}")), MOST_ROWS)):
            child = f"{path}.{number}"
            if (self.what, self.where) == ("remove", child):
                continue
            part = self.group(child) if f"n:{child}" in self.posted and child.count(".") < 20 else self.row(child)
            if part is not None:
                parts.append(part)
        if self.where == path and self.what == "add":
            parts.append(self._first())
        if self.where == path and self.what == "group":
            parts.append((All if self.posted.get(f"op:{path}") == "any" else Any)((self._first(), self._first())))
        if not parts:
            return None
        kind = Any if self.posted.get(f"op:{path}") == "any" else All
        made = parts[0] if len(parts) == 1 else kind(tuple(parts))
        return Not(made) if self.posted.get(f"not:{path}") else made

    def row(self, path: str) -> Node | None:
        self.rows += 1
        if self.rows > MOST_ROWS:
            return None
        leaf = self._leaf(path)
        return Not(leaf) if leaf is not None and self.posted.get(f"not:{path}") else leaf

    def _leaf(self, path: str) -> Leaf | None:
        raw = self.posted.get(f"t:{path}")
        if raw is not None:
            try:
                return parse(raw)  # type: ignore[return-value]
            except Misread:
                return None
        code = self.posted.get(f"f:{path}", "")
        if code == IN_SEGMENT:
            return InSegment(self.posted.get(f"v:{path}") or next(iter(self.words.segments), ""))
        one = self.words.field(code)
        if one is None:
            return None
        is_new = self.posted.get(f"was:{path}") != one.code
        term = Term(one.code, self._arguments(one, path, is_new))
        operator = self.posted.get(f"o:{path}", "")
        if one.kind == Kind.BOOLEAN:
            return Is(term)
        if operator not in _of(one) or is_new:
            operator = _of(one)[0]
        if operator in _EVERY:
            return Known(term, operator == "known")
        values = [] if is_new else self.posted.getlist(f"v:{path}")
        if operator in ("contains", "not contains"):
            return Contains(term, "".join(values[:1]), operator == "contains")
        if operator in ("in", "not in"):
            texts = (
                values
                if one.kind == Kind.CHOICE
                else [v for v in "".join(values[:1]).replace("，", ",").replace("、", ",").split(",") if v.strip()]
            )
            found = [self._value(one, text.strip()) for text in texts] or [self._value(one, "")]
            return OneOf(term, tuple(dict.fromkeys(found)), operator == "in")
        return Compare(term, Op(operator), self._value(one, "".join(values[:1]).strip()))

    def _arguments(self, one: Field, path: str, is_new: bool) -> tuple[Argument, ...]:
        found: list[Argument] = []
        for number, takes in enumerate(one.takes):
            given = "" if is_new else self.posted.get(f"a:{path}:{number}", "").strip()
            if takes.kind == "days":
                days = min(_whole(given), 36_500)
                if days:
                    found.append(Days(days))
                elif is_new or not takes.is_optional:
                    found.append(Days(30))
            else:
                offered = self.words.offered(one, takes)
                found.append(given or (offered[0][0] if offered else ""))
        return tuple(found)

    def _value(self, one: Field, text: str) -> Value:
        if one.kind == Kind.NUMBER:
            try:
                return parse(f"x = {text}").value if len(text) < 30 else 1  # type: ignore[union-attr]
            except Misread:
                return 1
        if one.kind == Kind.DATE:
            try:
                value = parse(f"x = {text}").value  # type: ignore[union-attr]
            except Misread:
                return Ago(30)
            return value if isinstance(value, Ago | dt.date) else Ago(30)
        if one.kind == Kind.CHOICE:
            choices = self.words.choices(one)
            known = {value for value, _ in choices}
            text = text if text in known else choices[0][0] if choices else text
            return Word(text) if is_word(text) else text
        return text

    def _first(self) -> Leaf:
        return Compare(Term("messages", (Days(30),)), Op.AT_LEAST, 1)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 7 else 0


def menu(words: Vocabulary) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields to choose from, by group: (group, [(code, title)])."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in words.fields.values():
        if not all(takes.kind == "days" or takes.choices is None or words.offered(one, takes) for takes in one.takes):
            continue  # a tag where there are no tags
        groups.setdefault(gettext(one.group), []).append((one.code, gettext(one.title)))
    if words.segments:
        groups[gettext("人群")] = [(IN_SEGMENT, gettext("在另一个人群里"))]
    return list(groups.items())
