"""The command from outside: a user's shell, real processes, a data folder of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
CHAT = "".join(
    f"2026/03/{day:02d}, 09:{minute:02d} - {who}: 第 {day} 天\n" for day in range(1, 29) for minute, who in enumerate(("阿树", "小满"))
)


def juluo(folder, *arguments, ok=True, **more):
    """Run the command in `folder`; its output. Fails when it fails, unless `ok` is False."""
    place = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_") and name != "DJANGO_SETTINGS_MODULE"}
    place |= {"JULUO_DATA_DIR": str(folder), "JULUO_SAMPLE": "false", "COLUMNS": "200", "PYTHONPATH": str(HERE / "src")} | more
    done = subprocess.run(
        [sys.executable, "-m", "juluo.site", *map(str, arguments)], env=place, capture_output=True, text=True, timeout=180
    )
    assert (done.returncode == 0) == ok, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def chat(tmp_path):
    file = tmp_path / "WhatsApp Chat with 山里来信.txt"
    file.write_text(CHAT, encoding="utf-8")
    return file


def totals(folder):
    said = juluo(folder, "report", "--community", "yard", "--json")
    return json.loads(said[said.index("{") : said.rindex("}") + 1])["totals"]


def test_what_was_backed_up_comes_back_elsewhere(tmp_path, chat):
    here, there, backup = tmp_path / "here", tmp_path / "there", tmp_path / "all.tar"
    juluo(here, "import", chat, "-c", "yard", "--yes")
    before = totals(here)

    juluo(here, "backup", backup)
    juluo(there, "restore", backup)

    assert before["messages"] == 56
    assert totals(there) == before


def inside(folder, lines, *arguments):
    """Run some lines of Python in an installation; what they print, as JSON."""
    place = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_")}
    place |= {"JULUO_DATA_DIR": str(folder), "JULUO_SAMPLE": "false", "PYTHONPATH": str(HERE / "src")}
    place |= {"DJANGO_SETTINGS_MODULE": "juluo.site.settings"}
    program = f"import json, sys, django; django.setup()\n{lines}"
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], env=place, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


HALF_AN_UPLOAD = """
from juluo.ground.communities.actions import found
from juluo.record.imports.actions import append, begin_upload
from juluo.site.process import prepare
prepare()
whole = open(sys.argv[1], "rb").read()
imported = begin_upload(found("山里来信", slug="yard"), "WhatsApp Chat with 山里来信.txt", len(whole))
append(imported, 0, whole[:1000])
print(imported.pk)
"""
THE_OTHER_HALF = """
from juluo.record.imports.actions import append, look, run
from juluo.record.imports.models import Import
whole = open(sys.argv[1], "rb").read()
imported = Import.objects.get()
offset = imported.received
append(imported, offset, whole[offset:])
look(imported)
run(imported)
print(json.dumps([imported.pk, offset, imported.state, imported.added, imported.rejected]))
"""


def test_an_upload_that_was_half_done_goes_on_where_it_stood_after_a_restore_elsewhere(tmp_path, chat):
    here, there, backup = tmp_path / "here", tmp_path / "there", tmp_path / "all.tar"
    number = inside(here, HALF_AN_UPLOAD, chat)
    juluo(here, "backup", backup)
    here.rename(tmp_path / "gone")

    juluo(there, "restore", backup)
    went_on = inside(there, THE_OTHER_HALF, chat)

    assert went_on == [number, 1000, "done", 56, 0]
    assert totals(there)["messages"] == 56
    assert list((there / "uploads").glob("*")) == []


def test_a_restore_does_not_overwrite_unless_told_and_keeps_what_was_there(tmp_path, chat):
    home, backup = tmp_path / "home", tmp_path / "all.tar"
    juluo(home, "import", chat, "-c", "yard", "--yes")
    juluo(home, "backup", backup)

    refused = juluo(home, "restore", backup, ok=False)
    juluo(home, "restore", backup, "--replace")

    assert "--replace" in refused
    assert totals(home)["messages"] == 56
    assert len(list(tmp_path.glob("home.before-*"))) == 1


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x00" * 4096])
def test_a_broken_backup_changes_nothing(tmp_path, content):
    home, backup = tmp_path / "home", tmp_path / "all.tar"
    backup.write_bytes(content)

    said = juluo(home, "restore", backup, ok=False)

    assert "Traceback" not in said
    assert not (home / "juluo.sqlite3").exists()
    assert list(tmp_path.glob("home.restoring-*")) == []


def test_the_doctor_looks_at_everything_and_says_what_it_found(tmp_path):
    said = juluo(tmp_path / "home", "doctor")

    assert "✓" in said
    assert "Traceback" not in said


def test_it_starts_serves_lets_the_first_administrator_in_once_and_stops(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_") and name != "DJANGO_SETTINGS_MODULE"}
    place |= {"JULUO_DATA_DIR": str(tmp_path / "home"), "JULUO_SAMPLE": "false", "COLUMNS": "200", "PYTHONPATH": str(HERE / "src")}
    log = tmp_path / "up.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", "juluo.site", "up", "--port", str(port)], env=place, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        link = _link(log)
        first, second = _visit(link), _visit(link)
    finally:
        running.send_signal(signal.SIGTERM)
        code = running.wait(30)

    assert first == 200
    assert second in (200, 404, 410)
    assert code == 0
    with socket.socket() as closed:
        assert closed.connect_ex(("127.0.0.1", port)) != 0


def _link(log):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := re.search(r"http://127\.0\.0\.1:\d+/join/\S+", log.read_text()):
            address = found[0]
            try:
                urllib.request.urlopen(address.rsplit("/join", 1)[0] + "/accounts/login/", timeout=5)
            except OSError:
                time.sleep(0.5)
                continue
            return address
        time.sleep(0.5)
    raise AssertionError(log.read_text())


def _visit(address):
    try:
        return urllib.request.urlopen(address, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code
