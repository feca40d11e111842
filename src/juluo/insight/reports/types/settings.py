"""What a section's words and rules may look at besides its own data."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from juluo.insight.metrics.types import Period

from .courses import Course, Totals
from .scores import Score


@dataclass(frozen=True)
class Setting:
    """The week that is reported, and what is known about it: every figure's course, the scores of the last weeks (latest last)."""

    name: str
    zone: str
    week: Period
    first: dt.date
    last: dt.date
    is_whole: bool
    totals: Totals
    courses: Mapping[str, Course] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()

    @property
    def score(self) -> Score:
        return self.scores[-1]

    def value(self, metric: str) -> float | None:
        """This week's value of a figure."""
        course = self.courses.get(metric)
        return course.value if course else None

    @property
    def weeks_of_history(self) -> int:
        """Whole weeks of data before the reported one."""
        return max(0, (self.week.start - self.first).days // 7)
