"""What the words of an expression mean in one community: names become fields, values become tests, problems are said."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any as Anything

from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_

from .conditions import Among, Exists, Has, Test, Versus, Yes
from .errors import Misread
from .registry import Field, Takes, families, fields
from .rules import parse, write
from .types import (
    Ago,
    All,
    Any,
    Compare,
    Contains,
    Days,
    InSegment,
    Is,
    Kind,
    Known,
    Leaf,
    Msg,
    Node,
    Not,
    OneOf,
    Op,
    Place,
    Problem,
    Term,
    Value,
    Word,
    problem,
)

MOST_VALUES = 1_000
MOST_CONDITIONS = 200
DEEPEST_NESTING = 20


@dataclass(frozen=True)
class Use:
    """A field with its arguments as the field's table takes them."""

    field: Field
    arguments: tuple[Hashable, ...] = ()

    @property
    def days(self) -> int | None:
        """The stretch of days it looks back on; None without one."""
        takes = self.field.takes
        return self.arguments[-1] if takes and takes[-1].kind == "days" else None  # type: ignore[return-value]


@dataclass(frozen=True)
class Atom:
    """One condition: `test` on the value of `use`."""

    use: Use
    test: Test
    leaf: Leaf = field(compare=False)


@dataclass(frozen=True)
class Nested:
    """A saved segment inside an expression."""

    code: str
    tree: "Bound"
    name: str = field(compare=False)
    leaf: Leaf = field(compare=False)


Bound = Anything  # All, Any and Not over Atom and Nested


class Vocabulary:
    """The fields of a community, by code and by title in any language; and its saved segments as (name, text) by code."""

    def __init__(self, community: Community, segments: Callable[[], Mapping[str, tuple[str, str]]] = dict) -> None:
        self.community = community
        self._load = segments
        self._choices: dict[tuple[str, str], list[tuple[str, str]]] = {}

    @cached_property
    def fields(self) -> dict[str, Field]:
        known = {one.code: one for one in fields}
        for family in families:
            for one in family.fields(self.community):
                known.setdefault(one.code, one)
        return known

    @cached_property
    def segments(self) -> Mapping[str, tuple[str, str]]:
        return self._load()

    @cached_property
    def _named(self) -> dict[str, Field]:
        named: dict[str, Field] = {}
        for one in self.fields.values():
            for name in (one.code, one.title, gettext(one.title)):
                named.setdefault(name.casefold(), one)
        return named

    def field(self, name: str) -> Field | None:
        return self.fields.get(name) or self._named.get(name.casefold())

    def near(self, name: str) -> Field | None:
        found = get_close_matches(name.casefold(), self._named, n=1, cutoff=0.5)
        return self._named[found[0]] if found else None

    def choices(self, one: Field) -> list[tuple[str, str]]:
        """The choices of a field as (value, title), titles in the reader's language."""
        return self._listed(one.code, "", one.choices)

    def offered(self, one: Field, takes: Takes) -> list[tuple[str, str]]:
        return self._listed(one.code, takes.code, takes.choices)

    def _listed(self, code: str, argument: str, choices: Anything) -> list[tuple[str, str]]:
        if choices is None:
            return []
        if (code, argument) not in self._choices:
            self._choices[code, argument] = [(value, gettext(title) if title else value) for value, title in choices(self.community)]
        return self._choices[code, argument]


