"""From figures to marks to a score. Every step is arithmetic a person can redo with a pocket calculator.

A figure is marked against two yardsticks, and gets the mean of the marks it can have. On both, 70 means "in order":

- *position*, against the community's own last eight weeks: as usual is 70; a usual week's difference better adds 15, worse takes
  25 away. "Usual" is the median, "a usual week's difference" 1.4826 × the median absolute deviation, so one wild week in eight
  does not move the yardstick.
- *level*, against the good range: its bound is 70. On the good side marks rise evenly to 100, at twice a lower bound (for a
  percentage at 100 % at the latest) or at nothing of what has an upper bound. On the bad side they fall in proportion: half a
  lower bound, or twice an upper one, is 35.

What has no data, too few cases behind it, or no yardstick gets no mark, and its weight goes to the others. It is never a zero.
"""

from collections.abc import Mapping, Sequence
from statistics import median

from msgspec.structs import replace

from juluo.kit.errors import N_

from ..types.scores import DimensionScore, InputScore, Sample, Score
from .dimensions import DEFAULT_WEIGHTS, DIMENSIONS, Dimension, Input

IN_ORDER = 70.0
PER_SPREAD_BETTER = 15.0
PER_SPREAD_WORSE = 25.0
LEAST_WEEKS = 4  # weeks before, to speak of "usual" at all
LEAST_BASE = 5  # cases behind a share or a median, to be worth a mark
LEAST_MESSAGES = 20  # in this week or usually, to give a score at all
NORMAL = 1.4826  # makes the median absolute deviation comparable to a standard deviation

MISSING = {
    "no_data": N_("这一周没有数据"),
    "few": N_("样本太少（不到 5 个），不打分"),
    "no_yardstick": N_("没有合理区间，历史也不足 4 周，无从比较"),
}
REASONS = {
    "too_little": N_("数据太少：这一周和平时都不到 20 条消息，打分没有意义"),
    "no_dimension": N_("没有一个维度有足够的数据可以打分"),
    "no_weights": N_("有数据的维度权重都是 0"),
}


def usual(history: Sequence[float | None], step: float) -> tuple[float, float] | None:
    """The median of the weeks that have a value, and how far a week usually lies from it; None with fewer than four.

    The spread is never less than a tenth of the median or than `step`, so that in a very even history a trifle is not a sensation.
    """
    known = [value for value in history if value is not None]
    if len(known) < LEAST_WEEKS:
        return None
    middle = median(known)
    deviation = NORMAL * median(abs(value - middle) for value in known)
    return middle, max(deviation, abs(middle) / 10, step)


def position(distance: float) -> float:
    """The mark for being `distance` spreads better (+) or worse (−) than usual."""
    per_spread = PER_SPREAD_BETTER if distance >= 0 else PER_SPREAD_WORSE
    return _bounded(IN_ORDER + per_spread * distance)


def level(value: float, low: float | None, high: float | None, *, better: str, unit: float, ceiling: float | None = None) -> float | None:
    """The mark against a good range; None without a bound on the bad side.

    `unit` measures the way where a bound of 0 gives no proportion; `ceiling` is the highest value there can be. A bound on the good
    side is left alone: too much of a good thing is not marked down.
    """
    if better == "up":
        return None if low is None else _above(value, low, unit, ceiling)
    return None if high is None else _below(value, high, unit)


def _above(value: float, low: float, unit: float, ceiling: float | None) -> float:
    if low <= 0:
        return position((value - low) / unit)
    if value < low:
        return _bounded(IN_ORDER * value / low)
    full = 2 * low if ceiling is None else min(2 * low, ceiling)
    return 100.0 if full <= low else _bounded(IN_ORDER + (100 - IN_ORDER) * (value - low) / (full - low))


def _below(value: float, high: float, unit: float) -> float:
    if high <= 0:
        return position((high - value) / unit)
    if value > high:
        return _bounded(IN_ORDER * high / value)
    return _bounded(IN_ORDER + (100 - IN_ORDER) * (1 - max(0.0, value) / high))


