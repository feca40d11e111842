"""Whether the figure a suggestion was about has moved. It says nothing about why: there was no comparison group."""

from typing import Literal

from ..types.advice import Outcome, Verdict
from ..types.courses import Course
from .samples import STEPS
from .scoring import usual


def outcome(course: Course | None, *, figure: str, then: float | None, aim: Literal["up", "down"]) -> Outcome:
    """Compare the figure at the time with the reported week's. Less than half a usual week's difference counts as no change."""
    now = course.value if course else None
    if course is None or now is None or then is None:
        return Outcome(figure, then, now, Verdict.UNKNOWN)
    step = STEPS.get(course.unit, 1.0)
    found = usual(course.values[:-1][-8:], step)
    enough = found[1] / 2 if found else max(step, abs(then) / 10)
    moved = (now - then) * (1 if aim == "up" else -1)
    verdict = Verdict.BETTER if moved >= enough else Verdict.WORSE if moved <= -enough else Verdict.SAME
    return Outcome(figure, then, now, verdict)