class Binder:
    """Binds trees; what is wrong is gathered in `problems`. `code` is that of the segment that is being edited, to find loops."""

    def __init__(self, vocabulary: Vocabulary, *, code: str = "") -> None:
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self._path = [code] if code else []
        self._nested: dict[str, Bound | None] = {}
        self._conditions = 0

    def bind(self, node: Node) -> Bound | None:
        """The bound tree, or None where a part of it could not be understood."""
        match node:
            case All(parts) | Any(parts):
                bound = [self.bind(part) for part in parts]
                return None if None in bound else type(node)(tuple(bound))  # type: ignore[arg-type]
            case Not(part):
                inner = self.bind(part)
                return None if inner is None else Not(inner)
            case InSegment():
                return self._segment(node)
            case _:
                return self._condition(node)

    def _say(self, code: str, message: str, at: Place | None, **facts: Anything) -> None:
        self.problems.append(problem(code, message, at, **facts))

    # -- segments --------------------------------------------------------------------------------------------------

    def _segment(self, node: InSegment) -> Nested | None:
        known = self.vocabulary.segments
        code = node.code if node.code in known else next((c for c, (name, _) in known.items() if name == node.code), node.code)
        if code in self._path:
            loop = " → ".join([*self._path[self._path.index(code) :], code])
            self._say("loop", N_("人群绕成了一圈：%(loop)s。请去掉其中一处引用。"), node.at, loop=loop)
            return None
        if code not in known:
            names = {name: c for c, (name, _) in known.items()} | {c: c for c in known}
            near = get_close_matches(node.code, names, n=1, cutoff=0.5)
            if near:
                self._say(
                    "no_segment_near",
                    N_("没有代号为“%(name)s”的人群，你是不是想写“%(near)s”？"),
                    node.at,
                    name=node.code,
                    near=names[near[0]],
                )
            else:
                self._say("no_segment", N_("没有代号为“%(name)s”的人群。"), node.at, name=node.code)
            return None
        if len(self._path) >= DEEPEST_NESTING:
            self._say("too_nested", N_("人群引用人群太深了：最多 %(most)s 层。"), node.at, most=DEEPEST_NESTING)
            return None
        name, text = known[code]
        if code not in self._nested:
            self._nested[code] = self._read(code, text, node)
        tree = self._nested[code]
        return None if tree is None else Nested(code, tree, name, node)

    def _read(self, code: str, text: str, node: InSegment) -> Bound | None:
        before = len(self.problems)
        self._path.append(code)
        try:
            tree = self.bind(parse(text))
        except Misread as error:
            self.problems.append(error.problem)
            tree = None
        finally:
            self._path.pop()
        if tree is None and not any(one.code == "loop" for one in self.problems[before:]):
            self.problems[before:] = [
                problem("broken_segment", N_("引用的人群“%(name)s”自己的条件有问题，请先改好它。"), node.at, name=code)
            ]
        return tree

    # -- conditions ------------------------------------------------------------------------------------------------

    def _condition(self, leaf: Leaf) -> Atom | None:
        assert not isinstance(leaf, InSegment)
        self._conditions += 1
        if self._conditions == MOST_CONDITIONS + 1:
            self._say("too_many", N_("条件太多了：最多 %(most)s 条。"), leaf.at, most=MOST_CONDITIONS)
        if self._conditions > MOST_CONDITIONS:
            return None
        use = self._use(leaf.term)
        if use is None:
            return None
        test = self._test(leaf, use.field)
        return None if test is None else Atom(use, test, leaf)

    def _use(self, term: Term) -> Use | None:
        one = self.vocabulary.field(term.name)
        if one is None:
            near = self.vocabulary.near(term.name)
            if near is None:
                self._say("no_field", N_("没有叫“%(name)s”的字段。可用的字段列在编辑页的“加条件”里。"), term.at, name=term.name)
            else:
                message = N_("没有叫“%(name)s”的字段，你是不是想写“%(near)s”（%(title)s）？")
                self._say("no_field_near", message, term.at, name=term.name, near=near.code, title=_msg(near.title))
            return None
        least = len(one.takes) - sum(takes.is_optional for takes in one.takes)
        if not least <= len(term.arguments) <= len(one.takes):
            if one.takes:
                message = N_("“%(name)s”要写成 %(example)s。")
                self._say("arguments", message, term.at, name=term.name, example=example(one))
            else:
                self._say("no_arguments", N_("“%(name)s”后面不用写括号。"), term.at, name=term.name)
            return None
        found: list[Hashable] = []
        for takes, argument in zip(one.takes, term.arguments, strict=False):
            resolved = self._argument(one, takes, argument, term)
            if resolved is None:
                return None
            found.append(resolved)
        return Use(one, (*found, *[None] * (len(one.takes) - len(found))))

    def _argument(self, one: Field, takes: Takes, argument: Days | str, term: Term) -> Hashable | None:
        if (takes.kind == "days") != isinstance(argument, Days):
            self._say("arguments", N_("“%(name)s”要写成 %(example)s。"), term.at, name=term.name, example=example(one))
            return None
        if isinstance(argument, Days):
            if argument.count < 1:
                self._say("no_days", N_("“%(name)s”至少要看 1 天。"), term.at, name=term.name)
                return None
            return argument.count
        resolved = takes.resolve(self.vocabulary.community, argument) if takes.resolve else argument
        if resolved is None:
            offered = {title: value for value, title in self.vocabulary.offered(one, takes)}
            names = {**offered, **{value: value for value in offered.values()}}
            near = get_close_matches(argument, names, n=1, cutoff=0.4)
            if near:
                message = N_("没有叫“%(what)s”的%(kind)s，你是不是想写“%(near)s”？")
                self._say("no_such_near", message, term.at, what=argument, kind=_msg(takes.title), near=names[near[0]])
            else:
                self._say("no_such", N_("没有叫“%(what)s”的%(kind)s。"), term.at, what=argument, kind=_msg(takes.title))
        return resolved

    def _test(self, leaf: Leaf, one: Field) -> Test | None:
        match leaf:
            case Known(is_known=is_known):
                return Exists(is_known)
            case Is():
                if one.kind == Kind.BOOLEAN:
                    return Yes()
                self._say(
                    "unfinished_field", N_("“%(name)s”后面要写比较，例如 %(example)s。"), leaf.at, name=leaf.term.name, example=example(one)
                )
            case Contains(text=text, is_in=is_in):
                if one.kind == Kind.TEXT:
                    return Has(text, is_in)
                message = N_("“%(name)s”是%(kind)s，不能用 contains（包含）；例如 %(example)s。")
                self._say("contains_kind", message, leaf.at, name=leaf.term.name, kind=_msg(KINDS[one.kind]), example=example(one))
            case Compare(op=op, value=value):
                return self._compared(leaf, one, op, value)
            case OneOf(values=values, is_in=is_in):
                if len(values) > MOST_VALUES:
                    self._say("too_many_values", N_("一个括号里最多写 %(most)s 个值。"), leaf.at, most=MOST_VALUES)
                    return None
                found = [self._value(leaf, one, value) for value in values]
                return None if None in found else Among(tuple(dict.fromkeys(found)), is_in)
        return None

    def _compared(self, leaf: Compare, one: Field, op: Op, value: Value) -> Test | None:
        known = self._value(leaf, one, value)
        if known is None:
            return None
        if one.kind in (Kind.NUMBER, Kind.DATE):
            return Versus(op, known)
        if op in (Op.IS, Op.IS_NOT):
            return Among((known,), op == Op.IS)
        if one.kind == Kind.CHOICE and one.is_ordered:
            order = [value for value, _ in self.vocabulary.choices(one)]
            rank = order.index(known)
            return Among(tuple(value for number, value in enumerate(order) if Versus(op, rank).holds(number, dt.date.min)), True)
        message = N_("“%(name)s”是%(kind)s，没有大小之分，只能用 = 、!= 或 in（属于）。")
        self._say("no_order", message, leaf.at, name=leaf.term.name, kind=_msg(KINDS[one.kind]))
        return None

    def _value(self, leaf: Compare | OneOf, one: Field, value: Value) -> Anything:
        match one.kind, value:
            case (Kind.NUMBER, int() | float()) | (Kind.DATE, dt.date() | Ago()) | (Kind.TEXT, str()):
                return value
            case Kind.TEXT, Word(text):
                return text
            case Kind.CHOICE, str() | Word():
                return self._choice(leaf, one, value.text if isinstance(value, Word) else value)
            case Kind.BOOLEAN, _:
                self._say("boolean", N_("“%(name)s”只有是或否：直接写名字，前面加 not 表示否。"), leaf.at, name=leaf.term.name)
            case _:
                message = N_("“%(name)s”是%(kind)s，不能和%(what)s比较；例如 %(example)s。")
                what = _msg(_what(value))
                self._say("wrong_kind", message, leaf.at, name=leaf.term.name, kind=_msg(KINDS[one.kind]), what=what, example=example(one))
        return None

    def _choice(self, leaf: Compare | OneOf, one: Field, text: str) -> str | None:
        known = self.vocabulary.choices(one)
        names = {title.casefold(): value for value, title in known} | {value.casefold(): value for value, _ in known}
        if text.casefold() in names:
            return names[text.casefold()]
        near = get_close_matches(text.casefold(), names, n=1, cutoff=0.4)
        if near:
            message = N_("“%(name)s”没有“%(what)s”这个选项，你是不是想写“%(near)s”？")
            self._say("no_choice_near", message, leaf.at, name=leaf.term.name, what=text, near=names[near[0]])
        else:
            message = N_("“%(name)s”没有“%(what)s”这个选项，可选：%(choices)s。")
            shown = "、".join(title for _, title in known[:12])
            self._say("no_choice", message, leaf.at, name=leaf.term.name, what=text, choices=shown)
        return None


