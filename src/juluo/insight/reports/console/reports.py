"""The list of weeks, one week's report, its score, its files."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.queries import team
from juluo.kit import charts, excel, htmx
from juluo.kit.errors import NotThere
from juluo.kit.tables import Column, Table

from ..actions import build
from ..forms.book import book
from ..forms.page import page
from ..gathering import chosen
from ..models import WeeklyReport
from ..queries import at_hand, known_weeks, latest, read, report, week_counts
from ..rules.weeks import week_name
from ..types.report import Report
from ..words import span

PER_PAGE = 26


@require_GET
@permitted("reports.view")
def list_weeks(request: Visit) -> HttpResponse:
    """Every week of the history, the latest first, with the score where it was reported or the latest report remembers it."""
    community = request.community
    built = {row.week: row for row in WeeklyReport.objects.filter(community=community).defer("material")}
    newest = latest(community)
    trend = dict(report(community, newest.week).score.trend) if newest else {}
    counts = week_counts(community)
    rows = []
    for week in known_weeks(community):
        messages, speakers = counts.get(week_name(week.start), (0, 0))
        row = built.get(week_name(week.start))
        score = row.score if row else trend.get(week_name(week.start))
        rows.append(
            {
                "week": week_name(week.start),
                "days": span(week.start, week.stop),
                "score": None if score is None else round(score),
                "messages": messages,
                "speakers": speakers,
                "made": row.gathered_at if row else None,
            }
        )
    columns = [
        Column("week", _("周"), href=lambda row: f"{request.path}{row['week']}/", sort=True),
        Column("days", _("日期")),
        Column("score", _("健康度"), kind="number", sort=True),
        Column("messages", _("消息数"), kind="number", sort=True),
        Column("speakers", _("发言人数"), kind="number", sort=True, minor=True),
        Column("made", _("生成于"), kind="moment", minor=True),
    ]
    table = Table(columns, rows, request.GET, per_page=PER_PAGE)
    if table.wants_excel:
        return table.excel(_("健康度报告"), zone=community.zone)
    return render(
        request, "reports/list.html", {"table": table, "newest": newest, "trend": _trend(trend), "may_import": request.may("imports.run")}
    )


def _trend(trend: Mapping[str, float | None]) -> charts.Chart | None:
    """The score of the last weeks, out of the latest report."""
    if len(trend) < 2:
        return None
    points = [None if value is None else round(value) for value in trend.values()]
    return charts.Chart(list(trend), [charts.Series(_("健康度"), points)], bands=[(60, 100, _("健康"))])


@require_GET
@permitted("reports.view")
def one_week(request: Visit, week: str) -> HttpResponse:
    """The report. A week that has to be gathered first answers with a page that fetches it, so that nobody looks at nothing."""
    community = request.community
    period = chosen(community, week)
    known = at_hand(community, period)
    if known is None and not request.GET.get("now"):
        return render(request, "reports/preparing.html", {"week": week_name(period.start), "days": span(period.start, period.stop)})
    found = read(community, known) if known is not None else report(community, week_name(period.start))
    weeks = known_weeks(community)
    names = [week_name(one.start) for one in weeks]
    at = names.index(found.week) if found.week in names else 0
    context = {
        "report": found,
        "days": span(found.start, found.stop),
        "later": names[at - 1] if at > 0 else "",
        "earlier": names[at + 1] if at + 1 < len(names) else "",
        "trend": _points(found),
        "may_act": request.may("reports.act"),
        "team": list(team(community)),
    }
    return render(request, "reports/report.html", context)


def _points(found: Report) -> charts.Chart | None:
    if len(found.score.trend) < 2:
        return None
    points = [None if value is None else round(value) for _week, value in found.score.trend]
    weeks = [week.partition("-")[2] for week, _points in found.score.trend]
    return charts.Chart(weeks, [charts.Series(_("健康度"), points)], bands=[(60, 100, "")])


@require_GET
@permitted("reports.view")
def score(request: Visit, week: str) -> HttpResponse:
    """Why this score: its arithmetic, every step."""
    return render(request, "reports/score.html", {"report": report(request.community, week), "may_tune": request.may("reports.tune")})


@require_POST
@permitted("reports.act")
def rebuild(request: Visit, week: str) -> HttpResponse:
    """Make a week's report anew and keep it with its suggestions."""
    found = build(request.community, week)
    return htmx.go(request, redirect("reports:week", slug=request.community.slug, week=found.week).url)


@require_GET
@permitted("reports.view")
def download(request: Visit, week: str, form: str) -> HttpResponse:
    """The report as a file: `html` or `xlsx`."""
    if form not in ("html", "xlsx"):
        raise NotThere()
    found = report(request.community, week)
    name = re.sub(r'[\x00-\x1f\x7f"\\/:*?<>|]', "_", f"{found.community.name}-{found.week}.{form}")
    headers = {"Content-Disposition": f"attachment; filename=\"juluo-{found.week}.{form}\"; filename*=UTF-8''{quote(name)}"}
    if form == "xlsx":
        return HttpResponse(book(found), content_type=excel.CONTENT_TYPE, headers=headers)
    return HttpResponse(page(found), content_type="text/html; charset=utf-8", headers=headers)
