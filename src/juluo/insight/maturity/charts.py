"""Drawings of evaluations."""

from collections.abc import Sequence

from django.utils.translation import gettext

from juluo.kit.charts import Chart, Series

from .models import Evaluation
from .queries import Judgement
from .rules.indicators import INDICATORS, LEVELS
from .telling import indicator_title, name
from .types import Standing


def sides(told: Judgement) -> Chart:
    """The points of each indicator beside those of the evaluation before."""
    lines = told.standing.lines
    series = [Series(name(told.evaluation), [_rounded(one.points) for one in lines], kind="bar")]
    if told.before is not None and told.previous is not None:
        then = {one.code: one.points for one in told.before.lines}
        series.append(Series(name(told.previous), [_rounded(then.get(one.code)) for one in lines], kind="bar", muted=True))
    return Chart([indicator_title(one.code) for one in lines], series, kind="bar", unit=gettext("分"), horizontal=True)


def course(found: Sequence[Evaluation]) -> Chart:
    """The score over time, with the levels behind it."""
    bounds = [level.least for level in LEVELS] + [100.0]
    bands = [(low, high, gettext(level.title)) for level, low, high in zip(LEVELS, bounds, bounds[1:], strict=False)]
    return Chart(
        [name(one) for one in found],
        [Series(gettext("总分"), [_rounded(one.score) for one in found])],
        unit=gettext("分"),
        bands=bands[-3:],
    )


def both(a: Standing, b: Standing, names: tuple[str, str]) -> Chart:
    """Two evaluations beside each other."""
    codes = [one.code for one in INDICATORS]

    def points(stands: Standing) -> list[float | None]:
        known = {one.code: one.points for one in stands.lines}
        return [_rounded(known.get(code)) for code in codes]

    series = [Series(names[1], points(b), kind="bar"), Series(names[0], points(a), kind="bar", muted=True)]
    return Chart([indicator_title(code) for code in codes], series, kind="bar", unit=gettext("分"), horizontal=True)


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(points, 1)
