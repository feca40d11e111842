"""A process to be killed: `python -m tests.faults.rig FOLDER SCENARIO STRIDE` does the deed again and again and dies later each time.

Everything is real: files, SQLite, DuckDB, and SIGKILL. A step is whatever may leave a trace on the disk: a statement, a commit, a
file written, named or made durable; we die before it or right after. After each death somebody looks, then the deed is done again,
undisturbed, and the end is compared with that of a run nobody disturbed. Prints one line of JSON.
"""

import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1])
HOME, BASE = FOLDER / "home", FOLDER / "base"
os.environ["JULUO_DATA_DIR"] = str(HOME)
os.environ["JULUO_DATABASE_URL"] = os.environ["JULUO_LAKE_URL"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "juluo.site.settings"

import django  # noqa: E402

django.setup()

import pyarrow.parquet as pq  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from juluo.ground.communities.models import Community  # noqa: E402
from juluo.record.connectors.types import Person  # noqa: E402
from juluo.record.events.actions import accept  # noqa: E402
from juluo.record.events.models import InboxEvent  # noqa: E402
from juluo.record.events.rules import actor_id  # noqa: E402
from juluo.record.imports.actions import hand_over, look, run  # noqa: E402
from juluo.record.imports.models import Import  # noqa: E402
from juluo.record.lake import queries, rules  # noqa: E402
from juluo.record.lake.actions import compact, erase, seal  # noqa: E402
from juluo.record.lake.adapters import embedded  # noqa: E402
from juluo.record.lake.models import LakeState, Segment  # noqa: E402
from juluo.record.lake.queries import ask, lake  # noqa: E402
from juluo.record.lake.tables import DAILY, EVENTS, PEOPLE  # noqa: E402
from juluo.record.people.measures import SUMMARY  # noqa: E402
from juluo.record.people.models import Member  # noqa: E402
from tests.cast import SOURCE, history, said  # noqa: E402

EVERYTHING = {
    "events": EVENTS.select("key", "day", "hour", "text", "actor", "version").order_by("key"),
    "daily": DAILY.group_by("day", "actor").agg(n=DAILY.n.sum()).order_by("day", "actor"),
    "people": PEOPLE.select("identity", "kind").order_by("identity"),
}


# -- the deeds ----------------------------------------------------------------------------------------------------


def prepare() -> None:
    """A community with two segments, a tail, and an export on the doorstep that overlaps both and changes a row."""
    HOME.mkdir(exist_ok=True)
    call_command("migrate", verbosity=0)
    old = [said(f"人{n % 5}", f"2025-12-{1 + n % 28:02d} 09:{n % 60:02d}", f"旧 {n}", key=f"k{n}") for n in range(60)]
    community = history(old, people=[Person(SOURCE, "人1", "大树")], as_of=10)
    history([said("人7", "2026-02-03 08:00", "另一段", key="other")], into=community, as_of=20)
    accept(community.pk, [said("阿树", f"2026-03-02 10:{n:02d}", f"新 {n}", key=f"t{n}") for n in range(20)])
    rows = ["key,time,who,text", *[f"c{n},2026-01-{1 + n % 28:02d} 12:{n % 60:02d}:00,人{n % 8},外来 {n}" for n in range(80)]]
    (HOME / "export.csv").write_text("\n".join(rows), "utf-8")
    look(hand_over(community, HOME / "export.csv"))
    columns = {"time": "time", "sender": "who", "text": "text", "key": "key"}
    Import.objects.update(answers={"columns": columns}, state="queued")


def bring_in() -> None:
    run(Import.objects.get())


def seal_tail() -> None:
    seal(Community.objects.get())


def join_segments() -> None:
    rules.MANY_SMALL = 2  # two make a crowd
    assert compact(Community.objects.get()) or Segment.objects.count() == 1


def forget_somebody() -> None:
    community = Community.objects.get()
    erase(community, [actor_id(community.pk, SOURCE, who) for who in ("人1", "阿树")])


SCENARIOS: dict[str, Callable[[], None]] = {
    "import": bring_in,
    "seal": seal_tail,
    "compact": join_segments,
    "erase": forget_somebody,
}


def state() -> dict[str, Any]:
    """Everything that somebody could see."""
    community = Community.objects.get()
    seen: dict[str, Any] = {name: ask(community.pk, question).to_pylist() for name, question in EVERYTHING.items()}
    seen["segments"] = Segment.objects.count()
    seen["tail"] = InboxEvent.objects.filter(sealed_at=None).count()
    seen["imports"] = list(Import.objects.values_list("state", "rows", "added", "replaced", "known", "rejected"))
    seen["members"] = sorted(Member.objects.values_list("name", "messages", "active_days"))
    return json.loads(json.dumps(seen, default=str))


def litter() -> list[str]:
    """What lies about after a sweep an hour and more later, though nothing names it."""
    long_ago = time.time() - 3 * 3600
    for path in (HOME / "lake").rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))
    lake().sweep()
    listed = {name for names in Segment.objects.values_list("file", "daily", "texts") for name in names}
    listed |= {name for files in LakeState.objects.values_list("people", flat=True) for name, _ in files}
    kept = {path.relative_to(HOME / "lake").as_posix() for path in (HOME / "lake").glob("[0-9]*/*")}
    left = [*(kept - listed), *((listed - {""}) - kept), *[path.name for path in (HOME / "staging").glob("*") if path.is_dir()]]
    _ours, *others = [path.name for path in (HOME / "lake" / ".spill").glob("*")]
    return left + others


