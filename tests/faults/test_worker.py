"""Two workers, and one of them dies in the middle of an import: on SQLite, and on PostgreSQL when the tests run there."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from juluo.kit.disk import if_free

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
SETTLE = """
import json, sys
import django; django.setup()
from juluo.ground.communities.actions import found
from juluo.record.imports.actions import append, begin_upload, look
from juluo.record.imports.jobs import queue
from juluo.site.process import prepare
prepare()
queued = []
for slug in ("yard", "mountain"):
    community, lines = found(slug, slug=slug), sys.argv[1].encode()
    imported = begin_upload(community, "WhatsApp Chat with 山里来信.txt", len(lines))
    append(imported, 0, lines)
    look(imported)
    assert imported.state == "queued"
    queue(imported)
    queued.append((community.pk, imported.pk))
print(json.dumps(queued))
"""
LINES = 40
CHAT = "".join(f"2026/03/{1 + n % 28:02d}, 09:{n % 60:02d} - {'阿树' if n % 3 else '小满'}: 第 {n} 句话\n" for n in range(LINES))


@pytest.fixture
def database():
    """The address of an empty database, as the setting says it: SQLite in the data folder, or one of our own on the server under test."""
    url = os.environ.get("JULUO_TEST_DATABASE", "")
    if not url:
        yield ""
        return
    import psycopg

    name = f"worker_{uuid4().hex[:8]}"
    with psycopg.connect(url.replace("/juluo?", "/postgres?"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield url.replace("/juluo?", f"/{name}?")
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Place:
    """A data folder and its database, and workers that are at it."""

    def __init__(self, home, database):
        self.home, self.database = home, database
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_")}
        ours = {"JULUO_DATA_DIR": str(home), "JULUO_DATABASE_URL": database, "JULUO_SAMPLE": "false", "PYTHONPATH": str(SOURCE)}
        self.place = kept | ours | {"DJANGO_SETTINGS_MODULE": "juluo.site.settings"}

    def settle(self):
        done = subprocess.run([sys.executable, "-c", SETTLE, CHAT], env=self.place, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def worker(self):
        with (self.home.parent / "worker.log").open("a") as log:
            running = subprocess.Popen([sys.executable, "-m", "juluo.site", "worker"], env=self.place, stdout=log, stderr=log)
        try:
            yield running
        finally:
            running.kill()
            running.wait()

    @contextmanager
    def connected(self):
        if not self.database:
            line = sqlite3.connect(self.home / "juluo.sqlite3", timeout=60, isolation_level=None)
        else:
            import psycopg

            line = psycopg.connect(self.database, autocommit=True)
        try:
            yield line
        finally:
            line.close()

    def ask(self, question):
        with self.connected() as line:
            return line.execute(question).fetchall()

    def state(self, number):
        return self.ask(f"SELECT state FROM imports_import WHERE id = {number}")[0][0]

    def freeze(self, running):
        """Stop a process where it stands, but not in the middle of writing to SQLite, where everybody would wait for it."""
        with self.connected() as line:
            line.execute("BEGIN" if self.database else "BEGIN IMMEDIATE")
            running.send_signal(signal.SIGSTOP)
            line.execute("ROLLBACK")


def wait_for(condition):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(sqlite3.OperationalError):
            if found := condition():
                return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


@pytest.mark.django_db  # so that it is run on PostgreSQL too
def test_an_import_is_left_to_its_worker_while_it_lives_and_taken_up_by_another_once_it_is_killed(tmp_path, database):
    place = Place(tmp_path / "home", database)
    (yard, first), (_, second) = place.settle()

    with ExitStack() as workers:
        slow = workers.enter_context(place.worker())
        with if_free(place.home / "lake" / ".locks" / str(yard)):  # so that it stays in the middle of its work
            wait_for(lambda: place.state(first) == "merging")
            place.freeze(slow)
            workers.enter_context(place.worker())
            wait_for(lambda: place.state(second) == "done")
            while_it_lived = place.state(first)
            slow.kill()
            slow.wait()
        wait_for(lambda: place.state(first) == "done")
        wait_for(lambda: not list((place.home / "staging").glob("[0-9]*")))

    assert while_it_lived == "merging"
    assert place.ask("SELECT added, rejected FROM imports_import ORDER BY id") == [(LINES, 0), (LINES, 0)]
