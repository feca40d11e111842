"""The small arithmetic of figures: from counts to values. Pure."""

import datetime as dt
from collections.abc import Mapping

from juluo.kit.errors import N_
from juluo.record.events.types import Kind

from .types import Counts, Grain, Metric, Period, Unit

# Why a figure is unknown, by what its `needs` miss.
MISSING = {
    "history": N_("这个社群还没有数据。先导入一份聊天记录吧。"),
    "reply": N_("这个社群的数据里没有回复标记，算不出这个指标。"),
    "departure": N_("这个社群的数据里没有退群记录，算不出这个指标。"),
    Kind.MEMBER_JOINED.value: N_("这个社群的数据里没有进群记录，算不出这个指标。"),
    Kind.MEMBER_LEFT.value: N_("这个社群的数据里没有退群记录，算不出这个指标。"),
    Kind.REACTION_ADDED.value: N_("这个社群的数据里没有表情回应，算不出这个指标。"),
    "bottom": N_("这段时间里没有可以算的数据。"),
}
MISSING_OTHER = N_("这个社群的数据里还没有算它所需要的记录。")


def missing(metric: Metric, known: frozenset[str]) -> str:
    """Why the figure cannot be known in a history that holds these kinds of things; empty when it can."""
    if not known:
        return MISSING["history"]
    for need in metric.needs:
        if need not in known:
            return MISSING.get(need, MISSING_OTHER)
    return ""


def value_of(metric: Metric, counts: Mapping[str, Counts]) -> tuple[float | None, float | None, float | None]:
    """(value, top, bottom) of a figure in one bucket, from the counts of its sheets by sheet code. None stands for unknown."""
    top, bottom = _sum(metric.top, counts), _sum(metric.bottom, counts)
    if metric.value:
        return _count(metric.value, counts), top, bottom
    if not metric.bottom:
        return top, top, None
    if top is None or not bottom:
        return None, top, bottom
    return top / bottom * (100 if metric.unit is Unit.PERCENT else 1), top, bottom


def _sum(terms: tuple[str, ...], counts: Mapping[str, Counts]) -> float | None:
    total: float = 0
    for term in terms:
        count = _count(term.removeprefix("-"), counts)
        if count is None:
            return None
        total += -count if term.startswith("-") else count
    return total if terms else None


def _count(name: str, counts: Mapping[str, Counts]) -> float | None:
    sheet, _, count = name.partition(".")
    return counts[sheet][count]


def course_of(period: Period, first: dt.date | None) -> tuple[Period, Grain]:
    """The stretch and grain in which to show how a figure came to be what it is, no earlier than the `first` day of the history."""
    if period.days < 7:
        grain, start = Grain.DAY, period.stop - dt.timedelta(days=60)
    elif period.days < 45:
        grain, start = Grain.WEEK, period.stop - dt.timedelta(weeks=26)
    else:
        grain, start = Grain.MONTH, period.stop - dt.timedelta(days=3 * 365)
    if first and start < first:
        start = min(first, period.start)
    return Period(start, period.stop), grain
