"""What the pages of attributes and tags draw."""

import math
from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext

from juluo.kit import charts
from juluo.kit.numbers import number

from .models import Attribute
from .queries import Day
from .types import ValueKind

BINS = 12


def held(days: Sequence[Day]) -> charts.Chart:
    """How many hold a tag, day by day, with those who came and went."""
    return charts.Chart(
        x=[date_format(day.on, "Y-m-d") for day in days],
        series=[
            charts.Series(gettext("持有"), [day.held for day in days], kind="area"),
            charts.Series(gettext("新增"), [day.came for day in days], kind="bar", muted=True),
            charts.Series(gettext("移出"), [-day.went for day in days], kind="bar", muted=True),
        ],
        unit=gettext("位"),
    )


def spread(of: Attribute, values: Sequence[tuple[str | float | int, int]]) -> charts.Chart:
    """How the values of an attribute are spread over members."""
    unit = gettext("位")
    if of.kind == ValueKind.BOOLEAN:
        named = [(gettext("是") if value else gettext("否"), n) for value, n in values]
        return _bars(named, unit, horizontal=True)
    if of.kind == ValueKind.NUMBER:
        return _bars(_binned(values, of.unit), unit)
    if of.kind == ValueKind.DATE:
        return _bars([(str(value), n) for value, n in values], unit)
    if of.kind == ValueKind.CHOICE:
        places = {choice: place for place, choice in enumerate(of.choices)}
        values = sorted(values, key=lambda one: places.get(str(one[0]), len(places)))
    return _bars([(str(value), n) for value, n in reversed(values[:20])], unit, horizontal=True)


def _bars(values: Sequence[tuple[str, int]], unit: str, *, horizontal: bool = False) -> charts.Chart:
    series = [charts.Series(gettext("成员"), [n for _, n in values])]
    return charts.Chart(x=[name for name, _ in values], series=series, kind="bar", unit=unit, horizontal=horizontal)


def _binned(values: Sequence[tuple[str | float | int, int]], unit: str) -> list[tuple[str, int]]:
    """Numbers in about a dozen equal bins with round edges; each number for itself where they are few."""
    numbers = [(float(value), n) for value, n in values]
    if len(numbers) <= BINS:
        return [(f"{number(value)} {unit}".rstrip(), n) for value, n in numbers]
    low, high = numbers[0][0], numbers[-1][0]
    raw = (high - low) / BINS
    step = 10 ** math.floor(math.log10(raw))
    step *= next(factor for factor in (1, 2, 5, 10) if raw <= step * factor)
    start = math.floor(low / step) * step
    counted = [0] * (math.floor((high - start) / step) + 1)
    for value, n in numbers:
        counted[min(len(counted) - 1, int((value - start) / step))] += n
    return [(f"{number(start + place * step)}–{number(start + (place + 1) * step)}", n) for place, n in enumerate(counted)]
