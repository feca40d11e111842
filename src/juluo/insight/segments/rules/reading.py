"""From text to tree.

Words may be English or Chinese and signs full-width, because that is what input methods give. LALR with a contextual lexer: a word is
looked for only where it may stand, so 且 and 包含 need no spaces after a number or a quotation.
"""

import datetime as dt
import re
from difflib import get_close_matches
from functools import cache
from typing import Any as Anything

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken, VisitError

from juluo.kit.errors import N_

from ..errors import Misread
from ..types import Ago, All, Any, Compare, Contains, Days, InSegment, Is, Known, Node, Not, OneOf, Op, Place, Term, Value, Word, problem

LONGEST = 20_000  # characters
DEEPEST = 40  # brackets in brackets
MOST_DAYS = 36_500
IN_SEGMENT = ("in_segment", "在人群")

# One rule for each thing that can be said.
GRAMMAR = r"""
    ?start: any
    ?any: all (_OR all)*
    ?all: part (_AND part)*
    ?part: NOT part -> negation
        | _OPEN any _CLOSE
        | term OP value -> compare
        | term IN _list -> one_of
        | term NOT IN _list -> none_of
        | term CONTAINS STRING -> contains
        | term NOT CONTAINS STRING -> lacks
        | term KNOWN -> known
        | term UNKNOWN -> unknown
        | term -> holds
    term: NAME [_OPEN [argument (_COMMA argument)*] _CLOSE]
    ?argument: DAYS -> days
        | STRING -> string
    _list: _OPEN value (_COMMA value)* _CLOSE
    ?value: NUMBER -> number
        | STRING -> string
        | DATE -> date
        | DAYS _AGO -> ago
        | TODAY -> today
        | NAME -> word

    _OR.5: /(?:or\b|\|\||或者|或是|或)/i
    _AND.5: /(?:and\b|&&|并且|而且|且)/i
    NOT.5: /(?:not\b|非(?=[\s（(])|不是(?=[\s（(])|不(?=属于|包含|含有|在)|!(?!=))/i
    IN.5: /(?:in\b|属于|在)/i
    CONTAINS.5: /(?:contains\b|包含|含有)/i
    KNOWN.5: /(?:is\s+known\b|已知|有值)/i
    UNKNOWN.5: /(?:is\s+unknown\b|未知|无值)/i
    _AGO.5: /(?:ago\b|以前|之前|前)/i
    TODAY.5: /(?:today\b|今天)/i
    OP: />=|<=|!=|<>|==|>|<|=|≥|≤|≠|＝|＞＝|＜＝|＞|＜|！＝/
    DATE.4: /\d{4}-\d{1,2}-\d{1,2}/
    DAYS.3: /\d{1,6}\s*(?:d\b|days?\b|天|日|w\b|weeks?\b|周)/i
    NUMBER.2: /-?\d{1,15}(?:\.\d{1,30})?/
    STRING: /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|“(?:[^“”\\\n]|\\.)*”|「(?:[^「」\\\n]|\\.)*」/
    NAME: /[^\W\d][\w.]*/
    _OPEN: /[(（]/
    _CLOSE: /[)）]/
    _COMMA: /[,，、]/
    %ignore /[\s\u3000]+/
    %ignore /#[^\n]*/
"""

# What may stand somewhere, as people call it.
EXPECTED = {
    "NAME": N_("字段名"),
    "NOT": N_("not（非）"),
    "_OPEN": N_("左括号"),
    "_CLOSE": N_("右括号"),
    "_COMMA": N_("逗号"),
    "_AND": N_("and（且）"),
    "_OR": N_("or（或）"),
    "OP": N_("比较符号（>= > <= < = !=）"),
    "IN": N_("in（属于）"),
    "CONTAINS": N_("contains（包含）"),
    "KNOWN": N_("is known（已知）"),
    "UNKNOWN": N_("is unknown（未知）"),
    "NUMBER": N_("数字"),
    "STRING": N_("引号里的文字"),
    "DATE": N_("日期（如 2026-03-01）"),
    "DAYS": N_("天数（如 30d）"),
    "_AGO": N_("ago（前）"),
    "TODAY": N_("today（今天）"),
    "$END": N_("结尾"),
}
_WORD_FIRST = ["NAME", "OP", "NUMBER", "STRING", "DAYS", "DATE"]
_OPS = {"==": "=", "＝": "=", "<>": "!=", "≠": "!=", "！＝": "!=", "≥": ">=", "＞＝": ">=", "≤": "<=", "＜＝": "<=", "＞": ">", "＜": "<"}
_KEYWORDS = ("and", "or", "not", "in", "contains", "is known", "is unknown", "ago", "today")
RESERVED = re.compile(r"(?i)(?:and|or|not|in|is|contains|known|unknown|ago|today|d|days?|w|weeks?)$|[或且非不并而在属包含已未有无今以之前]")


def parse(text: str) -> Node:
    """The expression as a tree, every node with its place. Raises `Misread`."""
    if len(text) > LONGEST:
        raise Misread(problem("too_long", N_("条件太长了：最多 %(most)s 个字符。"), most=LONGEST))
    if not _without_comments(text).strip():
        raise Misread(problem("empty", N_("还没有写条件。例如：messages(30d) >= 3")))
    if text.count("(") + text.count("（") > 1_000 or len(re.findall(r"(?i)\bnot\b|非|!", text)) > 1_000:
        raise Misread(problem("too_deep", N_("括号套得太深了：最多 %(most)s 层。"), most=DEEPEST))
    try:
        tree: Node = _parser().parse(text)  # type: ignore[assignment]
    except VisitError as error:
        if isinstance(error.orig_exc, Misread):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise Misread(_explained(error, text)) from None
    _measure(tree)
    return tree


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Tree(), maybe_placeholders=False)


