"""任务: what there is to do, who does it, and the time it took."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.queries import team
from juluo.kit import clock
from juluo.kit.parts import Tab
from juluo.kit.tables import Column, Table
from juluo.record.people.models import Member

from .actions import assign, change, close, reopen, spend, unspend
from .forms import TaskForm, TimeForm
from .models import Effort, Task
from .queries import tasks
from .types import STATE_NAMES, State

VIEWS = ("mine", "open", "done", "dropped")


@require_GET
@permitted("tasks.view")
def list_tasks(request: Visit) -> HttpResponse:
    shown = request.GET.get("show", "open")
    shown = shown if shown in VIEWS else "open"
    community = request.community
    state = State.OPEN if shown in ("mine", "open") else State(shown)
    rows = tasks(community, state=state, owner=request.user if shown == "mine" else None)
    table = Table(_columns(community.slug), rows, request.GET)
    if table.wants_excel:
        return table.excel(f"{community.name}-{_('任务')}-{clock.today(community.zone)}", title=_("任务"), zone=community.zone)
    titles = {"mine": pgettext("任务", "我的"), "open": _("全部待办"), "done": _("已完成"), "dropped": _("不做了")}
    views = [Tab(titles[view], f"?show={view}", view == shown) for view in VIEWS]
    may_act = request.may("tasks.act")
    form = TaskForm(team=list(team(community)), initial={"owner": request.user.pk}) if may_act else None
    context = {"table": table, "views": views, "shown": shown, "form": form, "may_act": may_act}
    return render(request, "tasks/list.html", context)


@require_POST
@permitted("tasks.act")
def add(request: Visit) -> HttpResponse:
    form = TaskForm(request.POST, team=list(team(request.community)))
    if not form.is_valid():
        return render(request, "tasks/new.html", {"form": form, "about": _about(request)}, status=422)
    said = form.cleaned_data
    member = _about(request)
    task = assign(
        request.community,
        title=said["title"],
        text=said["note"],
        owner=said["owner"],
        due_on=said["due_on"],
        member=member,
        by=request.user,
    )
    messages.success(request, _("任务「%(title)s」记下了。") % {"title": task.title})
    if member is not None:
        return redirect("people:profile", request.community.slug, member.pk)
    return redirect("tasks:list", request.community.slug)


@require_GET
@permitted("tasks.act")
def new(request: Visit) -> HttpResponse:
    form = TaskForm(team=list(team(request.community)), initial={"owner": request.user.pk})
    return render(request, "tasks/new.html", {"form": form, "about": _about(request)})


@require_GET
@permitted("tasks.view")
def detail(request: Visit, number: int) -> HttpResponse:
    return _page(request, _task(request, number))


@require_POST
@permitted("tasks.act")
def save(request: Visit, number: int) -> HttpResponse:
    task = _task(request, number)
    form = TaskForm(request.POST, team=list(team(request.community)))
    if not form.is_valid():
        return _page(request, task, form=form, status=422)
    said = form.cleaned_data
    change(task, title=said["title"], text=said["note"], owner=said["owner"], due_on=said["due_on"])
    messages.success(request, _("改好了。"))
    return redirect("tasks:detail", request.community.slug, task.pk)


@require_POST
@permitted("tasks.act")
def decide(request: Visit, number: int, verb: str) -> HttpResponse:
    """Finish, drop or reopen."""
    task = _task(request, number)
    match verb:
        case "done" | "dropped":
            close(task, state=State(verb), by=request.user)
        case "reopen":
            reopen(task)
        case _:
            raise Http404
    return redirect("tasks:detail", request.community.slug, task.pk)


@require_POST
@permitted("tasks.act")
def log_time(request: Visit, number: int) -> HttpResponse:
    task = _task(request, number)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _page(request, task, time=form, status=422)
    said = form.cleaned_data
    spend(request.community, said["minutes"], on=said["on"], key=said["key"], task=task, what=task.title, by=request.user)
    messages.success(request, _("记下了 %(n)s 分钟。") % {"n": said["minutes"]})
    return redirect("tasks:detail", request.community.slug, task.pk)


@require_POST
@permitted("tasks.act")
def take_back(request: Visit, number: int) -> HttpResponse:
    entry = get_object_or_404(Effort, community=request.community, pk=number)
    where = entry.task_id
    unspend(entry)
    return redirect("tasks:detail", request.community.slug, where) if where else redirect("tasks:list", request.community.slug)


def panel(request: Visit, member: Member) -> str:
    """The member's open tasks, for their page."""
    found = list(tasks(request.community).filter(member=member)[:6])
    may_act = request.may("tasks.act")
    if not found and not may_act:
        return ""
    return render_to_string("tasks/panel.html", {"tasks": found, "member": member, "may_act": may_act}, request=request)


def _page(request: Visit, task: Task, *, form: TaskForm | None = None, time: TimeForm | None = None, status: int = 200) -> HttpResponse:
    today = clock.today(request.community.zone)
    may_act = request.may("tasks.act")
    if may_act and form is None:
        now = {"title": task.title, "note": task.note, "owner": task.owner_id, "due_on": task.due_on}
        form = TaskForm(team=list(team(request.community)), initial=now)
    if may_act and time is None:
        time = TimeForm(initial={"on": today, "key": uuid4().hex})
    efforts = list(task.efforts.select_related("by").order_by("-on", "-id"))
    context = {
        "task": task,
        "form": form,
        "time": time,
        "efforts": efforts,
        "minutes": sum(effort.minutes for effort in efforts),
        "state_name": _(STATE_NAMES[State(task.state)]),
        "is_late": bool(task.is_open and task.due_on and task.due_on < today),
        "may_act": may_act,
    }
    return render(request, "tasks/detail.html", context, status=status)


def _task(request: Visit, number: int) -> Task:
    return get_object_or_404(Task.objects.select_related("owner", "member", "closed_by"), community=request.community, pk=number)


def _about(request: Visit) -> Member | None:
    """The member a new task is for, where the address or the form names one."""
    asked = request.POST.get("member") or request.GET.get("member") or ""
    return Member.objects.filter(community=request.community, pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None


def _columns(slug: str) -> list[Column]:
    def link(task: Any) -> str:
        return reverse("tasks:detail", args=[slug, task.pk])

    return [
        Column("title", _("任务"), sort="title", href=link),
        Column("member", _("关于谁"), lambda task: task.member and task.member.name, minor=True),
        Column("owner", _("负责人"), lambda task: task.owner and task.owner.called),
        Column("due_on", _("截止"), kind="date", sort="due_on"),
        Column("minutes", _("用时"), kind="number", unit=_("分钟"), sort="minutes", minor=True),
        Column("state", _("状态"), lambda task: _(STATE_NAMES[State(task.state)]), only="excel"),
        Column("note", _("说明"), only="excel"),
    ]


urlpatterns = [
    path("tasks/", list_tasks, name="list"),
    path("tasks/new/", new, name="new"),
    path("tasks/add/", add, name="add"),
    path("tasks/<int:number>/", detail, name="detail"),
    path("tasks/<int:number>/save/", save, name="save"),
    path("tasks/<int:number>/time/", log_time, name="time"),
    path("tasks/<int:number>/<slug:verb>/", decide, name="decide"),
    path("tasks/time/<int:number>/take-back/", take_back, name="take-back"),
]
