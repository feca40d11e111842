"""The positioning canvas: one page, its versions, and what changed between them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from .. import actions, queries
from ..doors import Visit, permitted
from ..forms import Positioning
from ..models import Canvas
from ..rules import Piece, changed, pieces
from ..types import CANVAS


@dataclass(frozen=True)
class Box:
    code: str
    title: str
    question: str
    icon: str
    text: str


@permitted("community.view")
@require_GET
def canvas(request: Visit) -> HttpResponse:
    latest = queries.positioning(request.community)
    context = {"canvas": latest, "boxes": _boxes(latest), "may_edit": request.may("positioning.edit")}
    return render(request, "communities/positioning.html", context)


@permitted("positioning.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Visit) -> HttpResponse:
    community = request.community
    latest = queries.positioning(community)
    form = Positioning(request.POST or None, initial=latest.answers if latest else {})
    if request.method == "POST" and form.is_valid():
        actions.position(community, form.cleaned_data, by=request.user)
        messages.success(request, _("定位已保存"))
        return redirect("communities:positioning", slug=community.slug)
    return render(request, "communities/positioning_edit.html", {"form": form, "canvas": latest}, status=422 if form.errors else 200)


@permitted("community.view")
@require_GET
def history(request: Visit) -> HttpResponse:
    """Every version, newest first, each with what it changed."""
    versions = list(Canvas.objects.filter(community=request.community).select_related("saved_by")[:100])
    earlier = [*versions[1:], None][: len(versions)]
    steps = [(version, _changes(before, version)) for version, before in zip(versions, earlier, strict=True)]
    return render(request, "communities/positioning_history.html", {"steps": steps})


def _changes(before: Canvas | None, after: Canvas) -> list[tuple[str, list[Piece]]]:
    if before is None:  # nothing came before, so nothing is marked as new
        return [(_(field.title), [Piece("same", after.answers[field.code])]) for field in CANVAS if after.answers[field.code]]
    old = before.answers
    titles = {field.code: _(field.title) for field in CANVAS}
    return [(titles[code], pieces(old.get(code, ""), after.answers[code])) for code in changed(old, after.answers)]


def _boxes(latest: Canvas | None) -> list[Box]:
    answers = latest.answers if latest else {}
    return [Box(field.code, _(field.title), _(field.question), field.icon, answers.get(field.code, "")) for field in CANVAS]