def mark(sample: Sample, *, share: float = 1.0) -> InputScore:
    """A figure's mark out of 100 with everything it follows from. `share` is passed through; 0 where there is no mark."""
    found = usual(sample.history, sample.step)
    plain = InputScore(
        sample.code,
        0.0,
        sample.value,
        None,
        usual=found[0] if found else None,
        spread=found[1] if found else None,
        weeks=sum(1 for value in sample.history if value is not None),
        low=sample.low,
        high=sample.high,
        better=sample.better,
    )
    if sample.value is None:
        return replace(plain, missing=sample.missing or "no_data")
    if sample.base is not None and sample.base < LEAST_BASE:
        return replace(plain, missing="few")
    distance = None
    if found:
        distance = (sample.value - found[0]) / found[1] * (1 if sample.better == "up" else -1)
    at = None if distance is None else position(distance)
    unit = found[1] if found else sample.step
    absolute = level(sample.value, sample.low, sample.high, better=sample.better, unit=unit, ceiling=sample.ceiling)
    marks = [one for one in (at, absolute) if one is not None]
    if not marks:
        return replace(plain, missing="no_yardstick")
    return replace(plain, share=share, points=sum(marks) / len(marks), position=at, level=absolute, distance=distance)


def mark_dimension(dimension: Dimension, samples: Mapping[str, Sample], *, weight: float) -> DimensionScore:
    """The weighted mean of the marks of its figures; None where none has one. Its `share` is settled by `score`."""
    marks = [(entry, mark(_sample(entry, samples))) for entry in dimension.inputs]
    total = sum(entry.weight for entry, one in marks if one.points is not None)
    inputs = tuple(_shared(one, entry.weight / total if one.points is not None else 0.0) for entry, one in marks)
    points = sum(one.share * one.points for one in inputs if one.points is not None) if total else None
    return DimensionScore(dimension.code, points, weight, 0.0, inputs)


def score(
    samples: Mapping[str, Sample], *, weights: Mapping[str, float] | None = None, dimensions: Sequence[Dimension] = DIMENSIONS
) -> Score:
    """The score of a week. Dimensions without a mark or with a weight of 0 take no part, and the others share their weight."""
    wanted = DEFAULT_WEIGHTS | dict(weights or {})
    marked = [mark_dimension(one, samples, weight=max(0.0, float(wanted.get(one.code, one.weight)))) for one in dimensions]
    weeks = max((one.weeks for dimension in marked for one in dimension.inputs), default=0)
    reason = _too_little(samples.get("messages"))
    if not reason and all(one.points is None for one in marked):
        reason = "no_dimension"
    total = sum(one.weight for one in marked if one.points is not None)
    if not reason and not total:
        reason = "no_weights"
    settled = tuple(
        DimensionScore(one.code, one.points, one.weight, one.weight / total if not reason and one.points is not None else 0.0, one.inputs)
        for one in marked
    )
    points = None if reason else sum(one.share * one.points for one in settled if one.points is not None)
    return Score(points, settled, weeks, reason)


def causes(now: Score, before: Score) -> list[tuple[str, float]]:
    """What each dimension added to the change of the score, the largest first. They add up to the change.

    A dimension that has a mark in only one of the two weeks moves the score through the shares of the others as well; that part is
    told as its own.
    """
    if now.points is None or before.points is None:
        return []
    then = {one.code: one for one in before.dimensions}
    parts = []
    for one in now.dimensions:
        other = then.get(one.code)
        was = (other.share * (other.points - before.points) if other is not None and other.points is not None else 0.0, other)
        is_now = one.share * (one.points - before.points) if one.points is not None else 0.0
        parts.append((one.code, is_now - was[0]))
    return sorted(parts, key=lambda part: -abs(part[1]))


def _too_little(messages: Sample | None) -> str:
    if messages is None or messages.value is None:
        return ""
    known = [value for value in messages.history if value is not None]
    return "too_little" if messages.value < LEAST_MESSAGES and (not known or median(known) < LEAST_MESSAGES) else ""


def _sample(entry: Input, samples: Mapping[str, Sample]) -> Sample:
    return samples.get(entry.metric) or Sample(entry.metric, None)


def _shared(one: InputScore, share: float) -> InputScore:
    return replace(one, share=share)


def _bounded(points: float) -> float:
    return max(0.0, min(100.0, points))
