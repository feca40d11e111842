"""Making evaluations, correcting drafts, settling them, and making acts into tasks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.queries import team
from juluo.kit import htmx
from juluo.kit.errors import NotThere
from juluo.record.lake.queries import size

from .. import telling
from ..actions import begin, count, drop, give, remark, settle, take_back, take_on, unremark
from ..forms import ActForm, PointsForm, RemarkForm
from ..jobs import count_later
from ..queries import acts, evaluation, judgement
from ..rules.indicators import BY_CODE
from .showing import back, side_context

AT_ONCE = 200_000  # events up to which an evaluation is counted while the operator waits


@require_POST
@permitted("maturity.evaluate")
def new(request: Visit) -> HttpResponse:
    """Evaluate a period: at once, or in the background where the history is long."""
    made = begin(request.community, request.POST.get("period", ""), by=request.user)
    if size(request.community.pk)[0] <= AT_ONCE:
        count(made)
        messages.success(request, gettext("评好了，先存为草稿：看一遍、改一改，再定稿。"))
    else:
        count_later.enqueue(made.pk)
    return htmx.go(request, reverse("maturity:show", args=[request.community.slug, made.pk]))


@require_POST
@permitted("maturity.evaluate")
def settled(request: Visit, number: int) -> HttpResponse:
    found = settle(evaluation(request.community, number), by=request.user)
    messages.success(request, gettext("已定稿。以后数据重算，这一份也不会变。"))
    return back(request, found)


@require_POST
@permitted("maturity.tune")
def dropped(request: Visit, number: int) -> HttpResponse:
    drop(evaluation(request.community, number))
    messages.success(request, gettext("已删除这份草稿。"))
    return redirect("maturity:overview", request.community.slug)


@require_POST
@permitted("maturity.tune")
def given(request: Visit, number: int, indicator: str) -> HttpResponse:
    """Other points for an indicator, or (`forget`) the counted ones again."""
    found = evaluation(request.community, number)
    if indicator not in BY_CODE:
        raise NotThere()
    if "forget" in request.POST:
        take_back(found, indicator)
    else:
        form = PointsForm(request.POST)
        if not form.is_valid():
            return render(request, "maturity/indicator.html", side_context(request, found, indicator, form), status=422)
        give(found, indicator, form.cleaned_data["points"], reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, gettext("已更新，总分按新的得分重算了。"))
    return htmx.go(request, reverse("maturity:show", args=[request.community.slug, found.pk]))


@require_POST
@permitted("maturity.evaluate")
def remarked(request: Visit, number: int) -> HttpResponse:
    found = evaluation(request.community, number)
    form = RemarkForm(request.POST)
    if form.is_valid():
        remark(found, form.cleaned_data["text"], indicator=request.POST.get("indicator", ""), by=request.user)
    else:
        messages.warning(request, gettext("写一句再保存。"))
    return back(request, found)


@require_POST
@permitted("maturity.evaluate")
def unremarked(request: Visit, number: int, which: int) -> HttpResponse:
    found = evaluation(request.community, number)
    unremark(found, which)
    return back(request, found)


@require_POST
@permitted("tasks.act")
def taken_on(request: Visit, number: int, code: str) -> HttpResponse:
    """An act of the plan becomes a task."""
    found = evaluation(request.community, number)
    told = judgement(found)
    plan = acts(told)
    at = next((at for at, one in enumerate(plan, 1) if one.evidence.code == code), None)
    if at is None:
        raise NotThere()
    one = plan[at - 1]
    form = ActForm(request.POST, team=list(team(request.community)), prefix=f"act{at}")
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return back(request, found)
    fact = telling.fact(found, one.figure)
    why = gettext("来自 %(name)s 的评价：「%(figure)s」%(value)s，得 %(points)s 分。") % {
        "name": telling.name(found),
        "figure": fact.title,
        "value": fact.value,
        "points": "–" if fact.points is None else f"{fact.points:.0f}",
    }
    take_on(
        found,
        code,
        title=gettext(one.evidence.act.title),
        text=f"{gettext(one.evidence.act.how)}\n\n{why}",
        owner=form.cleaned_data["owner"],
        due_on=form.cleaned_data["due_on"],
        url=reverse("maturity:show", args=[request.community.slug, found.pk]),
        by=request.user,
    )
    messages.success(request, gettext("已变成任务，在「任务」里跟进。"))
    return back(request, found)
