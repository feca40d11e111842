"""数据源: bringing files in, watching them come in, and what came of it."""

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock, parts
from juluo.kit.errors import N_, JuluoError
from juluo.kit.tables import Column, Table
from juluo.record.connectors.errors import NOTICE, REASONS
from juluo.record.connectors.registry import readers
from juluo.record.events.types import KIND_NAMES, Kind

from .actions import answer, append, begin_upload, cancel, look
from .forms import QuestionsForm
from .jobs import queue
from .models import Import
from .queries import preview
from .staging import PROFILES
from .types import State

CHUNK = 4 * 2**20
_OTHERS = {NOTICE: REASONS[NOTICE], PROFILES: N_("成员资料")}
MOVING = (State.QUEUED, State.READING, State.MERGING)


@require_GET
@permitted("imports.view")
def list_imports(request: Visit) -> HttpResponse:
    community = request.community
    imports = Import.objects.filter(community=community).select_related("created_by")
    running = [(one, progress_of(one)) for one in imports.filter(state__in=MOVING)]
    asking = imports.filter(state=State.ASKING)
    broken_off = imports.filter(state=State.UPLOADING)
    over = imports.filter(state__in=(State.DONE, State.FAILED, State.CANCELLED))
    context = {
        "running": running,
        "asking": asking,
        "broken_off": broken_off,
        "table": Table(_columns(community.slug), over, request.GET, sort="-created_at", exportable=False),
        "may_run": request.may("imports.run"),
        "chunk": CHUNK,
        "formats": [reader.title for reader in readers],
    }
    return render(request, "imports/list.html", context)


@require_GET
@permitted("imports.view")
def detail(request: Visit, number: int) -> HttpResponse:
    imported = _found(request, number)
    if imported.state == State.ASKING:
        return redirect("imports:questions", request.community.slug, imported.pk)
    rejected = Table(_rejected_columns(), imported.rejected_rows.order_by("id"), request.GET, name="rejected", per_page=30)
    if rejected.wants_excel:
        return rejected.excel(f"{imported.name}-{gettext('未识别的行')}", zone=request.community.zone)
    context = {
        "imported": imported,
        "progress": progress_of(imported),
        "is_moving": imported.state in MOVING,
        "reader": readers[imported.reader].title if imported.reader in readers else "",
        "error": _sentence(imported),
        "counts": [
            (gettext(_OTHERS[kind] if kind in _OTHERS else KIND_NAMES[Kind(kind)]), n)
            for kind, n in sorted(imported.counts.items(), key=lambda pair: -pair[1])
        ],
        "rejected": rejected,
        "may_run": request.may("imports.run"),
    }
    return render(request, "imports/detail.html", context)


@require_GET
@permitted("imports.view")
def progress(request: Visit, number: int) -> HttpResponse:
    """The progress bar alone; once there is nothing more to wait for, the page is loaded anew."""
    imported = _found(request, number)
    response = render(request, "imports/progress.html", {"progress": progress_of(imported)})
    if imported.state not in MOVING:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@permitted("imports.run")
def begin(request: Visit) -> HttpResponse:
    """Announce a file: {"name", "size"} → where to send its pieces. Meeting an unfinished upload of the same file continues it."""
    community = request.community
    try:
        given = json.loads(request.body)
        name, size = str(given["name"]), int(given["size"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"title": gettext("上传请求的内容不完整，请刷新页面后重试。")}, status=400)
    known = Import.objects.filter(community=community, state=State.UPLOADING, name=name, size=size, created_by=request.user).first()
    try:
        imported = known or begin_upload(community, name, size, by=request.user)
    except JuluoError as refused:
        return _refused(refused)
    return JsonResponse({"offset": imported.received, "url": reverse("imports:piece", args=[community.slug, imported.pk])})


@require_POST
@permitted("imports.run")
def piece(request: Visit, number: int) -> HttpResponse:
    """Take a piece of an upload at `Upload-Offset`; after the last one, look at the file and go on."""
    imported = _found(request, number)
    try:
        offset = append(imported, int(request.headers.get("Upload-Offset") or 0), request.body)
        if offset < imported.size:
            return JsonResponse({"offset": offset})
        look(imported)
    except ValueError:
        return JsonResponse({"title": gettext("上传请求的内容不完整，请刷新页面后重试。")}, status=400)
    except JuluoError as refused:
        return _refused(refused, next=reverse("imports:detail", args=[imported.community.slug, imported.pk]))
    if imported.state == State.QUEUED:
        queue(imported)
        there = "imports:detail"
    else:
        there = "imports:questions"
    return JsonResponse({"offset": offset, "next": reverse(there, args=[imported.community.slug, imported.pk])})


