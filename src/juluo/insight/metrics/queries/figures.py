"""Figures and their courses."""

from collections.abc import Iterable, Sequence

from juluo.ground.communities.models import Community

from .. import rules
from ..errors import UnknownFigure
from ..models import GoodRange
from ..registry import metrics
from ..types import Calendar, Counts, Figure, Frame, Grain, Metric, Period, Point, Range, Series, Who
from .asking import counts, history_of


def figure(
    community: Community,
    code: str,
    period: Period,
    *,
    grain: Grain = Grain.WHOLE,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> Figure:
    """One figure of a period beside the period before, with its course inside the period when `grain` is finer. Raises `UnknownFigure`."""
    return figures(community, [code], period, grain=grain, channels=channels, who=who)[code]


def figures(
    community: Community,
    codes: Iterable[str],
    period: Period,
    *,
    grain: Grain = Grain.WHOLE,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> dict[str, Figure]:
    """Many figures at once, by code; figures that stand on the same sheet share one pass over the history.

    `channels` (lake numbers) narrows to these channels, None means everywhere. A value nobody can know is None, and `missing` says why;
    so is the value of a period before that lies before the history.
    """
    wanted = [_metric(code) for code in codes]
    frame = Frame(Grain.WHOLE, who, channels is not None)
    calendar = Calendar(Grain.WHOLE, period)
    found = counts(community.pk, _sheets(wanted), calendar, frame, channels or ())
    courses = (
        {} if grain is Grain.WHOLE else series(community, [metric.code for metric in wanted], period, grain, channels=channels, who=who)
    )
    history, ranges = history_of(community.pk), good_ranges(community)
    has_before = history.reaches(period.before())
    answers = {}
    for metric in wanted:
        why_not = rules.missing(metric, history.kinds)
        before, now = (rules.value_of(metric, _at(found, number)) for number in calendar.numbers)
        answers[metric.code] = Figure(
            metric,
            period,
            value=None if why_not else now[0],
            top=None if why_not else now[1],
            bottom=None if why_not else now[2],
            before=before[0] if has_before and not why_not else None,
            series=courses[metric.code].points if courses else (),
            good=ranges.get(metric.code) or _default_range(metric),
            missing=why_not or ("" if now[0] is not None else rules.MISSING["bottom"]),
        )
    return answers


def series(
    community: Community,
    codes: Iterable[str],
    period: Period,
    grain: Grain,
    *,
    channels: Sequence[int] | None = None,
    who: Who = Who.PEOPLE,
) -> dict[str, Series]:
    """The courses of many figures, a point for every bucket of `period`, empty ones included, with one pass for each sheet.

    Buckets that lie before the history are unknown (None), not 0.
    """
    wanted = [_metric(code) for code in codes]
    calendar = Calendar(grain, period)
    found = counts(community.pk, _sheets(wanted), calendar, Frame(grain, who, channels is not None), channels or ())
    history = history_of(community.pk)
    answers = {}
    for metric in wanted:
        why_not = rules.missing(metric, history.kinds)
        points = []
        for number in calendar.numbers:
            bucket = calendar.bucket(number)
            unknown = why_not or not history.reaches(bucket)
            value, top, bottom = (None, None, None) if unknown else rules.value_of(metric, _at(found, number))
            points.append(Point(bucket, value, top, bottom, calendar.is_cut(number)))
        answers[metric.code] = Series(metric, grain, tuple(points), why_not)
    return answers


def good_ranges(community: Community) -> dict[str, Range]:
    """The ranges the community has set for itself, by metric code."""
    return {row.metric: Range(row.low, row.high, row.note, is_own=True) for row in GoodRange.objects.filter(community=community)}


def _default_range(metric: Metric) -> Range | None:
    return Range(*metric.good, metric.good_source) if metric.good else None


def _metric(code: str) -> Metric:
    if code not in metrics:
        raise UnknownFigure(code=code)
    return metrics[code]


def _sheets(wanted: Iterable[Metric]) -> list[str]:
    return [sheet for metric in wanted for sheet in metric.sheets]


def _at(found: dict[str, dict[int, Counts]], number: int) -> dict[str, Counts]:
    return {sheet: buckets[number] for sheet, buckets in found.items()}
