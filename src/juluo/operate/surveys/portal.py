"""The page on which members answer: by personal link, by open link, and as a preview."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path as url
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from juluo.ground.communities.doors import MemberVisit, for_members
from juluo.kit import clock

from .actions import Outcome, answer
from .errors import AlreadyAnswered, Full, NotOpen, NotYet, TooOften
from .models import Invitation, Response, Survey, Version
from .queries import check_open, current, design_of, full_choices, invited, one_way, open_survey, previewed, was_spent
from .rules.flow import path
from .rules.reading import form_of, read
from .types import OTHER, Answers, Design, Kind, Question

COOKIE_AGE = timedelta(days=365)
AT_MOST, WITHIN = 30, 60  # answers by open link from one network address in so many seconds: an office full of people may all answer
LARGEST_FORM = 2_000  # fields that are looked at

reading_or_writing = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # the address is the secret: who does not know it cannot forge this form, and who refuses cookies can answer
@for_members
@reading_or_writing
def personal(request: MemberVisit, token: str) -> HttpResponse:
    """A member's own link, on whatever platform and in whatever browser it is opened."""
    invitation = invited(request.community, token)
    return _page(request, _Visitor(invitation.survey, invitation=invitation))


@for_members
@reading_or_writing
def by_open_link(request: MemberVisit, code: str) -> HttpResponse:
    """The link for everybody; one answer a browser."""
    survey = open_survey(request.community, code)
    browser = _browser(request, survey)
    if request.method == "POST":
        _slow_down(request, survey)
    response = _page(request, _Visitor(survey, browser=browser))
    cookie = signing.dumps(browser, salt=_salt(survey))
    response.set_cookie(_cookie(survey), cookie, max_age=COOKIE_AGE, path="/p/", httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@for_members
@reading_or_writing
def preview(request: MemberVisit, token: str) -> HttpResponse:
    """The draft as members would see it. Nothing is kept."""
    survey = previewed(request.community, token)
    return _page(request, _Visitor(survey, is_preview=True))


@dataclass(frozen=True)
class _Visitor:
    """Who answers which survey."""

    survey: Survey
    invitation: Invitation | None = None
    browser: str = ""
    is_preview: bool = False

    def response(self) -> Response | None:
        """What they answered before, as far as that can be known."""
        if self.survey.is_anonymous or self.is_preview:
            return None
        rows = Response.objects.filter(survey=self.survey).select_related("version")
        if self.invitation:
            return rows.filter(member=self.invitation.member_id).first()
        return rows.filter(browser=one_way(self.survey, f"b{self.browser}")).first()

    def has_spent(self) -> bool:
        """Whether an anonymous link or browser was used."""
        what = f"i{self.invitation.pk}" if self.invitation else f"b{self.browser}"
        return self.survey.is_anonymous and not self.is_preview and was_spent(self.survey, what)


def _page(request: MemberVisit, who: _Visitor) -> HttpResponse:
    survey = who.survey
    if request.method == "POST":
        return _answered(request, who)
    before = who.response()
    is_counted = before is not None and before.answered_at is not None
    if who.has_spent() or (is_counted and not survey.may_edit):
        return _over(request, survey, AlreadyAnswered())
    if not who.is_preview:
        try:
            check_open(survey, is_new=not is_counted)
        except NotOpen as shut:
            return _over(request, survey, shut, is_counted=is_counted)
        if is_counted and "change" not in request.GET:
            return _thanks(request, who, is_first=False)
    asked, number = _asked(survey, who.is_preview)
    return _form(request, who, asked, number, before.answers if before else {}, {}, is_resumed=before is not None and not is_counted)


def _answered(request: MemberVisit, who: _Visitor) -> HttpResponse:
    survey = who.survey
    sent = {name: request.POST.getlist(name) for name in list(request.POST)[:LARGEST_FORM]}
    number = int(said) if (said := request.POST.get("version", "")).isascii() and said.isdigit() and len(said) < 6 else None
    is_final = "later" not in request.POST
    asked, shown = _asked(survey, who.is_preview, number)
    if is_final and (unseen := _unseen(asked, sent)):
        return _form(request, who, asked, shown, read(asked, sent)[0], {}, sent=sent, more=len(unseen))
    if who.is_preview:
        answers, faults = read(asked, sent)
        outcome = Outcome(answers, faults, is_done=not faults)
    else:
        try:
            outcome = answer(survey, sent, version=number, invitation=who.invitation, browser=who.browser, is_final=is_final)
        except (NotOpen, AlreadyAnswered) as shut:
            return _over(request, survey, shut)
    if outcome.is_done:
        return _thanks(request, who, is_first=True)
    if not is_final:
        return _form(request, who, asked, shown, outcome.answers, {}, is_kept=True)
    return _form(request, who, asked, shown, outcome.answers, dict(outcome.faults), sent=sent, status=422)


def _unseen(asked: Design, sent: dict[str, list[str]]) -> set[str]:
    """Questions that what was answered brought up after the page was drawn: without JavaScript nobody has seen them yet."""
    if "shown" not in sent:
        return set()
    answers, _faults = read(asked, sent)
    seen = set(sent["shown"][0].split(","))
    return {q.code for q in path(asked, answers) if q.kind != Kind.SECTION and q.code not in answers} - seen


def _asked(survey: Survey, is_preview: bool, number: int | None = None) -> tuple[Design, int]:
    if is_preview:
        return design_of(survey.draft), 0
    version: Version | None = (survey.versions.filter(number=number).first() if number else None) or current(survey)
    if version is None:
        raise NotYet()
    return design_of(version.design), version.number


# -- what the template shows -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Option:
    code: str
    title: str
    is_chosen: bool
    is_full: bool = False
    is_other: bool = False


@dataclass(frozen=True)
class _Item:
    """A question as the page shows it."""

    question: Question
    number: int
    error: str
    is_shown: bool
    value: str = ""
    other: str = ""
    options: Sequence[_Option] = ()
    rows: Sequence[tuple[str, str, Sequence[_Option]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"q-{self.question.code}"

    @property
    def kind(self) -> str:
        return self.question.kind.value


def _form(
    request: MemberVisit,
    who: _Visitor,
    asked: Design,
    number: int,
    answers: Answers,
    faults: dict[str, str],
    *,
    sent: dict[str, list[str]] | None = None,
    more: int = 0,
    is_kept: bool = False,
    is_resumed: bool = False,
    status: int = 200,
) -> HttpResponse:
    survey = who.survey
    shown = {question.code for question in path(asked, answers)}
    filled = sent if sent is not None else form_of(answers)
    full = full_choices(survey, asked) if not who.is_preview else {}
    items: list[_Item] = []
    at = 0
    for question in asked.questions:
        at += question.kind != Kind.SECTION
        items.append(_item(question, at, filled, faults.get(question.code, ""), question.code in shown, full.get(question.code, set())))
    context = {
        "survey": survey,
        "title": survey.title,
        "design": asked,
        "version": number,
        "items": items,
        "flow": _flow(asked),
        "faults": len(faults),
        "more": more,
        "shown": ",".join(question.code for question in asked.questions if question.code in shown),
        "is_preview": who.is_preview,
        "is_kept": is_kept,
        "is_resumed": is_resumed,
        "may_go_on_later": not survey.is_anonymous and not who.is_preview and len(items) > 4,
        "is_personal": who.invitation is not None,
    }
    return render(request, "surveys/portal/answer.html", context, status=status)


def _item(question: Question, at: int, filled: dict[str, list[str]], fault: str, is_shown: bool, full: set[str]) -> _Item:
    name = f"q-{question.code}"
    said = filled.get(name, [])

    def options(chosen: Sequence[str]) -> list[_Option]:
        return [
            _Option(
                choice.code,
                _(choice.title) if choice.code == OTHER else choice.title,
                choice.code in chosen,
                choice.code in full and choice.code not in chosen,
                choice.code == OTHER,
            )
            for choice in question.options
        ]

    more: dict[str, Any] = {}
    if question.kind == Kind.MATRIX:
        more["rows"] = [(f"{name}-{row.code}", row.title, options(filled.get(f"{name}-{row.code}", []))) for row in question.rows]
    elif question.kind in (Kind.SCALE, Kind.NPS):
        more["options"] = [_Option(str(step), str(step), str(step) in said) for step in question.range]
    else:
        more["options"] = options(said)
    other = (filled.get(f"{name}-other") or [""])[0]
    return _Item(question, at, _(fault) if fault else "", is_shown, (said or [""])[0], other, **more)


def _flow(asked: Design) -> list[dict[str, Any]]:
    """What the browser needs to show and hide questions as `rules.flow.path` does."""
    kept = ("code", "show_if", "jumps")
    return [
        {name: value for name, value in msgspec.to_builtins(question).items() if name in kept} | {"kind": question.kind.value}
        for question in asked.questions
    ]


def _thanks(request: MemberVisit, who: _Visitor, *, is_first: bool) -> HttpResponse:
    survey = who.survey
    asked, _number = _asked(survey, who.is_preview)
    context = {
        "survey": survey,
        "title": _("谢谢您的回答") if is_first else _("您已经回答过了"),
        "thanks": asked.thanks,
        "may_change": survey.may_edit and not survey.is_anonymous and not who.is_preview,
        "is_preview": who.is_preview,
        "again": request.path,
    }
    return render(request, "surveys/portal/thanks.html", context)


def _over(request: MemberVisit, survey: Survey, why: NotOpen | AlreadyAnswered, *, is_counted: bool = False) -> HttpResponse:
    titles = {NotYet: _("还没有开始"), Full: _("名额已满"), AlreadyAnswered: _("您已经回答过了")}
    context = {
        "survey": survey,
        "title": titles.get(type(why), _("问卷已经结束")),
        "sentence": _(why.message),
        "opens_at": survey.opens_at if isinstance(why, NotYet) else None,
        "is_counted": is_counted,
    }
    return render(request, "surveys/portal/shut.html", context, status=200 if isinstance(why, AlreadyAnswered) else 410)


# -- open links --------------------------------------------------------------------------------------------------


def _cookie(survey: Survey) -> str:
    return f"juluo-survey-{survey.pk}"


def _salt(survey: Survey) -> str:
    return f"surveys.browser.{survey.pk}"


def _browser(request: HttpRequest, survey: Survey) -> str:
    """A word by which this browser is known again for this survey, and for nothing else."""
    try:
        return str(signing.loads(request.COOKIES.get(_cookie(survey), ""), salt=_salt(survey)))[:64]
    except signing.BadSignature:
        return secrets.token_urlsafe(24)


def _slow_down(request: HttpRequest, survey: Survey) -> None:
    """Raises `TooOften` when one network address sends more than a room full of people would."""
    address = get_adapter(request).get_client_ip(request)
    window = int(clock.now().timestamp()) // WITHIN
    key = f"survey-rate-{survey.pk}-{one_way(survey, address)[:24]}-{window}"
    cache.add(key, 0, WITHIN * 2)
    try:
        if cache.incr(key) > AT_MOST:
            raise TooOften()
    except ValueError:  # the cache dropped it in between
        cache.set(key, 1, WITHIN * 2)


urlpatterns = [
    url("to/<str:token>/", personal, name="personal"),
    url("preview/<str:token>/", preview, name="preview"),
    url("<slug:code>/", by_open_link, name="open"),
]
