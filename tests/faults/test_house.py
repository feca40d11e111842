"""The whole product, killed in the middle of its work: whatever was told to it is there in the end, once."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
SETTLE = """
import django; django.setup()
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found
from juluo.ground.tokens.actions import issue
from juluo.site.process import prepare
prepare()
print(issue(found("山里来信", slug="yard"), name="导入", role=Role.ADMIN)[1])
"""
NAME = "WhatsApp Chat with 山里来信.txt"
PEOPLE = ("阿树", "小满", "河边", "石头")
LINES = 30_000
CHAT = "".join(
    f"2026/{1 + n // 5_000:02d}/{1 + n // 200 % 28:02d}, {8 + n // 60 % 12:02d}:{n % 60:02d} - {PEOPLE[n * 7 % 4]}: 第 {n} 句话\n"
    for n in range(LINES)
).encode()


def place(folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_")}
    ours = {
        "JULUO_DATA_DIR": str(folder),
        "JULUO_SAMPLE": "false",
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "juluo.site.settings",
    }
    return kept | ours


def command(*words):
    return [sys.executable, "-m", "juluo.site", *map(str, words)]


def juluo(folder, *words, ok=True, **more):
    done = subprocess.run(command(*words), env=place(folder), capture_output=True, text=True, timeout=300, **more)
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout + done.stderr


def totals(folder):
    said = juluo(folder, "report", "--community", "yard", "--json")
    return json.loads(said[said.index("{") : said.rindex("}") + 1])["totals"]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    file = tmp_path_factory.mktemp("export") / NAME
    file.write_bytes(CHAT)
    return file


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, export):
    """The totals of an import that nobody disturbed, and how long it took (to choose moments by, never to judge)."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    juluo(folder, "import", export, "-c", "yard", "--yes")
    took = time.monotonic() - began
    found = totals(folder)
    assert found["messages"] == LINES
    return found, took


class House:
    """A running `juluo up` that can be talked to by its API, and killed with all its processes at once, as by a power cut."""

    def __init__(self, folder, key):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.key = key
        self.log = (folder.parent / "up.log").open("a")
        self.process = subprocess.Popen(command("up", "--port", self.port), env=place(folder), stdout=self.log, stderr=self.log)
        wait_for(self._answers)

    def _answers(self):
        with suppress(OSError):
            return self.ask("GET", "")
        return None

    def ask(self, method, path, body=None, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = json.dumps(body) if isinstance(body, dict) else body
        kind = "application/json" if isinstance(body, dict) else "application/octet-stream"
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": kind} | headers
        line.request(method, f"/api/v1/communities/yard/imports/{path}", data, sent)
        answer = line.getresponse()
        said = answer.read()
        assert answer.status < 300, (answer.status, said)
        return json.loads(said) or True

    def send(self, number, offset, piece):
        return self.ask("PATCH", f"{number}/content", piece, **{"Upload-Offset": str(offset)})

    def send_half(self, number, offset, piece):
        """A piece whose second half never comes."""
        line = socket.create_connection(("127.0.0.1", self.port))
        head = (
            f"PATCH /api/v1/communities/yard/imports/{number}/content HTTP/1.1\r\nHost: 127.0.0.1\r\nUpload-Offset: {offset}\r\n"
            f"Authorization: Bearer {self.key}\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(piece)}\r\n\r\n"
        )
        line.sendall(head.encode() + piece[: len(piece) // 2])
        return line

    def kill(self):
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def descendants(pid):
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def wait_for(condition):
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


@contextmanager
def house(folder, key):
    running = House(folder, key)
    try:
        yield running
    finally:
        running.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes to kill in /proc")
def test_killed_during_the_upload_and_during_the_import_it_ends_with_everything_once(tmp_path, undisturbed):
    home = tmp_path / "home"
    settled = subprocess.run([sys.executable, "-c", SETTLE], env=place(home), capture_output=True, text=True, check=True)
    key = settled.stdout.split()[-1]
    third = len(CHAT) // 3

    with house(home, key) as one:
        number = one.ask("POST", "", {"name": NAME, "size": len(CHAT)})["id"]
        assert one.send(number, 0, CHAT[:third])["offset"] == third
        half = one.send_half(number, third, CHAT[third : 2 * third])
    half.close()
    with house(home, key) as two:
        offset = two.ask("GET", str(number))["received"]
        assert offset == third  # what was acknowledged is there, and nothing else
        two.send(number, offset, CHAT[third : 2 * third])
        if two.send(number, 2 * third, CHAT[2 * third :])["state"] == "asking":
            two.ask("POST", f"{number}/answers", {})
        wait_for(lambda: two.ask("GET", str(number))["state"] != "queued")
    with house(home, key) as three:
        wait_for(lambda: three.ask("GET", str(number))["state"] in ("merging", "done"))
    with house(home, key) as four:
        done = wait_for(lambda: (now := four.ask("GET", str(number)))["state"] == "done" and now)

    assert (done["added"], done["rejected"]) == (LINES, 0)
    assert totals(home) == undisturbed[0]
    assert "✗" not in juluo(home, "doctor")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_when_only_the_parent_is_killed_its_children_stop_and_the_port_is_free_again(tmp_path):
    home = tmp_path / "home"
    settled = subprocess.run([sys.executable, "-c", SETTLE], env=place(home), capture_output=True, text=True, check=True)
    with house(home, settled.stdout.split()[-1]) as one:
        children = descendants(one.process.pid)
        one.process.kill()
        one.process.wait()

        wait_for(lambda: not any(is_running(pid) for pid in children))

        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", one.port))
    assert len(children) >= 2


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("seed", [1, 2])
def test_an_import_from_the_terminal_killed_at_any_moment_and_repeated_is_whole(tmp_path, export, undisturbed, seed):
    expected, took = undisturbed
    for _ in range(2):
        running = subprocess.Popen(
            command("import", export, "-c", "yard", "--yes"), env=place(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with suppress(subprocess.TimeoutExpired):
            running.wait(random.Random(seed * 10 + _).uniform(0.2, 1.0) * took)
        running.kill()
        running.wait()

    juluo(tmp_path, "import", export, "-c", "yard", "--yes")

    assert totals(tmp_path) == expected


def test_a_backup_while_an_import_runs_holds_the_history_before_it_or_after_it(tmp_path, export, undisturbed):
    home, first = tmp_path / "home", tmp_path / NAME
    first.write_bytes(b"".join(CHAT.splitlines(keepends=True)[:500]))
    juluo(home, "import", first, "-c", "yard", "--yes")
    before = totals(home)

    running = subprocess.Popen(
        command("import", export, "-c", "yard", "--yes"), env=place(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        juluo(home, "backup", tmp_path / "all.tar")
    finally:
        assert running.wait(300) == 0
    juluo(tmp_path / "there", "restore", tmp_path / "all.tar")

    assert totals(tmp_path / "there") in (before, undisturbed[0])
    assert totals(home) == undisturbed[0]


def test_a_full_disk_is_told_and_the_import_goes_through_once_there_is_room(tmp_path, export, undisturbed):
    def little_room():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    juluo(tmp_path, "doctor")

    said = juluo(tmp_path, "import", export, "-c", "yard", "--yes", ok=False, preexec_fn=little_room)

    assert "磁盘空间不够" in said
    assert "Traceback" not in said
    assert [path.name for path in (tmp_path / "staging").glob("[0-9]*") if path.is_dir()] == []
    juluo(tmp_path, "import", export, "-c", "yard", "--yes")
    assert totals(tmp_path) == undisturbed[0]
