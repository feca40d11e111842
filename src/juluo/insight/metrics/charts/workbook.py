"""A page's figures as an Excel file: the figures, then their courses."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from juluo.kit import excel

from ..types import Figure, Unit
from .asked import Asked
from .drawing import unit_of
from .plan import Page


def workbook(asked: Asked, page: Page, filename: str) -> HttpResponse:
    """The figures of a page as a download."""
    return excel.response(filename, [_figures(asked, page), _courses(asked, page)], zone=asked.community.zone)


def _figures(asked: Asked, page: Page) -> excel.Sheet:
    columns = [
        excel.Column(gettext("指标")),
        excel.Column(gettext("数值"), "number"),
        excel.Column(gettext("单位")),
        excel.Column(gettext("对比的那一段"), "number"),
        excel.Column(gettext("变化"), "number"),
        excel.Column(gettext("合理区间，从"), "number"),
        excel.Column(gettext("合理区间，到"), "number"),
        excel.Column(gettext("怎么算"), width=60),
        excel.Column(gettext("说明")),
    ]
    rows = (_row(found) for found in asked.figures(page.figures).values())
    return excel.Sheet(gettext("指标"), columns, rows, note=asked.words)


def _row(found: Figure) -> list[Any]:
    metric, good = found.metric, found.good
    return [
        gettext(metric.name),
        found.value,
        "%" if metric.unit is Unit.PERCENT else unit_of(metric),
        found.before,
        found.change,
        good.low if good else None,
        good.high if good else None,
        gettext(metric.formula),
        gettext(found.missing) if found.missing else "",
    ]


def _courses(asked: Asked, page: Page) -> excel.Sheet:
    found = asked.courses(page.figures)
    columns = [excel.Column(gettext("从"), "date"), excel.Column(gettext("到"), "date")]
    for one in found.values():
        unit = "%" if one.metric.unit is Unit.PERCENT else unit_of(one.metric)
        name = gettext(one.metric.name)
        columns.append(excel.Column(f"{name}（{unit}）" if unit else name, "number"))

    def rows() -> Iterator[list[Any]]:
        for at, bucket in enumerate(asked.buckets()):
            yield [bucket.start, bucket.last, *(one.values[at] for one in found.values())]

    return excel.Sheet(gettext("走势"), columns, rows())
