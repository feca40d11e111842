"""Making a survey: from a ready-made one or from nothing, question by question."""

from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit.tables import Column, Table
from juluo.record.profiles.queries import attributes

from ..actions import again, close, configure, design, make, publish, remove
from ..errors import NotChangeable, NotPublishable
from ..forms import OPS, QuestionForm, SettingsForm, told_condition
from ..models import Survey
from ..queries import answered, asked, current, design_of, plain, preview_token, surveys
from ..rules.checking import faults
from ..rules.flow import heading
from ..rules.ready import BY_CODE, READY
from ..types import END, KIND_NAMES, Condition, Design, Kind, Question, State
from .common import preview_path, state_of, survey_of, tabs, top_tabs


@require_GET
@permitted("surveys.view")
def listing(request: Visit) -> HttpResponse:
    slug = request.community.slug
    columns = [
        Column("title", _("问卷"), sort="title", href=lambda one: reverse("surveys:results", args=[slug, one.pk])),
        Column("state", _("状态"), lambda one: state_of(one)[0]),
        Column("answered", _("收到"), kind="number", unit=_("份"), sort="answered"),
        Column("series", _("系列"), minor=True),
        Column("made_at", _("建立"), kind="date", sort="made_at", minor=True),
    ]
    table = Table(columns, surveys(request.community), request.GET, sort="-made_at", exportable=False)
    context = {"table": table, "tabs": top_tabs(request, "list"), "may_design": request.may("surveys.design")}
    return render(request, "surveys/list.html", context)


@permitted("surveys.design")
@require_http_methods(["GET", "POST"])
def new(request: Visit) -> HttpResponse:
    """From a ready-made survey, or empty."""
    if request.method == "GET":
        ready_made = [{"code": one.code, "icon": one.icon, "shown_title": _(one.title), "shown_text": _(one.text)} for one in READY]
        return render(request, "surveys/new.html", {"ready": ready_made})
    ready = BY_CODE.get(request.POST.get("from", ""))
    title = request.POST.get("title", "").strip()[:200] or (_(ready.title) if ready else _("未命名问卷"))
    wanted = ready.design(_) if ready else Design()
    survey = make(request.community, title, wanted, series=ready.series if ready else "", code=ready.code if ready else "")
    return redirect("surveys:design", slug=request.community.slug, number=survey.pk)


@dataclass(frozen=True)
class _Line:
    """A question in the list of the designer."""

    question: Question
    number: int | None
    kind: str
    when: str
    jumps: list[str]
    fault: str

    @property
    def options(self) -> str:
        parts = [f"{c.title}（{_('限')} {c.limit}）" if c.limit else c.title for c in self.question.choices]
        return "、".join([*parts, *([_("其他")] if self.question.has_other else [])])


@require_GET
@permitted("surveys.view")
def page(request: Visit, number: int) -> HttpResponse:
    survey = survey_of(request, number)
    draft = design_of(survey.draft)
    wrong = faults(draft)
    version = current(survey)
    numbers = heading(draft)
    by_question: dict[str, str] = {}
    for fault in wrong:
        by_question.setdefault(fault.question, _(fault.sentence) % fault.facts)
    lines = [
        _Line(
            question,
            numbers.get(question.code),
            _(KIND_NAMES[question.kind]),
            _when(draft, question.show_if) if question.show_if else "",
            [_jump(draft, question, at) for at in range(len(question.jumps))],
            by_question.get(question.code, ""),
        )
        for question in draft.questions
    ]
    context = {
        "survey": survey,
        "tabs": tabs(request, survey, "design"),
        "state": state_of(survey),
        "lines": lines,
        "kinds": [(kind.value, _(name)) for kind, name in KIND_NAMES.items()],
        "fault": by_question.get("") or (next(iter(by_question.values())) if by_question else ""),
        "version": version,
        "is_changed": version is None or version.design != plain(draft),
        "has_answers": answered(survey) > 0,
        "may_design": request.may("surveys.design") and not survey.source,
        "preview": preview_path(survey, preview_token(survey)),
        "draft": draft,
    }
    return render(request, "surveys/design.html", context)


def _when(draft: Design, condition: Condition) -> str:
    numbers = heading(draft)
    about = draft.question(condition.question)
    if about is None:
        return _("条件所指的题不在了")
    op = dict(OPS)[condition.op]
    return _("第 %(number)s 题%(op)s「%(value)s」时显示") % {
        "number": numbers.get(about.code, "?"),
        "op": str(op).split(" / ")[condition.number is not None and " / " in str(op)],
        "value": told_condition(about, condition),
    }


def _jump(draft: Design, question: Question, at: int) -> str:
    jump = question.jumps[at]
    target = draft.question(jump.to)
    numbers = heading(draft)
    where = _("问卷结尾") if jump.to == END else f"{numbers.get(jump.to, '')} {target.title[:30]}".strip() if target else jump.to
    if jump.when is None:
        return _("答完跳到「%(where)s」") % {"where": where}
    about = draft.question(jump.when.question) or question
    return _("答「%(value)s」跳到「%(where)s」") % {"value": told_condition(about, jump.when), "where": where}


# -- questions ---------------------------------------------------------------------------------------------------


@permitted("surveys.design")
@require_http_methods(["GET", "POST"])
def add(request: Visit, number: int, kind: str) -> HttpResponse:
    if kind not in Kind._value2member_map_:
        raise Http404
    survey = _own(request, number)
    return _edit(request, survey, Kind(kind), None)


