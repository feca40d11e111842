"""How the blocks of a report are shown: `{% load reports %}`."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString, mark_safe

from juluo.kit import charts, numbers
from juluo.kit.errors import N_
from juluo.kit.health import Finding

from ..calling import place as address
from ..rules import drawing
from ..types.blocks import Bar, Bars, Chart, Column, Heat, Table, Tile, Who
from ..words import said as in_words
from ..words import shown as as_words
from ..words import signed as with_sign

register = template.Library()


@register.filter
def kind(block: Any) -> str:
    """The name of a block's kind, as its template is called."""
    return type(block).__struct_config__.tag


@register.filter
def value(number: float | None, unit: str = "") -> str:
    """A figure by its unit."""
    return as_words(number, unit)


@register.filter
def change(number: float | None, unit: str = "") -> str:
    """A difference by its unit, with its sign."""
    return with_sign(number, unit)


@register.simple_tag
def cell(content: Any, kind: str, zone: str) -> str:
    """A table cell as people read it."""
    if content is None or content == "":
        return numbers.DASH
    if isinstance(content, Who):
        return content.name
    if isinstance(content, dt.datetime):
        return content.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")
    if isinstance(content, dt.date):
        return content.strftime("%m-%d") if kind == "date" else content.isoformat()
    if isinstance(content, int | float) and not isinstance(content, bool):
        return as_words(content, {"percent": "percent", "minutes": "minutes"}.get(kind, ""))
    return str(content)


@register.filter
def cells(block: Table, row: tuple[Any, ...]) -> list[tuple[Column, Any]]:
    """The cells of a row with their columns."""
    return list(zip(block.columns, row, strict=True))


@register.simple_tag
def difference(now: float, before: float) -> int:
    """The change between two marks as they are shown: rounded first, so that it fits what stands beside it."""
    return round(now) - round(before)


@register.filter
def is_number(kind: str) -> bool:
    return kind in ("number", "percent", "minutes", "signed")


@register.simple_tag
def moment(at: dt.datetime | None, zone: str) -> str:
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M")


@register.filter
def is_who(content: Any) -> bool:
    return isinstance(content, Who)


@register.simple_tag
def said(sentence: str) -> str:
    """A msgid of ours in the reader's language."""
    return in_words(sentence)


@register.simple_tag
def finding_words(finding: Finding) -> str:
    return in_words(finding.sentence, dict(finding.facts))


@register.simple_tag
def finding_remedy(finding: Finding) -> str:
    return in_words(finding.remedy, dict(finding.facts))


@register.simple_tag
def place(route: str, slug: str) -> str:
    """The address of a community's page by its route; "" where there is none."""
    return address(route, slug) if route else ""


# -- drawings (the file) ------------------------------------------------------------------------------------------


@register.simple_tag
def spark(values: tuple[float | None, ...]) -> SafeString:
    return mark_safe(drawing.spark(values))  # noqa: S308 numbers only


@register.simple_tag
def dial(report: Any) -> SafeString:
    parts = [(one.title, one.points, one.share) for one in report.score.dimensions]
    return mark_safe(drawing.dial(parts, report.score.points, caption=report.score.verdict))  # noqa: S308 escaped where it is drawn


@register.simple_tag
def strip(value: float | None, top: float = 100, tone: str = "") -> SafeString:
    return mark_safe(drawing.bar(value, top, tone=tone))  # noqa: S308 numbers only


@register.simple_tag
def bars(block: Bars) -> list[tuple[Any, SafeString]]:
    """Each bar with its drawing."""
    top = block.top or max((abs(one.value or 0) for one in block.items), default=0)

    def drawn(one: Bar) -> str:
        if block.is_signed:
            return drawing.signed_bar(one.value or 0, top, better=block.better)
        return drawing.bar(one.value, top, tone=one.tone)

    return [(one, mark_safe(drawn(one))) for one in block.items]  # noqa: S308 numbers only


@register.simple_tag
def plot(block: Chart) -> SafeString:
    drawn = drawing.lines(
        block.x,
        [(line.name, line.values, line.is_muted) for line in block.lines],
        unit=block.unit,
        low=block.low,
        high=block.high,
        band=block.band,
        columns=block.kind == "column",
        label=block.title,
    )
    return mark_safe(drawn)  # noqa: S308 escaped where it is drawn


@register.simple_tag
def score_plot(report: Any) -> SafeString:
    """The score of the last weeks; "" for a single one."""
    if len(report.score.trend) < 2:
        return mark_safe("")
    weeks = [week.partition("-")[2] for week, _ in report.score.trend]
    points = [None if value is None else round(value) for _, value in report.score.trend]
    drawn = drawing.lines(
        weeks, [("", points, False)], low=0, high=100, band=(60, None), values_shown=True, label=in_words(N_("最近几周的健康度"))
    )
    return mark_safe(drawn)  # noqa: S308 escaped where it is drawn


@register.simple_tag
def grid(block: Heat) -> list[tuple[str, list[tuple[int, str]]]]:
    """Rows of cells: (level 0–7, what the cell says)."""
    top = max((cell or 0 for row in block.values for cell in row), default=0)
    return [
        (
            name,
            [
                (drawing.heat_level(cell, top), f"{name} {block.columns[at]}：{numbers.number(cell)} {block.unit}")
                for at, cell in enumerate(row)
            ],
        )
        for name, row in zip(block.rows, block.values, strict=True)
    ]


# -- the console's components -------------------------------------------------------------------------------------


@register.simple_tag
def as_figure(tile: Tile, why: str = "") -> charts.Figure:
    """A tile as the figure component takes it: shares from 0 to 1, durations in seconds."""
    scale, shape = {"percent": (0.01, "percent"), "minutes": (60.0, "duration")}.get(tile.unit, (1.0, "number"))

    def scaled(number: float | None) -> float | None:
        return None if number is None else number * scale

    return charts.Figure(
        tile.label,
        scaled(tile.value),
        kind=shape,  # type: ignore[arg-type]
        before=scaled(tile.before),
        better=tile.better,
        spark=[scaled(one) for one in tile.spark],
        why=why,
        note=tile.note,
    )


@register.simple_tag
def as_chart(block: Chart) -> charts.Chart:
    is_share = block.unit == "percent"
    scale = 0.01 if is_share else 1
    series = [
        charts.Series(line.name, [None if one is None else one * scale for one in line.values], muted=line.is_muted) for line in block.lines
    ]
    return charts.Chart(
        block.x, series, kind="bar" if block.kind == "column" else "line", unit="" if is_share else block.unit, percent=is_share
    )


@register.simple_tag
def as_heat(block: Heat) -> charts.Heat:
    return charts.Heat(block.rows, block.columns, block.values, unit=block.unit)