# -- dying --------------------------------------------------------------------------------------------------------


class Steps:
    """Counts the steps of this process and kills it at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.taken = 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        work = getattr(owner, name)

        def stepping(*args: Any, **kwargs: Any) -> Any:
            self.step()
            done = work(*args, **kwargs)
            self.step()
            return done

        setattr(owner, name, stepping)

    def watch(self) -> None:
        for owner, name in ((os, "replace"), (os, "fsync"), (shutil, "rmtree"), (embedded, "_write"), (pq.ParquetWriter, "write_table")):
            self.around(owner, name)
        self.around(BaseDatabaseWrapper, "_commit")
        connection.execute_wrappers.append(self._statement)

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith("SELECT"):
            self.step()
        return execute(sql, params, many, context)


def in_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Run `work` in a process of its own; how it ended (a negative number is the signal) and what it said."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            said_back = json.dumps(work())
            with os.fdopen(writing, "w") as pipe:
                pipe.write(said_back)
            os._exit(0)
        except BaseException:  # noqa: BLE001  (a child must not go on as its parent)
            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said_back = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code, json.loads(said_back) if said_back else None


def fresh() -> None:
    """The base state again."""
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.copytree(BASE, HOME)


def dying_at(deed: Callable[[], None], step: int) -> Callable[[], int]:
    def die() -> int:
        steps = Steps(step)
        steps.watch()
        deed()
        return steps.taken

    return die


def dying_in_a_file(deed: Callable[[], None], size: int) -> Callable[[], int]:
    """Let the kernel kill us in the middle of writing, once a file grows beyond `size`."""

    def die() -> int:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        deed()
        return 0

    return die


@contextmanager
def no_connections() -> Iterator[None]:
    """Nothing open is shared with a child."""
    connections.close_all()
    yield
    connections.close_all()


def aftermath(deed: Callable[[], None]) -> dict[str, Any]:
    """What a survivor finds, does, and leaves."""
    found = state()
    deed()
    return {"found": found, "again": state(), "litter": litter()}


def warm_up() -> None:
    """Import and compile once what every child would."""
    import pandas  # noqa: F401  (Arrow does, when it meets its first list)

    for question in (*EVERYTHING.values(), SUMMARY):
        queries._compile(lake(), question)


def main(scenario: str, stride: int) -> dict[str, Any]:
    deed = SCENARIOS[scenario]
    warm_up()
    code, _ = in_child(lambda: prepare() or 0)
    assert code == 0
    shutil.copytree(HOME, BASE)
    _, before = in_child(state)
    code, total = in_child(dying_at(deed, 0))
    assert code == 0
    _, after = in_child(state)
    assert before != after
    deaths = [(f"step {step}", dying_at(deed, step)) for step in range(1, total + 1, stride)]
    deaths += [(f"byte {size}", dying_in_a_file(deed, size)) for size in (700, 1_500, 3_000)]
    killed, faults = 0, []
    for when, death in deaths:
        fresh()
        code, _ = in_child(death)
        killed += code in (-signal.SIGKILL, -signal.SIGXFSZ)
        code, met = in_child(lambda: aftermath(deed))
        if code:
            faults.append(f"{when}: nobody could go on")
            continue
        faults += [
            f"{when}: {part} are neither before nor after" for part in EVERYTHING if met["found"][part] not in (before[part], after[part])
        ]
        faults += [f"{when}: done again, {part} differ" for part in after if met["again"][part] != after[part]]
        faults += [f"{when}: {name} lies about" for name in met["litter"]]
    return {"steps": total, "deaths": len(deaths), "killed": killed, "faults": faults}


if __name__ == "__main__":
    with no_connections():
        print(json.dumps(main(sys.argv[2], int(sys.argv[3])), ensure_ascii=False))
