"""Taking what people answer, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from juluo.ground.audit.actions import note
from juluo.kit import clock
from juluo.kit.errors import N_
from juluo.record.events.actions import accept
from juluo.record.events.types import Event
from juluo.record.events.types import Kind as EventKind
from juluo.record.profiles.actions import set_values
from juluo.record.profiles.queries import attribute
from juluo.record.profiles.types import Given as Value
from juluo.record.profiles.types import Source

from ..errors import AlreadyAnswered, LinkBroken
from ..models import Given, Invitation, Response, Spent, Survey, Version
from ..queries import check_open, current, design_of, full_choices, one_way, told
from ..rules import reading
from ..rules.flow import score_of
from ..types import NUMERIC, OTHER, Answers, Design, Kind
from .common import hold, number

KEY = "juluo-survey"
CHOICE_FULL = N_("您选的一项名额刚满，请换一项。")


@dataclass(frozen=True)
class Outcome:
    """What became of a form: the answers as read, and what is wrong by question (msgids). `is_done` says that the answers count now."""

    answers: Answers
    faults: Mapping[str, str]
    is_done: bool


@transaction.atomic
def answer(
    survey: Survey,
    form: reading.Form,
    *,
    version: int | None = None,
    invitation: Invitation | None = None,
    browser: str = "",
    is_final: bool = True,
) -> Outcome:
    """Take a form as the answer of whoever was invited, or of a browser; each answers once, or changes their answer where that is allowed.

    `version` is the number of the version they saw. Not `is_final`: keep what is there, whole or not, to go on later (never for
    anonymous surveys). Raises `NotOpen` and its kinds, `AlreadyAnswered`, `LinkBroken`.
    """
    survey = hold(survey)
    seen = _seen(survey, version)
    if invitation is None and not browser:
        raise LinkBroken()
    before = None if survey.is_anonymous else _before(survey, invitation, browser)
    is_counted = before is not None and before.answered_at is not None
    check_open(survey, is_new=not is_counted)
    if is_counted and not survey.may_edit:
        raise AlreadyAnswered()
    mark = one_way(survey, f"i{invitation.pk}" if invitation else f"b{browser}") if survey.is_anonymous else ""
    if mark and Spent.objects.filter(survey=survey, mark=mark).exists():
        raise AlreadyAnswered()

    asked = design_of(seen.design)
    answers, wrong = reading.read(asked, form)
    wrong |= _taken(survey, asked, answers, before)
    if not is_final or wrong:
        if not is_final and not survey.is_anonymous and not is_counted:
            _write(survey, seen, answers, before, invitation, browser, is_done=False)
        return Outcome(answers, wrong if is_final else {}, is_done=False)

    response = _write(survey, seen, answers, before, invitation, browser, is_done=True)
    if mark:
        Spent.objects.create(pk=number(), survey=survey, mark=mark)
    spell_out(survey, asked, response)
    Survey.objects.filter(pk=survey.pk).update(revision=F("revision") + 1)

    note("survey.answered", subject=survey.title, community_id=survey.community_id)
    if response.member_id is not None:
        _tell(survey, asked, response)
        _learn(survey, asked, response)
    return Outcome(answers, {}, is_done=True)


def _seen(survey: Survey, version: int | None) -> Version:
    found = current(survey) if version is None else survey.versions.filter(number=version).first() or current(survey)
    if found is None:
        raise LinkBroken()
    return found


def _before(survey: Survey, invitation: Invitation | None, browser: str) -> Response | None:
    rows = Response.objects.filter(survey=survey)
    if invitation is not None:
        return rows.filter(member=invitation.member_id).first()
    return rows.filter(browser=one_way(survey, f"b{browser}")).first()


def _taken(survey: Survey, asked: Design, answers: Answers, before: Response | None) -> dict[str, str]:
    """Questions where a choice with a quota was full before this answer. Whoever has a place keeps it."""
    full = full_choices(survey, asked)
    had = before.answers if before is not None and before.answered_at is not None else {}
    wrong = {}
    for code, choices in full.items():
        chosen = set(answers.get(code, {}).get("choices", ())) - set(had.get(code, {}).get("choices", ()))
        if chosen & choices:
            wrong[code] = CHOICE_FULL
    return wrong


def _write(
    survey: Survey, seen: Version, answers: Answers, before: Response | None, invitation: Invitation | None, browser: str, *, is_done: bool
) -> Response:
    now = clock.now()
    today = clock.today(survey.community.zone)
    response = before or Response(pk=number(), survey=survey)
    if before is None and not survey.is_anonymous:
        response.member_id = invitation.member_id if invitation else None
        response.browser = "" if invitation else one_way(survey, f"b{browser}")
    response.version, response.answers, response.changed_at = seen, answers, None if survey.is_anonymous else now
    response.score = score_of(design_of(seen.design), answers)
    if is_done and response.answered_at is None:
        midnight = datetime(today.year, today.month, today.day, tzinfo=ZoneInfo(survey.community.zone))
        response.answered_at, response.day = midnight if survey.is_anonymous else now, today
    elif not is_done:
        response.day = today
    response.save(force_insert=before is None)
    return response


def spell_out(survey: Survey, asked: Design, response: Response) -> None:
    Given.objects.filter(response=response).delete()
    Given.objects.bulk_create(Given(pk=number(), survey=survey, response=response, **piece) for piece in pieces(asked, response.answers))


def pieces(asked: Design, answers: Answers) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for question in asked.questions:
        answer = answers.get(question.code)
        if answer is None:
            continue
        base = {"question": question.code}
        if question.kind in NUMERIC:
            found.append(base | {"number": float(answer)})
        elif not isinstance(answer, dict):
            found.append(base | {"text": answer})
        elif "choices" in answer:
            found += [base | {"choice": code, "text": answer.get("other", "") if code == OTHER else ""} for code in answer["choices"]]
        else:
            found += [base | {"row": row, "choice": code} for row, code in answer.items()]
    return found


def _tell(survey: Survey, asked: Design, response: Response) -> None:
    """The event of the answer. Changing an answer does not make it happen twice: the key is the response's."""
    assert response.member is not None
    assert response.answered_at is not None
    identity = response.member.identities.order_by("pk").first()
    if identity is None:
        return
    props = {"survey": survey.code}
    scored = next((q.code for kind in (Kind.NPS, Kind.SCALE) for q in asked.questions if q.kind == kind and q.code in response.answers), "")
    if scored:
        props["question"] = scored
    at = clock.micros(response.answered_at)
    key = f"{KEY}:{response.pk}"
    event = Event(key, at, EventKind.SURVEY_ANSWERED, identity.source, actor=identity.external_id, value=response.score, props=props)
    accept(survey.community_id, [event])


def _learn(survey: Survey, asked: Design, response: Response) -> None:
    """Answers to questions that are bound to an attribute become its value; one that does not fit the attribute is left out."""
    bound = [question for question in asked.questions if question.attribute]
    if not bound or response.member_id is None:
        return
    values = []
    for question in bound:
        answer = response.answers.get(question.code)
        if answer is not None and attribute(survey.community, question.attribute) is not None:
            raw = told(question, answer) if isinstance(answer, dict) else answer
            values.append(Value(response.member_id, question.attribute, raw, note=survey.title))
    set_values(survey.community, values, source=Source.SURVEY)