@permitted("surveys.design")
@require_http_methods(["GET", "POST"])
def change(request: Visit, number: int, code: str) -> HttpResponse:
    survey = _own(request, number)
    known = design_of(survey.draft).question(code)
    if known is None:
        raise Http404
    return _edit(request, survey, known.kind, known)


def _edit(request: Visit, survey: Survey, kind: Kind, known: Question | None) -> HttpResponse:
    draft = design_of(survey.draft)
    bindable = [(one.code, one.name) for one in attributes(request.community)] if not survey.is_anonymous else []
    form = QuestionForm(request.POST or None, kind=kind, design=draft, known=known, attributes=bindable)
    if request.method == "POST" and form.is_valid():
        taken = {one.code for one in draft.questions} | {q.code for v in survey.versions.all() for q in design_of(v.design).questions}
        made = form.question(taken)
        if known is None:
            made = _own_jumps(made)
            design(survey, msgspec.structs.replace(draft, questions=(*draft.questions, made)))
        else:
            design(survey, msgspec.structs.replace(draft, questions=tuple(made if q.code == known.code else q for q in draft.questions)))
        return redirect(reverse("surveys:design", args=[request.community.slug, survey.pk]) + f"#q-{made.code}")
    context = {"survey": survey, "form": form, "kind": _(KIND_NAMES[kind]), "known": known, "has_logic": "show_question" in form.fields}
    return render(request, "surveys/question.html", context, status=422 if form.errors else 200)


def _own_jumps(question: Question) -> Question:
    """Jumps of a question that has just got its code."""
    jumps = tuple(
        msgspec.structs.replace(j, when=msgspec.structs.replace(j.when, question=question.code))
        if j.when and j.when.question == "here"
        else j
        for j in question.jumps
    )
    return msgspec.structs.replace(question, jumps=jumps)


@require_POST
@permitted("surveys.design")
def move(request: Visit, number: int, code: str) -> HttpResponse:
    """One place up or down."""
    survey = _own(request, number)
    questions = list(design_of(survey.draft).questions)
    at = next((place for place, one in enumerate(questions) if one.code == code), None)
    if at is None:
        raise Http404
    to = at - 1 if request.POST.get("to") == "up" else at + 1
    if 0 <= to < len(questions):
        questions[at], questions[to] = questions[to], questions[at]
        design(survey, msgspec.structs.replace(design_of(survey.draft), questions=tuple(questions)))
    return redirect(reverse("surveys:design", args=[request.community.slug, survey.pk]) + f"#q-{code}")


@require_POST
@permitted("surveys.design")
def drop(request: Visit, number: int, code: str) -> HttpResponse:
    survey = _own(request, number)
    draft = design_of(survey.draft)
    design(survey, msgspec.structs.replace(draft, questions=tuple(one for one in draft.questions if one.code != code)))
    return redirect("surveys:design", slug=request.community.slug, number=survey.pk)


# -- the survey as a whole ---------------------------------------------------------------------------------------


@permitted("surveys.design")
@require_http_methods(["GET", "POST"])
def settings(request: Visit, number: int) -> HttpResponse:
    survey = _own(request, number)
    draft = design_of(survey.draft)
    names = ("title", "opens_at", "closes_at", "quota", "has_open_link", "may_edit", "is_anonymous", "series")
    initial = {name: getattr(survey, name) for name in names} | {"intro": draft.intro, "thanks": draft.thanks}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            configure(survey, **{name: said[name] for name in names})
        except NotChangeable as error:
            form.add_error("is_anonymous", _(error.message))
        else:
            design(survey, msgspec.structs.replace(draft, intro=said["intro"], thanks=said["thanks"]))
            messages.success(request, _("已保存"))
            return redirect("surveys:settings", slug=request.community.slug, number=survey.pk)
    context = {
        "survey": survey,
        "form": form,
        "tabs": tabs(request, survey, "settings"),
        "state": state_of(survey),
        "answered": answered(survey),
        "asked": asked(survey),
        "may_remove": request.may("surveys.answers"),
    }
    return render(request, "surveys/settings.html", context, status=422 if form.errors else 200)


@require_POST
@permitted("surveys.design")
def put_out(request: Visit, number: int) -> HttpResponse:
    survey = _own(request, number)
    was_open = survey.state == State.OPEN
    try:
        publish(survey)
    except NotPublishable as error:
        messages.error(request, _(error.message) % error.facts)
        return redirect("surveys:design", slug=request.community.slug, number=survey.pk)
    messages.success(request, _("新的一版已生效") if was_open else _("已发布，可以发给成员了"))
    return redirect("surveys:design" if was_open else "surveys:share", slug=request.community.slug, number=survey.pk)


@require_POST
@permitted("surveys.design")
def end(request: Visit, number: int) -> HttpResponse:
    survey = close(_own(request, number))
    messages.success(request, _("问卷已结束，回答都在"))
    return redirect("surveys:results", slug=request.community.slug, number=survey.pk)


@require_POST
@permitted("surveys.design")
def next_wave(request: Visit, number: int) -> HttpResponse:
    """Another wave of the same."""
    survey = again(survey_of(request, number))
    messages.success(request, _("下一期已建好，题目和上一期一样"))
    return redirect("surveys:design", slug=request.community.slug, number=survey.pk)


@require_POST
@permitted("surveys.answers")
def delete(request: Visit, number: int) -> HttpResponse:
    remove(survey_of(request, number))
    messages.success(request, _("问卷和它的回答已删除"))
    return redirect("surveys:list", slug=request.community.slug)


def _own(request: Visit, number: int) -> Survey:
    """A survey that is held here; what came with an export is not changed."""
    survey = survey_of(request, number)
    if survey.source:
        raise Http404
    return survey
