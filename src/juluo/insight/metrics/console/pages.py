"""The dashboards: a shell that is there at once, and the parts that follow it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock, htmx
from juluo.kit.errors import NotAllowed, NotThere

from ..charts import PAGES, Asked, Page, Part
from ..charts.address import channels, read
from ..charts.keeping import places, pulse, shown
from ..charts.workbook import workbook

EXPORT = "members.export"


@require_GET
@permitted("metrics.view")
def overview(request: Visit) -> HttpResponse:
    return _shell(request, PAGES["overview"])


@require_GET
@permitted("metrics.view")
def dashboard(request: Visit, page: str) -> HttpResponse:
    if page == "overview":
        return redirect(f"{page_url(request, page)}?{request.GET.urlencode()}")
    return _shell(request, _page(page))


@require_GET
@permitted("metrics.view")
def part(request: Visit, page: str, part: str) -> HttpResponse:
    """One part of a page for htmx, or its table as an Excel file; whoever comes any other way is shown the page."""
    whole = _page(page)
    found = whole.part(part)
    if found is None:
        raise NotThere()
    asked = read(request.community, request.GET, whole.default, may=request.may)
    if any(name == "export" or name.endswith("-export") for name in request.GET):
        return _file(request, asked, found)
    if not request.htmx:
        return redirect(f"{page_url(request, page)}?{request.GET.urlencode()}")
    kept, is_fresh = shown(asked, whole, found, request.GET, request.path)
    mark = kept.mark(is_fresh) if kept else ""
    if kept and request.GET.get("shown") == mark:
        return HttpResponse(status=204)
    context = {"kept": kept, "is_fresh": is_fresh, "mark": mark, "part": found, "again": request.get_full_path()}
    response = render(request, "metrics/_part.html", context)
    response.headers["HX-Push-Url"] = "false"  # sorting a list in a part is no place to come back to
    return response


@require_GET
@permitted("metrics.view")
def live(request: Visit) -> HttpResponse:
    """Whether there may be anything new since the page was drawn (`seen`); when there is, the parts hear of it."""
    now = pulse(request.community)
    if request.GET.get("seen") == now:
        return HttpResponse(status=204)
    return htmx.trigger(render(request, "metrics/_live.html", {"seen": now}), "juluo:history")


def _file(request: Visit, asked: Asked, found: Part) -> HttpResponse:
    """The table of a part as an Excel file."""
    drawn = found.draw(asked, request.GET)
    table = drawn.get("table")
    if table is None or not table.wants_excel:
        raise NotAllowed()
    title = drawn["title"]
    note("metrics.exported", subject=title, community_id=request.community.pk, count=table.total)
    return table.excel(_filename(request, title), title=title, zone=request.community.zone, note=asked.words)


def page_url(request: HttpRequest, page: str) -> str:
    slug = request.community.slug  # type: ignore[attr-defined]
    return reverse("metrics:overview", args=[slug]) if page == "overview" else reverse("metrics:page", args=[slug, page])


def _shell(request: Visit, page: Page) -> HttpResponse:
    asked = read(request.community, request.GET, page.default, may=request.may)
    title = gettext(page.title)
    if request.GET.get("export") == "xlsx":
        if not request.may(EXPORT):
            raise NotAllowed()
        note("metrics.exported", subject=title, community_id=request.community.pk, count=len(page.figures))
        return workbook(asked, page, _filename(request, title))
    urls = [reverse("metrics:part", args=[request.community.slug, page.code, one.code]) for one in page.parts]
    context = {
        "page": page,
        "title": title,
        "lead": gettext(page.lead),
        "asked": asked,
        "places": places(asked, page, request.GET, urls) if asked.history else [],
        "channels": channels(asked),
        "seen": pulse(request.community),
        "may_export": request.may(EXPORT),
    }
    return render(request, "metrics/page.html", context)


def _page(code: str) -> Page:
    if code not in PAGES:
        raise NotThere()
    return PAGES[code]


def _filename(request: Visit, title: str) -> str:
    return f"{request.community.name}-{title}-{clock.today(request.community.zone)}"
