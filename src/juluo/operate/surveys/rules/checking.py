"""Whether a design can be put before people, and what becomes of its codes when it changes."""

import re
from collections.abc import Iterator

import msgspec

from juluo.kit.errors import N_

from ..types import END, NUMERIC, OTHER, WITH_CHOICES, Choice, Condition, Design, Fault, Jump, Kind, Question

MOST_QUESTIONS = 200
MOST_CHOICES = 200
MOST_STEPS = 11
LONGEST_TITLE = 500
LONGEST_WORDS = 4_000
_CODE = re.compile(r"[a-z0-9][a-z0-9_.]{0,39}")  # no hyphen: fields of a form are called q-<code>-<row>


def faults(design: Design) -> list[Fault]:
    """What keeps a design from being published, in its order. None means that every answer to it can be kept and counted."""
    return list(_faults(design))


def _faults(design: Design) -> Iterator[Fault]:
    if not any(question.kind != Kind.SECTION for question in design.questions):
        yield Fault(N_("还没有一道题。"))
    if len(design.questions) > MOST_QUESTIONS:
        yield Fault(N_("最多 %(most)s 题。"), facts={"most": MOST_QUESTIONS})
    if max(len(design.intro), len(design.thanks)) > LONGEST_WORDS:
        yield Fault(N_("开头或结尾的话太长了。"))
    codes = [question.code for question in design.questions]
    for question in design.questions:
        if codes.count(question.code) > 1 or not _CODE.fullmatch(question.code) or question.code == END:
            yield Fault(N_("题号 %(code)s 重复，或不是小写字母和数字。"), question.code, {"code": question.code[:40]})
    for at, question in enumerate(design.questions):
        yield from _own(question)
        for condition in (question.show_if, *(jump.when for jump in question.jumps)):
            if condition is not None:
                known = design.questions[: at + 1] if condition is not question.show_if else design.questions[:at]
                yield from _of_condition(question, condition, {one.code: one for one in known})
        for jump in question.jumps:
            if jump.to != END and jump.to not in codes[at + 1 :]:
                yield Fault(N_("「%(title)s」只能跳到它后面的题。"), question.code, {"title": question.title})


def _own(question: Question) -> Iterator[Fault]:
    facts = {"title": question.title[:40]}
    if not question.title.strip() or len(question.title) > LONGEST_TITLE or len(question.help) > LONGEST_WORDS:
        yield Fault(N_("有一题没有题目，或题目太长。"), question.code)
    if question.kind in WITH_CHOICES:
        if len(question.choices) < 2 or len(question.choices) > MOST_CHOICES:
            yield Fault(N_("「%(title)s」至少要两个选项，最多 200 个。"), question.code, facts)
        yield from _unlike(question, question.choices)
        if any(choice.limit is not None and choice.limit < 1 for choice in question.choices):
            yield Fault(N_("「%(title)s」的名额要大于 0。"), question.code, facts)
        if question.kind == Kind.MATRIX and any(choice.limit is not None for choice in question.choices):
            yield Fault(N_("「%(title)s」是矩阵，选项不能限名额。"), question.code, facts)
    if question.kind == Kind.MATRIX:
        if not question.rows or len(question.rows) > MOST_CHOICES:
            yield Fault(N_("「%(title)s」还没有行。"), question.code, facts)
        yield from _unlike(question, question.rows)
    if question.has_other and question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
        yield Fault(N_("只有单选和多选可以有「其他」。"), question.code)
    if question.kind == Kind.SCALE and not (0 <= question.low < question.high and question.high - question.low < MOST_STEPS):
        yield Fault(N_("「%(title)s」的量表要从小到大，最多 11 级。"), question.code, facts)


def _unlike(question: Question, choices: tuple[Choice, ...]) -> Iterator[Fault]:
    codes, titles = [choice.code for choice in choices], [choice.title.strip() for choice in choices]
    if len(set(codes)) < len(codes) or not all(_CODE.fullmatch(code) for code in codes) or OTHER in codes:
        yield Fault(N_("「%(title)s」的选项代号重复，或不是小写字母和数字。"), question.code, {"title": question.title[:40]})
    if len(set(titles)) < len(titles) or not all(titles) or max(map(len, titles), default=0) > LONGEST_TITLE:
        yield Fault(N_("「%(title)s」有重复、空白或太长的选项。"), question.code, {"title": question.title[:40]})