KINDS = {
    Kind.NUMBER: N_("数字"),
    Kind.TEXT: N_("文字"),
    Kind.CHOICE: N_("选项"),
    Kind.DATE: N_("日期"),
    Kind.BOOLEAN: N_("是或否"),
}


def _what(value: Value) -> str:
    if isinstance(value, Ago | dt.date):
        return N_("日期")
    return N_("文字") if isinstance(value, str | Word) else N_("数字")


def _msg(text: str) -> Msg:
    return Msg(text)


def example(one: Field) -> str:
    """How a condition on the field may look."""
    arguments = [Days(30) if takes.kind == "days" else "…" for takes in one.takes]
    term = Term(one.code, tuple(arguments))
    samples: dict[Kind, Node] = {
        Kind.NUMBER: Compare(term, Op.AT_LEAST, 3),
        Kind.TEXT: Compare(term, Op.IS, "…"),
        Kind.CHOICE: Compare(term, Op.IS, "…"),
        Kind.DATE: Compare(term, Op.AT_LEAST, Ago(30)),
        Kind.BOOLEAN: Is(term),
    }
    return write(samples[one.kind])


def bound_leaves(tree: Bound) -> Sequence[Atom]:
    """The conditions of a bound tree, those of saved segments inside too."""
    if isinstance(tree, All | Any):
        return [atom for part in tree.parts for atom in bound_leaves(part)]
    if isinstance(tree, Not):
        return bound_leaves(tree.part)
    return bound_leaves(tree.tree) if isinstance(tree, Nested) else [tree]
