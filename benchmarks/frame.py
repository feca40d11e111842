"""What benchmarks share: a process apart, an installation of its own, and what a run cost."""

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"


class Absent(Exception):
    """What the benchmark needs is not on this machine."""


@dataclass(frozen=True)
class Result:
    """What a benchmark found. `ratio` is met when it is at most `goal` (costs) or, with `is_more_better`, at least (rates)."""

    ratio: float
    goal: float
    is_more_better: bool = False
    lines: list[str] = field(default_factory=list)
    also: bool = True

    @property
    def is_met(self) -> bool:
        return self.also and (self.ratio >= self.goal if self.is_more_better else self.ratio <= self.goal)


@dataclass
class Cost:
    """What a stretch of work cost: seconds on the clock and on the processors, and what it says of itself.

    `peak` is the most memory its process ever held, in MB.
    """

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    says: Any = None

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s of processor, {self.wall:.2f} s on the clock, {self.peak:.0f} MB"


@contextmanager
def cost() -> Iterator[Cost]:
    """Measure the block."""
    measured = Cost()
    wall, cpu = time.perf_counter(), time.process_time()
    yield measured
    measured.wall, measured.cpu = time.perf_counter() - wall, time.process_time() - cpu
    measured.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(work: Callable[..., Cost], *args: Any, **environment: str) -> Cost:
    """Run a module's function in a new process and give what it measured. Arguments and `says` must be JSON-able."""
    command = [sys.executable, "-m", "benchmarks.frame", work.__module__, work.__name__, json.dumps(args)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def best(*runs: Cost) -> Cost:
    """The run that was disturbed least."""
    return min(runs, key=lambda run: run.cpu)


@contextmanager
def installation() -> Iterator[Path]:
    """A data folder with an empty database, and Django set up on it. Once a process."""
    with tempfile.TemporaryDirectory(prefix="juluo-bench-") as folder:
        for name in [name for name in os.environ if name.startswith("JULUO_")]:
            del os.environ[name]
        os.environ["JULUO_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "juluo.site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield Path(folder)


def file(name: str) -> Path:
    """A file of the real data beside the project. Raises `Absent`."""
    path = DATA / name
    if not path.exists():
        raise Absent(f"../shared/data/{name} is not here")
    return path


if __name__ == "__main__":
    module, function, given = sys.argv[1:]
    measured = getattr(importlib.import_module(module), function)(*json.loads(given))
    print(json.dumps(asdict(measured)))