def _without_comments(text: str) -> str:
    return re.sub(r"#[^\n]*", "", text)


def _measure(tree: Node) -> None:
    level: list[Node] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Misread(problem("too_deep", N_("括号套得太深了：最多 %(most)s 层。"), most=DEEPEST))
        level = [
            part
            for node in level
            for part in (node.parts if isinstance(node, All | Any) else (node.part,) if isinstance(node, Not) else ())
        ]


def _place(token: Token) -> Place:
    return Place(token.line or 1, token.column or 1)


@v_args(inline=True)
class _Tree(Transformer):
    """Builds our nodes while the parser goes, so that nothing recurses."""

    def any(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else Any(parts, parts[0].at)

    def all(self, *parts: Node) -> Node:
        return parts[0] if len(parts) == 1 else All(parts, parts[0].at)

    def negation(self, sign: Token, part: Node) -> Node:
        return Not(part, _place(sign))

    def compare(self, term: Term, op: Token, value: Value) -> Node:
        return Compare(term, Op(_OPS.get(str(op), str(op))), value, term.at)

    def one_of(self, term: Term, _in: Token, *values: Value) -> Node:
        return OneOf(term, values, True, term.at)

    def none_of(self, term: Term, _not: Token, _in: Token, *values: Value) -> Node:
        return OneOf(term, values, False, term.at)

    def contains(self, term: Term, _contains: Token, text: Token) -> Node:
        return Contains(term, _unquoted(text), True, term.at)

    def lacks(self, term: Term, _not: Token, _contains: Token, text: Token) -> Node:
        return Contains(term, _unquoted(text), False, term.at)

    def known(self, term: Term, _word: Token) -> Node:
        return Known(term, True, term.at)

    def unknown(self, term: Term, _word: Token) -> Node:
        return Known(term, False, term.at)

    def holds(self, term: Term) -> Node:
        if term.name.lower() in IN_SEGMENT:
            if len(term.arguments) == 1 and isinstance(term.arguments[0], str):
                return InSegment(term.arguments[0], term.at)
            raise Misread(problem("arguments", N_('in_segment 后面要在括号里写一个人群的代号，例如 in_segment("regulars")。'), term.at))
        return Is(term, term.at)

    def term(self, name: Token, *arguments: Anything) -> Term:
        return Term(str(name), arguments, _place(name))

    def days(self, token: Token) -> Days:
        return Days(_days(token))

    def string(self, token: Token) -> str:
        return _unquoted(token)

    def number(self, token: Token) -> float:
        return float(token) if "." in token else int(token)

    def date(self, token: Token) -> dt.date:
        try:
            return dt.date(*map(int, token.split("-")))
        except ValueError:
            raise Misread(problem("no_such_day", N_("没有 %(day)s 这一天。"), _place(token), day=str(token))) from None

    def ago(self, token: Token) -> Ago:
        return Ago(_days(token))

    def today(self, _word: Token) -> Ago:
        return Ago(0)

    def word(self, token: Token) -> Word:
        return Word(str(token))


def _days(token: Token) -> int:
    figure = re.match(r"\d+", token)
    assert figure
    count = int(figure[0]) * (7 if re.search(r"(?i)w|周", token) else 1)
    if count > MOST_DAYS:
        raise Misread(problem("too_many_days", N_("%(days)s 天太久了：最多 %(most)s 天。"), _place(token), days=count, most=MOST_DAYS))
    return count


_ESCAPED = re.compile(r"\\(.)")


def _unquoted(token: Token) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], token[1:-1])


def _explained(error: UnexpectedInput, text: str) -> Anything:
    """What stands there, what could, and perhaps what was meant."""
    if isinstance(error, UnexpectedToken):
        expected, found = set(error.interactive_parser.accepts()), str(error.token)
        is_end = error.token.type == "$END"
    elif isinstance(error, UnexpectedCharacters):
        expected, is_end = set(error.allowed), False
        found = text[error.pos_in_stream or 0]
        if word := re.match(r"\w+", text[error.pos_in_stream :]):
            found = word[0]
    else:
        assert isinstance(error, UnexpectedEOF)
        expected, found, is_end = set(error.expected), "", True
    if is_end:
        lines = text.rstrip().split("\n")
        place = Place(len(lines), len(lines[-1]) + 1)
    else:
        place = Place(error.line, error.column)
    if not is_end and found in "\"'“「”」":
        return problem("open_quote", N_("引号没有成对：在同一行把它合上。"), place)
    order = [*_WORD_FIRST, *(code for code in EXPECTED if code not in _WORD_FIRST)]
    wanted = tuple(EXPECTED[code] for code in order if code in expected)
    if is_end:
        return problem("unfinished", N_("条件没有写完，后面应是：%(expected)s。"), place, expected=wanted)
    near = get_close_matches(found.lower(), _KEYWORDS, n=1, cutoff=0.6)
    if near:
        return problem(
            "unexpected_near",
            N_("看不懂“%(found)s”，你是不是想写“%(near)s”？这里应是：%(expected)s。"),
            place,
            found=found,
            near=near[0],
            expected=wanted,
        )
    return problem("unexpected", N_("看不懂“%(found)s”，这里应是：%(expected)s。"), place, found=found, expected=wanted)
