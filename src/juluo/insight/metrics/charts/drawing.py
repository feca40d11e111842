"""From figures to cards and charts: names translated, units said, percentages as shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext

from juluo.kit import charts
from juluo.kit.errors import N_

from ..queries import good_ranges
from ..registry import metrics
from ..types import Better, Calendar, Figure, Grain, Metric, Range, Series, Unit
from .asked import Asked, labels, whole_buckets

UNITS: dict[Unit, str] = {
    Unit.PEOPLE: N_("人"),
    Unit.MESSAGES: N_("条"),
    Unit.TIMES: N_("次"),
    Unit.QUESTIONS: N_("个"),
    Unit.MINUTES: N_("分钟"),
}
OPEN_END = 2.0  # how far beyond what is known a range without an upper bound is drawn
_BETTER: dict[Better, Literal["up", "down", ""]] = {Better.UP: "up", Better.DOWN: "down", Better.NEITHER: ""}
BY = {Grain.DAY: N_("按天"), Grain.WEEK: N_("按周"), Grain.MONTH: N_("按月")}


@dataclass(frozen=True)
class Drawing:
    """A chart with what stands around it. `empty` says why there is nothing to see."""

    chart: charts.Chart
    title: str
    note: str = ""
    why: str = ""
    height: str = "m"
    empty: str = ""
    css: str = ""


def why_url(asked: Asked, code: str) -> str:
    """The address of "为什么是这个数"."""
    return f"{reverse('metrics:why', args=[asked.community.slug, code])}?{asked.query}"


def unit_of(metric: Metric) -> str:
    """The unit in words; nothing for percentages and bare numbers."""
    return gettext(UNITS[metric.unit]) if metric.unit in UNITS else ""


def card(asked: Asked, found: Figure, course: Series | None = None) -> charts.Figure:
    """A figure as a card. Percentages become shares and minutes seconds, as cards want them."""
    metric = found.metric
    kind: charts.As = "number"
    scale = 1.0
    if metric.unit is Unit.PERCENT:
        kind, scale = "percent", 0.01
    elif metric.unit is Unit.MINUTES:
        kind, scale = "duration", 60.0
    return charts.Figure(
        label=gettext(metric.name),
        value=_scaled(found.value, scale),
        unit="" if kind == "duration" else unit_of(metric),
        kind=kind,
        before=_scaled(found.before, scale),
        better=_BETTER[metric.better],
        spark=course.values if course else (),
        why=why_url(asked, metric.code),
        note=gettext(found.missing) if found.missing else "",
    )


def cards(asked: Asked, codes: Sequence[str]) -> list[charts.Figure]:
    """Figures as cards, with their courses as sparklines."""
    found, courses = asked.figures(codes), asked.courses(codes)
    return [card(asked, found[code], courses[code]) for code in codes]


def course(
    asked: Asked,
    code: str,
    *,
    title: str = "",
    kind: str = "line",
    height: str = "m",
    note: str = "",
    css: str = "",
    grain: Grain | None = None,
) -> Drawing:
    """One figure over time: before it in grey what it is compared with, behind it what is considered good."""
    grain = grain or asked.grain
    metric = metrics[code]
    now, before = asked.courses([code], grain=grain)[code], asked.courses_before([code], grain=grain).get(code)
    places = labels(asked.buckets(grain), grain)
    lines = [charts.Series(gettext(metric.name), values(now))]
    if before and any(value is not None for value in before.values):
        lines.append(charts.Series(_before_words(asked), _fitted(values(before), len(places)), muted=True, kind="line"))
    known = [value for line in lines for value in line.values if value is not None]
    chart = charts.Chart(
        places,
        lines,
        kind=kind,  # type: ignore[arg-type]
        unit=unit_of(metric),
        percent=metric.unit is Unit.PERCENT,
        bands=band(good_range(asked, metric), metric, known),
        x_title=x_title(grain),
    )
    empty = gettext(now.missing) if now.missing else ""
    return Drawing(chart, title or gettext(metric.name), note or noted(asked, grain), why_url(asked, code), height, empty, css)


def courses(
    asked: Asked,
    codes: Mapping[str, str] | Sequence[str],
    title: str,
    *,
    kind: str = "line",
    stacked: bool = False,
    below: Sequence[str] = (),
    why: str = "",
    height: str = "m",
    note: str = "",
    css: str = "",
    grain: Grain | None = None,
) -> Drawing:
    """Several figures of one unit over time. `codes` may give them other names; those in `below` are drawn under the axis."""
    grain = grain or asked.grain
    named = codes if isinstance(codes, Mapping) else {code: metrics[code].name for code in codes}
    found = asked.courses(named, grain=grain)
    lines = [
        charts.Series(gettext(name), [_under(value) if code in below else value for value in values(found[code])])
        for code, name in named.items()
        if not found[code].missing
    ]
    first = metrics[next(iter(named))]
    chart = charts.Chart(
        labels(asked.buckets(grain), grain),
        lines,
        kind=kind,  # type: ignore[arg-type]
        unit=unit_of(first),
        percent=first.unit is Unit.PERCENT,
        stacked=stacked,
        x_title=x_title(grain),
    )
    missing = next((one.missing for one in found.values() if one.missing), "")
    missing = gettext(missing) if missing else ""
    return Drawing(chart, title, note or noted(asked, grain), why_url(asked, why or first.code), height, missing if not lines else "", css)


def course_of(asked: Asked, found: Series, good: Range | None) -> Drawing:
    """A course that was asked for already, whatever days it spans."""
    metric, drawn = found.metric, values(found)
    chart = charts.Chart(
        labels([point.period for point in found.points], found.grain),
        [charts.Series(gettext(metric.name), drawn)],
        unit=unit_of(metric),
        percent=metric.unit is Unit.PERCENT,
        bands=band(good, metric, [value for value in drawn if value is not None]),
        x_title=x_title(found.grain),
    )
    return Drawing(chart, "", gettext(BY[found.grain]), height="s", empty=gettext(found.missing) if found.missing else "")


def values(found: Series) -> list[float | None]:
    """The values of a course as a chart wants them."""
    scale = 0.01 if found.metric.unit is Unit.PERCENT else 1.0
    return [_scaled(value, scale) for value in found.values]


def noted(asked: Asked, grain: Grain) -> str:
    """How a course is cut, and what to mind about its end."""
    by = gettext(BY[grain])
    return gettext("%(by)s；最后一段还没过完") % {"by": by} if _ends_open(asked, grain) else by


def x_title(grain: Grain) -> str:
    """What stands under the axis where its labels do not say it."""
    return gettext("周（以周一的日期表示）") if grain is Grain.WEEK else ""


def good_range(asked: Asked, metric: Metric) -> Range | None:
    """What counts as good here: the operator's own range, or the declared one."""
    own = good_ranges(asked.community).get(metric.code)
    return own or (Range(*metric.good, metric.good_source) if metric.good else None)


def band(good: Range | None, metric: Metric, known: Sequence[float]) -> list[tuple[float, float, str]]:
    """The good range behind a course, as high as there is something to see."""
    if good is None or not known:
        return []
    scale = 0.01 if metric.unit is Unit.PERCENT else 1.0
    low = good.low * scale if good.low is not None else min(0.0, *known)
    high = good.high * scale if good.high is not None else max(1.0, low, *known) * OPEN_END
    return [(low, high, gettext("合理区间"))] if high > low else []


def _before_words(asked: Asked) -> str:
    return gettext("去年同期") if asked.period.against == "year" else gettext("上一段")


def _ends_open(asked: Asked, grain: Grain) -> bool:
    calendar = Calendar(grain, whole_buckets(asked.days, grain))
    return asked.is_open or calendar.is_cut(calendar.numbers[-1])


def _fitted(found: list[float | None], length: int) -> list[float | None]:
    return (found + [None] * length)[:length]


def _under(value: float | None) -> float | None:
    return None if value is None else -value


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
