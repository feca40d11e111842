"""Talks with members as structured notes: a guide, findings by theme and topic, quotes."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock
from juluo.kit.errors import N_
from juluo.kit.excel import Column as Cell
from juluo.kit.excel import Sheet
from juluo.kit.excel import response as workbook
from juluo.kit.tables import Column, Table

from ..actions import drop_interview, save_guide, save_interview
from ..actions import find as add_finding
from ..actions import unfind as drop_finding
from ..forms import FindingForm, GuideForm, InterviewForm
from ..models import Finding, Guide, Interview
from ..queries import interviews, needs_and_pains
from ..types import THEME_NAMES, Theme
from .common import top_tabs

STARTING = (
    N_("您是怎么来到这里的？当时想解决什么？"),
    N_("最近一次觉得「来对了」是什么时候？"),
    N_("最近一次觉得麻烦、失望是什么时候？"),
    N_("如果这里明天关门，您会去哪里？"),
    N_("您会把谁拉进来？为什么？"),
)


@require_GET
@permitted("surveys.answers")
def listing(request: Visit) -> HttpResponse:
    community = request.community
    slug = community.slug
    columns = [
        Column("who", _("受访者"), who, href=lambda one: reverse("surveys:interview", args=[slug, one.pk])),
        Column("held_on", _("日期"), kind="date", sort="held_on"),
        Column("needs", _("需求"), kind="number", unit=_("条"), sort="needs"),
        Column("pains", _("痛点"), kind="number", unit=_("条"), sort="pains"),
        Column("guide", _("提纲"), lambda one: one.guide.title if one.guide else "", minor=True),
        Column("summary", _("小结"), minor=True),
    ]
    table = Table(columns, interviews(community), request.GET, sort="-held_on")
    if table.wants_excel:
        return _exported(request)
    themes = (
        needs_and_pains(community)
        .exclude(topic="")
        .order_by()
        .values("topic")
        .annotate(needs=Count("id", filter=Q(theme=Theme.NEED)), pains=Count("id", filter=Q(theme=Theme.PAIN)), n=Count("id"))
        .order_by("-n", "topic")[:12]
    )
    context = {
        "table": table,
        "tabs": top_tabs(request, "interviews"),
        "themes": themes,
        "guides": Guide.objects.filter(community=community).order_by("title"),
        "may_design": request.may("surveys.design"),
    }
    return render(request, "surveys/interviews.html", context)


def who(interview: Interview) -> str:
    """Whom one talked with."""
    return interview.member.name if interview.member else interview.alias or _("匿名")


def _exported(request: Visit) -> HttpResponse:
    community = request.community
    rows = list(interviews(community))
    note("interviews.exported", subject=community.name, community_id=community.pk, count=len(rows))
    talks = Sheet(
        _("访谈"),
        [Cell(_("日期"), "date"), Cell(_("受访者")), Cell(_("提纲")), Cell(_("小结"))],
        [(one.held_on, who(one), one.guide.title if one.guide else "", one.summary) for one in rows],
    )
    names = {one.pk: who(one) for one in rows}
    found = Finding.objects.filter(interview__community=community).select_related("interview").order_by("-interview__held_on", "id")
    findings = Sheet(
        _("发现"),
        [Cell(_("日期"), "date"), *(Cell(title) for title in (_("受访者"), _("性质"), _("主题"), _("问题"), _("发现"), _("原话")))],
        [
            (one.interview.held_on, names[one.interview_id], _(THEME_NAMES[Theme(one.theme)]), one.topic, one.question, one.text, one.quote)
            for one in found
        ],
    )
    return workbook(f"{community.name}-{_('访谈')}-{clock.today(community.zone)}", [talks, findings], zone=community.zone)


@permitted("surveys.answers")
@require_http_methods(["GET", "POST"])
def new(request: Visit) -> HttpResponse:
    return _edit(request, None)


@permitted("surveys.answers")
@require_http_methods(["GET", "POST"])
def edit(request: Visit, number: int) -> HttpResponse:
    return _edit(request, _interview(request, number))


def _edit(request: Visit, known: Interview | None) -> HttpResponse:
    initial: dict[str, object] = {"held_on": clock.today(request.community.zone)}
    if known:
        initial = {name: getattr(known, name) for name in ("alias", "held_on", "guide", "summary")}
        initial["member"] = f"#{known.member_id}" if known.member_id else ""
    form = InterviewForm(request.POST or None, community=request.community, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = save_interview(request.community, known, **form.cleaned_data, **({} if known else {"by": request.user}))
        return redirect("surveys:interview", slug=request.community.slug, number=kept.pk)
    return render(request, "surveys/interview_edit.html", {"form": form, "known": known}, status=422 if form.errors else 200)


@require_GET
@permitted("surveys.answers")
def one(request: Visit, number: int) -> HttpResponse:
    return _shown(request, _interview(request, number), FindingForm())


def _shown(request: Visit, interview: Interview, form: FindingForm) -> HttpResponse:
    findings = [(one, _(THEME_NAMES[Theme(one.theme)]), _TONES[Theme(one.theme)]) for one in interview.findings.all()]
    topics = Finding.objects.filter(interview__community=request.community).exclude(topic="").order_by("topic")
    context = {
        "interview": interview,
        "who": who(interview),
        "findings": findings,
        "form": form,
        "questions": interview.guide.questions if interview.guide else [],
        "topics": topics.values_list("topic", flat=True).distinct()[:100],
    }
    return render(request, "surveys/interview.html", context, status=422 if form.errors else 200)


_TONES = {Theme.NEED: "info", Theme.PAIN: "bad", Theme.PRAISE: "good", Theme.NOTE: ""}


@require_POST
@permitted("surveys.answers")
def find(request: Visit, number: int) -> HttpResponse:
    interview = _interview(request, number)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _shown(request, interview, form)
    add_finding(interview, **form.cleaned_data)
    return redirect("surveys:interview", slug=request.community.slug, number=interview.pk)


@require_POST
@permitted("surveys.answers")
def unfind(request: Visit, number: int, finding: int) -> HttpResponse:
    interview = _interview(request, number)
    drop_finding(interview, finding)
    return redirect("surveys:interview", slug=request.community.slug, number=interview.pk)


@require_POST
@permitted("surveys.answers")
def drop(request: Visit, number: int) -> HttpResponse:
    drop_interview(_interview(request, number))
    messages.success(request, _("访谈已删除"))
    return redirect("surveys:interviews", slug=request.community.slug)


@permitted("surveys.answers")
@require_http_methods(["GET", "POST"])
def guide(request: Visit, number: int = 0) -> HttpResponse:
    """Make or change a guide."""
    known = get_object_or_404(Guide, community=request.community, pk=number) if number else None
    initial = {"title": known.title, "questions": "\n".join(known.questions)} if known else {"questions": "\n".join(map(_, STARTING))}
    form = GuideForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_guide(request.community, known, **form.cleaned_data)
        messages.success(request, _("提纲已保存"))
        return redirect("surveys:interviews", slug=request.community.slug)
    return render(request, "surveys/guide.html", {"form": form, "known": known}, status=422 if form.errors else 200)


def _interview(request: Visit, number: int) -> Interview:
    rows = Interview.objects.filter(community=request.community).select_related("member", "guide", "by")
    return get_object_or_404(rows, pk=number)
