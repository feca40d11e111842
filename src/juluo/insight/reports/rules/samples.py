"""What the score needs of each figure, for the reported week and for the weeks before it."""

from collections.abc import Mapping

from ..types.courses import Course
from ..types.scores import Sample, Score
from .dimensions import DIMENSIONS, Input
from .scoring import LEAST_BASE, score
from .weeks import HISTORY, TREND

REACH = HISTORY + TREND  # weeks of history needed to score each week of the trend

# The least change that could mean anything, by unit.
STEPS = {"percent": 1.0, "ratio": 0.05, "minutes": 1.0, "index": 0.02}
CEILINGS = {"percent": 100.0, "index": 1.0}


def samples(courses: Mapping[str, Course], *, back: int = 0) -> dict[str, Sample]:
    """The samples of the week `back` weeks before the reported one, by figure."""
    found = {}
    for dimension in DIMENSIONS:
        for entry in dimension.inputs:
            if (course := courses.get(entry.metric)) is not None:
                found[entry.metric] = _sample(entry, course, back)
    return found


def trend(courses: Mapping[str, Course], *, weights: Mapping[str, float] | None = None, weeks: int = TREND) -> tuple[Score, ...]:
    """The score of each of the last weeks, oldest first, each against its own eight weeks before."""
    return tuple(score(samples(courses, back=back), weights=weights) for back in reversed(range(weeks)))


def _sample(entry: Input, course: Course, back: int) -> Sample:
    at = len(course.values) - 1 - back
    bases = course.bases or (None,) * len(course.values)
    before = range(max(0, at - HISTORY), max(0, at))
    scale = 7 / entry.range_days
    low, high = (None, None) if entry.ignores_range else (course.low, course.high)
    return Sample(
        entry.metric,
        course.values[at] if at >= 0 else None,
        bases[at] if at >= 0 else None,
        tuple(course.values[one] if _enough(bases[one]) else None for one in before),
        None if low is None else low * scale,
        None if high is None else high * scale,
        entry.better or ("down" if course.better == "down" else "up"),
        STEPS.get(course.unit, 1.0),
        CEILINGS.get(course.unit),
        course.missing,
    )


def _enough(base: float | None) -> bool:
    return base is None or base >= LEAST_BASE