@permitted("imports.run")
def questions(request: Visit, number: int) -> HttpResponse:
    """What the reader must know before it can begin."""
    imported = _found(request, number)
    if imported.state != State.ASKING:
        return redirect("imports:detail", request.community.slug, imported.pk)
    form = QuestionsForm(request.POST or None, imported=imported)
    if request.method == "POST" and form.is_valid():
        answer(imported, form.answers())
        queue(imported)
        return redirect("imports:detail", request.community.slug, imported.pk)
    return render(request, "imports/questions.html", {"imported": imported, "form": form, "reader": readers[imported.reader].title})


@require_POST
@permitted("imports.run")
def try_out(request: Visit, number: int) -> HttpResponse:
    """The first rows as they would come in with the answers in the form."""
    imported = _found(request, number)
    form = QuestionsForm(request.POST, imported=imported)
    glimpse, problem = None, ""
    if form.is_valid():
        try:
            glimpse = preview(imported, form.answers())
        except JuluoError as refused:
            problem = _words(refused)
    return render(request, "imports/preview.html", {"glimpse": glimpse, "problem": problem, "reasons": REASONS})


@require_POST
@permitted("imports.run")
def stop(request: Visit, number: int) -> HttpResponse:
    cancel(_found(request, number))
    return redirect("imports:list", request.community.slug)


def progress_of(imported: Import) -> parts.Progress:
    """How far an import is, in rows and bytes, with rate and time left."""
    seconds = (clock.now() - imported.started_at).total_seconds() if imported.started_at else 0
    total = imported.bytes_total or (imported.size if imported.bytes_done <= imported.size else None)
    states: dict[str, Any] = {State.QUEUED: "waiting", State.DONE: "done", State.FAILED: "failed", State.CANCELLED: "failed"}
    labels = {
        State.QUEUED: gettext("排队等待"),
        State.READING: gettext("正在读取"),
        State.MERGING: gettext("正在合并入库"),
        State.DONE: gettext("导入完成"),
        State.FAILED: gettext("导入没有完成"),
        State.CANCELLED: gettext("已取消"),
    }
    mega = 1e6
    return parts.Progress(
        label=labels.get(State(imported.state), gettext("正在上传")),
        done=(imported.received if imported.state == State.UPLOADING else imported.bytes_done) / mega,
        total=total / mega if total else None,
        unit="MB",
        rate=imported.bytes_done / mega / seconds if seconds > 1 else None,
        state=states.get(imported.state, "running"),
        note=gettext("已读 %(rows)s 条") % {"rows": f"{imported.rows:,}"} if imported.rows else "",
        poll=reverse("imports:progress", args=[imported.community.slug, imported.pk]),
        id=f"import-{imported.pk}",
    )


def _found(request: Visit, number: int) -> Import:
    return get_object_or_404(Import.objects.select_related("community"), community=request.community, pk=number)


def _sentence(imported: Import) -> str:
    if not imported.error:
        return ""
    facts = {name: gettext(value) if value else value for name, value in imported.error.get("facts", {}).items()}
    sentence = gettext(imported.error["message"])
    return sentence % facts if facts else sentence


def _words(error: JuluoError) -> str:
    facts = {name: gettext(value) if isinstance(value, str) and value else value for name, value in error.facts.items()}
    sentence = gettext(error.message)
    return sentence % facts if facts else sentence


def _refused(error: JuluoError, **more: Any) -> JsonResponse:
    return JsonResponse({"title": _words(error), "code": error.code, **error.facts, **more}, status=error.status)


def _columns(slug: str) -> list[Column]:
    return [
        Column("name", gettext("文件"), href=lambda i: reverse("imports:detail", args=[slug, i.pk]), template="imports/_name.html"),
        Column("state", gettext("结果"), template="imports/_state.html"),
        Column("added", gettext("新增"), kind="number", unit=gettext("条")),
        Column("replaced", gettext("更新"), kind="number", unit=gettext("条"), minor=True),
        Column("known", gettext("已有"), kind="number", unit=gettext("条"), minor=True),
        Column("rejected", gettext("未识别"), kind="number", unit=gettext("行")),
        Column("created_at", gettext("时间"), kind="moment", sort="created_at"),
    ]


def _rejected_columns() -> list[Column]:
    return [
        Column("file", gettext("文件")),
        Column("line", gettext("行"), kind="number"),
        Column("reason", gettext("原因"), lambda row: gettext(REASONS.get(row.reason, row.reason))),
        Column("excerpt", gettext("内容"), minor=True),
    ]


urlpatterns = [
    path("sources/", list_imports, name="list"),
    path("sources/begin/", begin, name="begin"),
    path("sources/<int:number>/", detail, name="detail"),
    path("sources/<int:number>/piece/", piece, name="piece"),
    path("sources/<int:number>/progress/", progress, name="progress"),
    path("sources/<int:number>/questions/", questions, name="questions"),
    path("sources/<int:number>/preview/", try_out, name="preview"),
    path("sources/<int:number>/stop/", stop, name="stop"),
]
