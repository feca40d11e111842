"""The worker: queued tasks one after the other, and beside them the jobs that repeat.

Who works holds a lock file of its own name, which the kernel lets go of the moment the process dies. So nobody waits for a lease to run
out: whoever looks sees at once which tasks have lost their worker, and a worker that is only slow is never taken for dead.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from juluo.ground.audit.actions import acting
from juluo.kit import clock
from juluo.kit.disk import if_free
from juluo.kit.jobs import Job, Lane, call_when_due, jobs

BACKGROUND = 10  # how far imports and jobs stand back for whoever is waiting for a page (see nice(2))
NAMED = "juluo-"


def work() -> None:
    """Run queued tasks and scheduled jobs until told to stop."""
    os.nice(BACKGROUND)
    name = NAMED + token_hex(8)
    with if_free(_lock_of(name)) as is_ours:
        assert is_ours  # nobody else has this name
        for lock in _lock_of(name).parent.glob(f"{NAMED}*.lock"):
            _is_alive(lock.stem)  # whose is free, is removed
        take_back()
        threading.Thread(target=_schedule, name="scheduler", daemon=True).start()
        runner = Worker(
            queue_names=["*"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        runner.configure_signals()
        with acting(by="worker"), suppress(SystemExit):  # so it ends when it is told to stop while it has nothing to do
            runner.run()
        _lock_of(name).unlink()
        logging.shutdown()
        os._exit(0)  # the scheduler may be in the middle of a job, which is safe to cut off; taking the engines apart beneath it is not


def take_back() -> int:
    """Put the tasks of workers that died back in line; how many. Safe to call at any time, by several at once."""
    done = 0
    for task in DBTaskResult.objects.filter(status="RUNNING"):
        if not _is_alive(task.worker_ids[-1] if task.worker_ids else ""):
            # The names are those that we saw: another may have taken it back and begun it anew meanwhile.
            same = DBTaskResult.objects.filter(pk=task.pk, status="RUNNING", worker_ids=task.worker_ids)
            done += same.update(status="READY", started_at=None)
    return done


def _is_alive(worker: str) -> bool:
    lock = _lock_of(worker)
    if not worker or not lock.exists():
        return False
    with if_free(lock) as is_dead:
        if is_dead:
            lock.unlink(missing_ok=True)
        return not is_dead


def _lock_of(worker: str) -> Path:
    return settings.DATA_DIR / "run" / f"{worker}.lock"


def _schedule() -> None:
    """Call each job when it is due, each lane in a thread of its own. Only one process schedules; the others wait for its lock."""
    with (settings.DATA_DIR / "run" / "scheduler.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        all_jobs, stop = [*OURS, *jobs], threading.Event()
        lanes = [threading.Thread(target=_run_lane, args=(all_jobs, lane, stop), name=f"{lane} jobs", daemon=True) for lane in Lane]
        for thread in lanes:
            thread.start()
        for thread in lanes:
            thread.join()


def _run_lane(all_jobs: Iterable[Job], lane: Lane, stop: threading.Event) -> None:
    with acting(by="worker"):
        call_when_due(all_jobs, lane, stop)


def _beat() -> None:
    (settings.DATA_DIR / "run" / "worker.beat").write_text(clock.now().isoformat())


OURS = (
    Job("worker.beat", "", timedelta(seconds=1), _beat, also_on_start=True, lane=Lane.SHORT),
    Job("worker.take_back", "", timedelta(seconds=5), take_back, also_on_start=True, lane=Lane.SHORT),
)
