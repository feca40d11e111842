"""Several processes at one lake: `python -m tests.faults.crowd FOLDER` lets writers merge and readers read as fast as they can.

Each batch brings `SIZE` rows of its own and one that every batch brings. Prints one line of JSON.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable

os.environ["JULUO_DATA_DIR"] = sys.argv[1]
os.environ["JULUO_DATABASE_URL"] = os.environ["JULUO_LAKE_URL"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "juluo.site.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from juluo.ground.communities.models import Community  # noqa: E402
from juluo.record.events.actions import accept  # noqa: E402
from juluo.record.events.models import InboxEvent  # noqa: E402
from juluo.record.lake.actions import seal  # noqa: E402
from juluo.record.lake.errors import LakeBusy  # noqa: E402
from juluo.record.lake.queries import ask  # noqa: E402
from juluo.record.lake.tables import DAILY, EVENTS  # noqa: E402
from tests.cast import history, merged, said  # noqa: E402

WRITERS, BATCHES, SIZE = 3, 4, 40
COUNT = EVENTS.agg(n=EVENTS.count(), who=EVENTS.key.nunique())
ROLLED = DAILY.agg(n=DAILY.n.sum())


def begin(_: int) -> None:
    call_command("migrate", verbosity=0)
    history([said("人0", "2025-12-31 23:00", key="first")], as_of=1)


def write(writer: int) -> None:
    community = Community.objects.get()
    for batch in range(BATCHES):
        mine = [said(f"人{n}", f"2026-0{1 + writer}-{1 + n % 28:02d} 09:{batch:02d}", key=f"{writer}.{batch}.{n}") for n in range(SIZE)]
        while True:
            try:
                merged(community, [*mine, said("阿树", "2026-01-15 12:00", key="shared")], as_of=1)
                break
            except LakeBusy:
                time.sleep(0.05)


def trickle(_: int) -> None:
    """Live events meanwhile, sealed as they come."""
    community = Community.objects.get()
    for batch in range(BATCHES):
        accept(community.pk, [said("小满", f"2026-05-0{1 + batch} 10:{n:02d}", key=f"live.{batch}.{n}") for n in range(SIZE)])
        while InboxEvent.objects.filter(sealed_at=None).exists():
            try:
                seal(community)
            except LakeBusy:
                time.sleep(0.05)


def read(_: int) -> None:
    """Every answer is of a moment: whole batches, each once, and the shared row with the first."""
    community = Community.objects.get()
    total = (WRITERS + 1) * BATCHES * SIZE + 2
    while True:
        (found,) = ask(community.pk, COUNT).to_pylist()
        if found["n"] != found["who"] or (found["n"] - 1) % SIZE not in (0, 1):
            raise AssertionError(f"read {found}")
        if found["n"] == total:
            return


def spawn(work: Callable[[int], None], number: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work(number)
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a child must not go on as its parent)
        traceback.print_exc()
        os._exit(1)


def main() -> dict[str, object]:
    os.waitpid(spawn(begin, 0), 0)
    children = [spawn(write, n) for n in range(WRITERS)] + [spawn(trickle, 0)] + [spawn(read, n) for n in range(2)]
    ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    community = Community.objects.get()
    (rows,), (rolled,) = ask(community.pk, COUNT).to_pylist(), ask(community.pk, ROLLED).to_pylist()
    return {"ends": ends, "rows": rows["n"], "keys": rows["who"], "rolled": rolled["n"], "expected": (WRITERS + 1) * BATCHES * SIZE + 2}


if __name__ == "__main__":
    print(json.dumps(main()))
