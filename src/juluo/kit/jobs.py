"""Work that repeats. Rooms add jobs from their wiring; the worker's scheduler calls each when it is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from .registry import Registry


@dataclass(frozen=True)
class Job:
    """`run` is called about every `every`, never twice at once, and may be cut off at any moment: it must be safe to repeat.

    `also_on_start` runs it when the worker starts (to pick up what a crash left behind).
    """

    code: str
    title: str
    every: timedelta
    run: Callable[[], object]
    also_on_start: bool = False


jobs: Registry[Job] = Registry("job")
