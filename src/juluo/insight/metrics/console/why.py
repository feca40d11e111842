"""为什么是这个数: what stands behind a figure, in the drawer or on a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock, htmx
from juluo.kit.tables import Table

from ..actions import forget_good_range, set_good_range
from ..charts.address import read
from ..charts.asked import Asked
from ..charts.drawing import card, course_of, unit_of
from ..charts.listing import Rows, columns
from ..errors import UnknownFigure
from ..forms import RangeForm
from ..queries import why
from ..queries.rows import has_rows
from ..registry import metrics
from ..types import Figure, Metric, Unit, Verdict

FIRST_ROWS = 8
VERDICTS = {Verdict.LOW: "warn", Verdict.HIGH: "warn", Verdict.GOOD: "good"}


@require_GET
@permitted("metrics.view")
def sheet(request: Visit, code: str) -> HttpResponse:
    """What the figure is and means: at once. What is behind it follows (`details`)."""
    return _sheet(request, code)


@require_GET
@permitted("metrics.view")
def details(request: Visit, code: str) -> HttpResponse:
    """What was left out, the course, the other definitions, and the first rows."""
    _metric(code)
    asked = _asked(request)
    found = why(asked.community, code, asked.days, channels=asked.channels, who=asked.who, size=FIRST_ROWS)
    table = None
    if found.rows is not None and found.rows.total:
        table = Table(columns(asked, found.rows.noun), found.rows.rows, request.GET, name="behind", exportable=False)
    context = {
        "asked": asked,
        "metric": found.metric,
        "left_out": [(gettext(one.reason), one.events, one.members) for one in found.left_out],
        "notes": [gettext(one.text) % one.facts for one in found.notes],
        "variants": [(card(asked, one), gettext(one.metric.formula)) for one in found.variants],
        "drawing": course_of(asked, found.course, found.figure.good),
        "table": table,
        "total": found.rows.total if found.rows else None,
        "rows_url": _url(request, "rows", code, asked),
        "may_export": request.may("members.export"),
    }
    return render(request, "metrics/why/details.html", context)


@require_GET
@permitted("metrics.view")
def list_rows(request: Visit, code: str) -> HttpResponse:
    """All rows behind a figure, page by page, or as an Excel file."""
    metric = _metric(code)
    asked = _asked(request)
    try:
        page = max(1, int(request.GET.get("page", "1")))
    except ValueError:
        page = 1
    behind = Rows(asked, code, page=min(page, 10_000_000))
    may_export = request.may("members.export")
    table = Table(columns(asked, behind.noun), behind, request.GET, exportable=may_export)
    title = gettext(metric.name)
    if table.wants_excel:
        note("metrics.exported", subject=title, community_id=request.community.pk, count=len(behind))
        today = clock.today(request.community.zone)
        return table.excel(f"{request.community.name}-{title}-{today}", title=title, zone=request.community.zone, note=asked.words)
    return render(request, "metrics/why/rows.html", {"asked": asked, "title": title, "table": table})


@require_POST
@permitted("metrics.tune")
def change_range(request: Visit, code: str) -> HttpResponse:
    """Set what counts as good for a figure, or return to the default (`forget`)."""
    metric = _metric(code)
    if "forget" in request.POST:
        forget_good_range(request.community, code)
        said = gettext("已恢复「%(name)s」的默认合理区间。") % {"name": gettext(metric.name)}
    else:
        form = RangeForm(request.POST)
        if not form.is_valid():
            return _sheet(request, code, form, status=422)
        wanted = form.cleaned_data
        set_good_range(request.community, code, low=wanted["low"], high=wanted["high"], because=wanted["because"])
        said = gettext("「%(name)s」的合理区间已更新。") % {"name": gettext(metric.name)}
    if not request.htmx:
        return htmx.go(request, _url(request, "", code, _asked(request)))
    return htmx.trigger(htmx.toast(_sheet(request, code), said), "juluo:history")


def _sheet(request: Visit, code: str, form: RangeForm | None = None, status: int = 200) -> HttpResponse:
    _metric(code)
    asked = _asked(request)
    found = asked.figures([code])[code]
    metric, good = found.metric, found.good
    may_tune = request.may("metrics.tune")
    if form is None and may_tune:
        own = good if good and good.is_own else None
        form = RangeForm(
            initial={"low": good.low if good else None, "high": good.high if good else None, "because": own.source if own else ""}
        )
    context = {
        "asked": asked,
        "metric": metric,
        "title": gettext(metric.name),
        "meaning": gettext(metric.meaning),
        "formula": gettext(metric.formula),
        "excludes": gettext(metric.excludes) if metric.excludes else "",
        "card": card(asked, found),
        "parts": _parts(found),
        "missing": gettext(found.missing) if found.missing else "",
        "good": good,
        "good_words": good_words(found),
        "good_source": (good.source if good.is_own else gettext(good.source)) if good and good.source else "",
        "verdict": _verdict(found),
        "unit": _unit(metric),
        "form": form if may_tune else None,
        "is_form_open": bool(form and form.is_bound),
        "sheet_url": _url(request, "", code, asked),
        "details_url": _url(request, "details", code, asked),
        "range_url": _url(request, "range", code, asked),
        "has_rows": has_rows(code),
    }
    return render(request, "metrics/why/sheet.html", context, status=status)


def good_words(found: Figure) -> str:
    """The good range as words: "不低于 10%", "3 至 8 人"."""
    good, unit = found.good, _unit(found.metric)
    if good is None:
        return ""
    facts = {
        "low": f"{good.low:g}" if good.low is not None else "",
        "high": f"{good.high:g}" if good.high is not None else "",
        "unit": unit,
    }
    if good.high is None:
        return gettext("不低于 %(low)s%(unit)s") % facts
    if good.low is None:
        return gettext("不高于 %(high)s%(unit)s") % facts
    return gettext("%(low)s 至 %(high)s%(unit)s") % facts


def _verdict(found: Figure) -> tuple[str, str] | None:
    """The figure's place against its good range: words and tone."""
    words = {Verdict.LOW: gettext("低于合理区间"), Verdict.HIGH: gettext("高于合理区间"), Verdict.GOOD: gettext("在合理区间内")}
    return (words[found.verdict], VERDICTS[found.verdict]) if found.verdict else None


def _parts(found: Figure) -> dict[str, Any] | None:
    """Numerator and denominator where the figure is one of the two divided."""
    if not found.metric.bottom or found.metric.value or found.top is None:
        return None
    return {"top": found.top, "bottom": found.bottom}


def _unit(metric: Metric) -> str:
    return "%" if metric.unit is Unit.PERCENT else f" {unit_of(metric)}" if unit_of(metric) else ""


def _metric(code: str) -> Metric:
    if code not in metrics:
        raise UnknownFigure(code=code)
    return metrics[code]


def _asked(request: Visit) -> Asked:
    return read(request.community, request.GET, may=request.may)


def _url(request: Visit, what: str, code: str, asked: Asked) -> str:
    name = f"metrics:why-{what}" if what else "metrics:why"
    return f"{reverse(name, args=[request.community.slug, code])}?{asked.query}"
