"""Work that repeats. Rooms add jobs from their wiring; the worker's scheduler calls each when it is due. And what waits in the queue."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import close_old_connections
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from .registry import Registry

log = logging.getLogger("juluo.jobs")


class Lane(StrEnum):
    """Jobs of a lane run one after the other; lanes run side by side.

    So a long job delays other long ones only, and needs memory alone. `SHORT` is for what takes moments and must not come late.
    """

    SHORT = "short"
    LONG = "long"


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
    lane: Lane = Lane.LONG


jobs: Registry[Job] = Registry("job")


def call_when_due(jobs: Iterable[Job], lane: Lane, stop: threading.Event) -> None:
    """Call the jobs of a lane, each when it is due, until `stop` is set. What a job raises is logged, and it is tried again."""
    due = {job: time.monotonic() + (0 if job.also_on_start else job.every.total_seconds()) for job in jobs if job.lane == lane}
    while due:
        for job in due:
            if time.monotonic() >= due[job] and not stop.is_set():
                _call(job)
                due[job] = time.monotonic() + job.every.total_seconds()
        if stop.wait(max(0.0, min(due.values()) - time.monotonic())):
            return


def _call(job: Job) -> None:
    try:
        job.run()
    except Exception:
        log.exception("job %s failed; it will be tried again", job.code)
    finally:
        close_old_connections()


def is_in_line(task: Task, *args: Any) -> bool:
    """Whether a call of `task` with these arguments waits in the queue, or a worker is at it."""
    calls = DBTaskResult.objects.filter(task_path=task.module_path, args_kwargs__args=list(args))
    return calls.filter(status__in=("READY", "RUNNING")).exists()