def _of_condition(question: Question, condition: Condition, known: dict[str, Question]) -> Iterator[Fault]:
    facts = {"title": question.title[:40]}
    asked = known.get(condition.question)
    if asked is None or asked.kind == Kind.SECTION:
        yield Fault(N_("「%(title)s」的条件要看它前面的一题。"), question.code, facts)
        return
    if asked.kind in NUMERIC:
        if condition.number is None:
            yield Fault(N_("「%(title)s」的条件还缺一个数字。"), question.code, facts)
        elif asked.kind != Kind.NUMBER and not _can_be(asked, condition):
            yield Fault(N_("「%(title)s」的条件永远不会满足。"), question.code, facts)
    elif asked.kind in WITH_CHOICES:
        offered = {choice.code for choice in asked.options}
        if condition.op not in ("is", "not") or not condition.choices or not set(condition.choices) <= offered:
            yield Fault(N_("「%(title)s」的条件要用「%(other)s」里有的选项。"), question.code, facts | {"other": asked.title[:40]})
        elif condition.op == "not" and asked.kind == Kind.SINGLE and set(condition.choices) == offered:
            yield Fault(N_("「%(title)s」的条件永远不会满足。"), question.code, facts)
    else:
        yield Fault(N_("「%(title)s」的条件要看一道选择题或打分题。"), question.code, facts)


def _can_be(asked: Question, condition: Condition) -> bool:
    number = condition.number
    assert number is not None
    checks = {
        "is": lambda step: step == number,
        "not": lambda step: step != number,
        "at_least": lambda step: step >= number,
        "at_most": lambda step: step <= number,
    }
    return any(map(checks[condition.op], asked.range))


def is_same_question(one: Question, two: Question) -> bool:
    """Whether answers to both can be counted together: they ask in the same way, whatever their wording."""
    if one.kind != two.kind:
        return False
    return one.kind != Kind.SCALE or (one.low, one.high) == (two.low, two.high)


def recoded(design: Design, earlier: list[Design]) -> Design:
    """The design with a new code for every question that now asks in another way than people answered under its code.

    Choices that say something else than before under the same code get new codes as well. Conditions and jumps follow. So what was
    answered to an earlier version keeps its meaning for good.
    """
    codes: dict[str, str] = {}
    choices: dict[str, dict[str, str]] = {}
    taken = {question.code for known in (*earlier, design) for question in known.questions}
    for question in design.questions:
        before = [known for one in earlier if (known := one.question(question.code))]
        if any(not is_same_question(question, known) for known in before):
            codes[question.code] = _free(question.code, taken)
            continue
        said = {c.code: c.title for known in before for c in (*known.choices, *known.rows)}
        used = set(said) | {c.code for c in (*question.choices, *question.rows)}
        choices[question.code] = {
            c.code: _free(c.code, used) for c in (*question.choices, *question.rows) if said.get(c.code, c.title) != c.title
        }

    def of_condition(condition: Condition | None) -> Condition | None:
        if condition is None:
            return None
        renamed = choices.get(condition.question, {})
        return msgspec.structs.replace(
            condition,
            question=codes.get(condition.question, condition.question),
            choices=tuple(renamed.get(choice, choice) for choice in condition.choices),
        )

    def of_choices(question: Question, given: tuple[Choice, ...]) -> tuple[Choice, ...]:
        renamed = choices.get(question.code, {})
        return tuple(msgspec.structs.replace(choice, code=renamed.get(choice.code, choice.code)) for choice in given)

    return msgspec.structs.replace(
        design,
        questions=tuple(
            msgspec.structs.replace(
                question,
                code=codes.get(question.code, question.code),
                choices=of_choices(question, question.choices),
                rows=of_choices(question, question.rows),
                show_if=of_condition(question.show_if),
                jumps=tuple(Jump(codes.get(jump.to, jump.to), of_condition(jump.when)) for jump in question.jumps),
            )
            for question in design.questions
        ),
    )


def _free(code: str, taken: set[str]) -> str:
    stem = re.sub(r"\.\d+$", "", code)[:34]
    number = 2
    while f"{stem}.{number}" in taken:
        number += 1
    taken.add(f"{stem}.{number}")
    return f"{stem}.{number}"


def fresh_code(stem: str, taken: set[str]) -> str:
    """The first of "q1", "q2" … that is not taken."""
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    taken.add(f"{stem}{number}")
    return f"{stem}{number}"
