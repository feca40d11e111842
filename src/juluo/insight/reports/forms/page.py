"""The report as one file: opens offline, on a phone or a desk, in light or dark, and prints on A4. No script, nothing fetched."""

from functools import cache
from zoneinfo import ZoneInfo

from django.template.loader import get_template

from ..types.report import Report
from ..words import span


def page(report: Report) -> str:
    """The whole HTML document. Everything that came from outside is escaped by the template or where it is drawn."""
    context = {
        "report": report,
        "css": _css(),
        "days": span(report.start, report.stop),
        "gathered": report.gathered_at.astimezone(ZoneInfo(report.community.zone)).strftime("%Y-%m-%d %H:%M"),
    }
    return get_template("reports/file.html").render(context)


@cache
def _css() -> str:
    return get_template("reports/file.css").render()
