"""Jobs that repeat, in lanes of their own."""

import threading
from datetime import timedelta

import pytest

from juluo.kit.jobs import Job, Lane, call_when_due

NOW = timedelta(0)
NEVER = timedelta(days=1)


@pytest.fixture
def lanes():
    """Start lanes with some jobs; all are stopped and waited for in the end."""
    stop, threads = threading.Event(), []

    def start(*jobs):
        for lane in Lane:
            threads.append(threading.Thread(target=call_when_due, args=(jobs, lane, stop)))
            threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_short_jobs_go_on_while_a_long_one_runs(lanes):
    seals, has_sealed_thrice = [], threading.Event()
    long_saw = []
    has_ended = threading.Event()

    def seal():
        seals.append(1)
        if len(seals) >= 3:
            has_sealed_thrice.set()

    def read_everything():
        long_saw.append(has_sealed_thrice.wait(60))  # in one lane, it would wait in vain
        has_ended.set()

    lanes(Job("long", "", NEVER, read_everything, also_on_start=True), Job("seal", "", NOW, seal, lane=Lane.SHORT))

    assert has_ended.wait(120)
    assert long_saw == [True]


def test_long_jobs_take_turns(lanes):
    running, most, enough = [], [], threading.Event()

    def work():
        running.append(1)
        most.append(len(running))
        if len(most) >= 6:
            enough.set()
        running.pop()

    lanes(Job("one", "", NOW, work), Job("other", "", NOW, work))

    assert enough.wait(60)
    assert max(most) == 1


def test_a_job_that_fails_is_called_again_and_stops_nobody(lanes):
    calls, others = [], threading.Event()
    twice = threading.Event()

    def fail():
        calls.append(1)
        if len(calls) == 2:
            twice.set()
        raise ValueError

    lanes(Job("failing", "", NOW, fail), Job("other", "", NEVER, others.set, also_on_start=True))

    assert twice.wait(60)
    assert others.wait(60)


def test_a_job_waits_for_its_time_unless_it_is_wanted_on_start(lanes):
    called, is_started = [], threading.Event()

    lanes(
        Job("later", "", NEVER, lambda: called.append("later")),
        Job("now", "", NEVER, lambda: called.append("now"), also_on_start=True),
        Job("last", "", NEVER, is_started.set, also_on_start=True),
    )

    assert is_started.wait(60)
    assert called == ["now"]
