"""Reading what a form sent. Everything in it is hostile until it has been held against the design."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from juluo.kit.errors import N_

from ..types import OTHER, Answers, Design, Kind, Question
from .flow import path

LONGEST_TEXT = 4_000
LONGEST_OTHER = 200
LARGEST_NUMBER = 1e12
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Form = Mapping[str, Sequence[str]]

MISSING = N_("这题需要回答。")
ROW_MISSING = N_("每一行都需要选一个。")
NOT_A_NUMBER = N_("请填一个数字。")
NOT_A_DATE = N_("请填一个日期，例如 2026-11-02。")
TOO_LONG = N_("写得太长了，请控制在 4,000 字以内。")
OTHER_EMPTY = N_("选了「其他」，请写一下是什么。")
NOT_OFFERED = N_("请从给出的选项里选。")


def read(design: Design, form: Form) -> tuple[Answers, dict[str, str]]:
    """The answers in a form (`q-<code>`, `q-<code>-other`, `q-<code>-<row>`), and what is wrong by question as msgids.

    Only questions on the way count; fields nobody asked for are ignored. Where there are faults the answers hold what could be read.
    """
    answers: Answers = {}
    faults: dict[str, str] = {}
    for question in design.questions:
        if question.kind == Kind.SECTION:
            continue
        answer, fault = _READERS[question.kind](question, form)
        if fault:
            faults[question.code] = fault
        if answer is not None:
            answers[question.code] = answer
    way = path(design, answers)
    codes = {question.code for question in way}
    answers = {code: answer for code, answer in answers.items() if code in codes}
    faults = {code: fault for code, fault in faults.items() if code in codes}
    for question in way:
        if question.kind == Kind.SECTION or question.code in faults or not question.is_required:
            continue
        if question.code not in answers:
            faults[question.code] = ROW_MISSING if question.kind == Kind.MATRIX else MISSING
        elif question.kind == Kind.MATRIX and len(answers[question.code]) < len(question.rows):
            faults[question.code] = ROW_MISSING
    return answers, faults


def form_of(answers: Answers) -> dict[str, list[str]]:
    """The form that would give these answers, to show it filled in."""
    form: dict[str, list[str]] = {}
    for code, answer in answers.items():
        if not isinstance(answer, dict):
            form[f"q-{code}"] = [f"{answer:g}" if isinstance(answer, float) else str(answer)]
        elif "choices" in answer:
            form[f"q-{code}"] = list(answer["choices"])
            form[f"q-{code}-other"] = [answer.get("other", "")]
        else:
            form |= {f"q-{code}-{row}": [choice] for row, choice in answer.items()}
    return form


def clean(text: str) -> str:
    """A text without control signs and without what turns the direction of reading."""
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def _first(form: Form, name: str) -> str:
    values = form.get(name) or [""]
    return clean(values[0])


def _chosen(question: Question, form: Form) -> tuple[Any, str]:
    offered = {choice.code for choice in question.options}
    sent = list(dict.fromkeys(value for value in form.get(f"q-{question.code}", ()) if value))
    if question.kind == Kind.SINGLE:
        sent = sent[:1]
    if any(value not in offered for value in sent):
        return None, NOT_OFFERED
    if not sent:
        return None, ""
    answer: dict[str, Any] = {"choices": sent}
    if OTHER in sent and question.has_other:
        other = _first(form, f"q-{question.code}-other")[:LONGEST_OTHER]
        if not other:
            return answer, OTHER_EMPTY
        answer["other"] = other
    return answer, ""


def _matrix(question: Question, form: Form) -> tuple[Any, str]:
    offered = {choice.code for choice in question.choices}
    answer = {row.code: value for row in question.rows if (value := _first(form, f"q-{question.code}-{row.code}"))}
    if any(value not in offered for value in answer.values()):
        return None, NOT_OFFERED
    return answer or None, ""


def _step(question: Question, form: Form) -> tuple[Any, str]:
    said = _first(form, f"q-{question.code}")
    if not said:
        return None, ""
    if not re.fullmatch(r"-?\d{1,4}", said, re.ASCII) or int(said) not in question.range:
        return None, NOT_OFFERED
    return int(said), ""


def _number(question: Question, form: Form) -> tuple[Any, str]:
    said = _first(form, f"q-{question.code}").replace(",", "").replace("，", "")
    if not said:
        return None, ""
    try:
        number = float(said[:40])
    except ValueError:
        return None, NOT_A_NUMBER
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        return None, NOT_A_NUMBER
    return int(number) if number.is_integer() else number, ""


def _date(question: Question, form: Form) -> tuple[Any, str]:
    said = _first(form, f"q-{question.code}").replace("/", "-")
    if not said:
        return None, ""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None, NOT_A_DATE
    return (day.isoformat(), "") if 1900 <= day.year <= 2100 else (None, NOT_A_DATE)


def _text(question: Question, form: Form) -> tuple[Any, str]:
    said = _first(form, f"q-{question.code}")
    if len(said) > LONGEST_TEXT:
        return said[:LONGEST_TEXT], TOO_LONG
    return said or None, ""


_READERS: dict[Kind, Callable[[Question, Form], tuple[Any, str]]] = {
    Kind.SINGLE: _chosen,
    Kind.MULTIPLE: _chosen,
    Kind.MATRIX: _matrix,
    Kind.SCALE: _step,
    Kind.NPS: _step,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _text,
}
