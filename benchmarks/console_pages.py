"""Pages of the big community, opened by twenty people at once, while the worker imports a large file into it.

The server is `juluo up`. The visitors are a process of their own; each is somebody signed in who opens page after page as a browser does:
the page, then at once everything it fetches as soon as it is there. A page counts from the click until its last part has arrived. People
read for five seconds on the average between pages; what happens when nobody ever reads is printed as well. Styles and scripts are not
fetched: browsers keep them. The visitors run on the same processors as the server, the worker and its import.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from statistics import median, quantiles

from benchmarks.frame import Cost, Result, apart, cost
from benchmarks.world import SLUG, copied, inside, messages

GOAL = 1.0
MEDIAN, P95 = 0.3, 1.0  # seconds
USERS = 20
READING = 5.0  # seconds that somebody looks at a page before opening the next: between a half and one and a half of it, evenly spread
VISITING, PRESSING = 60.0, 15.0  # seconds of each run
ROWS = 3_000_000  # of the file: enough to last
CONNECTIONS = 4  # of a browser to a server, at most, for the parts of a page

PAGES = {
    "今日": ("today/", 4),
    "成员": ("members/", 2),
    "成员，按发言排": ("members/?sort=-messages", 1),
    "成员，第三页": ("members/?page=3", 1),
    "成员，搜索": ("members/?words=%E9%98%BF", 1),
    "一位成员": ("members/{member}/", 2),
    "洞察": ("insight/", 2),
    "洞察，90 天": ("insight/?range=90d", 1),
    "洞察 · 活跃": ("insight/activity/", 1),
    "洞察 · 增长": ("insight/growth/", 1),
    "洞察 · 留存": ("insight/retention/", 1),
    "洞察 · 答疑": ("insight/response/", 1),
    "洞察 · 话题": ("insight/topics/", 1),
    "洞察 · 情绪": ("insight/moods/", 1),
    "洞察 · 结构": ("insight/structure/", 1),
    "健康度报告": ("reports/", 1),
    "一周的报告": ("reports/{week}/", 2),
    "数据源": ("sources/", 1),
}
_LOADED = re.compile(
    r'<[a-z]+[^>]*\shx-get="([^"]+)"[^>]*\shx-trigger="load[^"]*"|<[a-z]+[^>]*\shx-trigger="load[^"]*"[^>]*\shx-get="([^"]+)"'
)


def bench() -> Result:
    file = messages(ROWS)
    with copied() as data:
        facts = apart(prepare, str(data), str(file)).says
        with served(data) as (address, pids):
            _wait(data)
            before = _processor(pids)
            reading = apart(visit, address, facts, VISITING, READING)
            spent = _processor(pids) - before
            pressing = apart(visit, address, facts, PRESSING, 0.0)
            state = _import(data)
    pages = [seconds for times in reading.says["pages"].values() for seconds in times]
    middle, late = median(pages), quantiles(pages, n=20)[-1]
    lines = [
        f"{USERS} people who read {READING:g} s: {_told(reading, VISITING)}, slowest {_ms(max(pages))}",
        f"{USERS} people who never read: {_told(pressing, PRESSING)}",
        f"server and worker used {spent / VISITING:.1f} processors meanwhile; the import was {state}",
        *(
            f"  {name}: {len(times)} times, median {_ms(median(times))}, slowest {_ms(max(times))}"
            for name, times in sorted(reading.says["pages"].items(), key=lambda pair: -median(pair[1]))
        ),
        *(f"  !! {fault}" for fault in reading.says["faults"][:5] + pressing.says["faults"][:5]),
    ]
    is_well = not reading.says["faults"] and not pressing.says["faults"] and not state.startswith("failed")
    return Result(max(middle / MEDIAN, late / P95), GOAL, lines=lines, also=is_well)


def _told(visited: Cost, seconds: float) -> str:
    pages = [one for times in visited.says["pages"].values() for one in times]
    requests = len(visited.says["requests"])
    return (
        f"{len(pages)} pages of {requests} requests in {seconds:g} s, "
        f"median {_ms(median(pages))}, 95 of 100 within {_ms(quantiles(pages, n=20)[-1])}"
    )


def prepare(data: str, file: str) -> Cost:
    """Twenty people with a session each, everything done that the worker does after an import, and another import in the queue."""
    with inside(Path(data)), cost() as measured:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        from juluo.ground.accounts.models import User
        from juluo.ground.accounts.types import Role
        from juluo.ground.communities.actions import appoint
        from juluo.ground.communities.models import Community
        from juluo.insight.metrics.jobs import warm_ranges
        from juluo.kit.jobs import jobs
        from juluo.record.imports.actions import hand_over, look
        from juluo.record.imports.jobs import queue
        from juluo.record.people.models import Member

        community = Community.objects.get(slug=SLUG)
        sessions = []
        for number in range(USERS):
            user = User.objects.create_user(f"visitor{number}", password=None)
            appoint(user, community, role=(Role.MANAGER, Role.EDITOR, Role.PLANNER, Role.VIEWER)[number % 4])
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            sessions.append(session.session_key)
        for job in jobs:
            job.run()
        warm_ranges(community)
        imported = hand_over(community, Path(file))
        look(imported)
        queue(imported)
        lively = Member.objects.filter(community=community, kind="person").order_by("-messages")[:200]
        weeks = community.weekly_reports.order_by("-start").values_list("week", flat=True)  # type: ignore[attr-defined]
    measured.says = {"sessions": sessions, "members": [member.pk for member in lively], "week": weeks[0], "state": imported.state}
    return measured


@contextmanager
def served(data: Path) -> Iterator[tuple[str, list[int]]]:
    """`juluo up` on a data folder: its address and its processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_")}
    environment |= {"JULUO_DATA_DIR": str(data), "JULUO_PORT": str(port), "JULUO_SAMPLE": "false"}
    with (data.parent / "up.log").open("w") as log:
        up = subprocess.Popen([sys.executable, "-m", "juluo.site", "up"], env=environment, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if up.poll() is not None or time.monotonic() > deadline:
                        raise RuntimeError((data.parent / "up.log").read_text()[-2000:]) from None
                    time.sleep(0.2)
            time.sleep(1)
            yield f"127.0.0.1:{port}", _family(up.pid)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(30)


def visit(address: str, facts: dict, seconds: float, reading: float) -> Cost:
    """Twenty people at once for so many seconds; `says` how long every page and request took."""
    found: dict[str, list[float]] = defaultdict(list)
    requests: list[float] = []
    faults: list[str] = []
    with cost() as measured:
        until = time.perf_counter() + seconds
        visitors = [
            threading.Thread(target=_visitor, args=(address, number, facts, until, reading, found, requests, faults))
            for number in range(USERS)
        ]
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
    measured.says = {"pages": dict(found), "requests": requests, "faults": faults}
    return measured


def _visitor(address: str, number: int, facts: dict, until: float, reading: float, found: dict, requests: list, faults: list) -> None:
    chance = random.Random(number)
    names, weights = list(PAGES), [weight for _, weight in PAGES.values()]
    local = threading.local()

    def get(path: str, page: str = "") -> str:
        begun = time.perf_counter()
        headers = {"Cookie": f"sessionid={facts['sessions'][number]}", "Accept-Language": "zh-hans"}
        if page:
            headers |= {"HX-Request": "true", "HX-Current-URL": f"http://{address}{page}"}
        is_new = not hasattr(local, "connection")
        if is_new:
            local.connection = http.client.HTTPConnection(address, timeout=60)
        try:
            local.connection.request("GET", path, headers=headers)
            answer = local.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if is_new:
                raise
            del local.connection  # the server had closed an idle one; a browser opens another without a word
            return get(path, page)
        body = answer.read().decode()
        requests.append(time.perf_counter() - begun)
        if answer.status != 200:
            faults.append(f"{path} answered {answer.status}")
        return body

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        time.sleep(chance.random() * max(reading, 0.2))
        while time.perf_counter() < until:
            name = chance.choices(names, weights)[0]
            path = f"/c/{SLUG}/" + PAGES[name][0].format(member=chance.choice(facts["members"]), week=facts["week"])
            begun = time.perf_counter()
            try:
                page = get(path)
                parts = [unescape(one or other) for one, other in _LOADED.findall(page)]
                list(pool.map(lambda part: get(part, page=path), parts))  # noqa: B023
            except OSError as error:
                faults.append(f"{path}: {error!r}")
                local.__dict__.clear()
            else:
                found[name].append(time.perf_counter() - begun)
            time.sleep(chance.uniform(0.5, 1.5) * reading)


def _wait(data: Path) -> None:
    """Until the import is well under way."""
    deadline = time.monotonic() + 120
    while not (_import(data).startswith("reading") and not _import(data).endswith(" 0 rows")):
        assert time.monotonic() < deadline, f"the import does not begin: {_import(data)}"
        time.sleep(0.5)


def _import(data: Path) -> str:
    with sqlite3.connect(f"file:{data / 'juluo.sqlite3'}?mode=ro", uri=True) as store:
        state, rows, error = store.execute("SELECT state, rows, error FROM imports_import ORDER BY id DESC LIMIT 1").fetchone()
    return f"{state} at {rows:,} rows" + (f" ({json.loads(error)})" if error and error != "{}" else "")


def _family(pid: int) -> list[int]:
    """A process and all that came from it."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children[int(fields[1])].append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children[one]
    return found


def _processor(pids: list[int]) -> float:
    """Seconds of processor these processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"
