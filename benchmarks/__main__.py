"""`python -m benchmarks [NAME …]`: run these benchmarks, or all; each closes with a line that a script can read."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Sequence

import benchmarks
from benchmarks.frame import Absent, Result


def names() -> list[str]:
    """Every module here that has a `bench`."""
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_"))
    return [name for name in found if name != "frame" and hasattr(importlib.import_module(f"benchmarks.{name}"), "bench")]


def main(wanted: Sequence[str]) -> int:
    if unknown := set(wanted) - set(names()):
        print(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names())}")
        return 2
    if len(wanted) == 1:
        return run(wanted[0])
    # A process each, so that one benchmark's memory and threads do not weigh on the next.
    return max([subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode for name in wanted or names()])


def run(name: str) -> int:
    try:
        result: Result = importlib.import_module(f"benchmarks.{name}").bench()
    except Absent as absent:
        print(f"BENCH {name} skipped: {absent}", flush=True)
        return 0
    for line in result.lines:
        print(f"  {line}")
    print(f"BENCH {name} ratio={result.ratio:.2f} goal={result.goal:g} {'ok' if result.is_met else 'short'}", flush=True)
    return 0 if result.is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
