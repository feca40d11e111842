"""`juluo report` as a person types it: a process of its own, a folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from juluo.site import scratch

CHAT = """[2026/3/2 09:00:00] 阿树: 早上好
[2026/3/2 09:01:00] 小满: 早，今天有活动吗？
[2026/3/2 09:02:00] 阿树: 有的，晚上八点
[2026/3/3 10:00:00] 隔壁: 我也想来
[2026/3/3 10:01:00] 小满: 欢迎
"""


def juluo(*words, home: Path, **more):
    """Run the command with `home` as home folder and no settings; (exit status, stdout, stderr)."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JULUO_")} | {"HOME": str(home)}
    found = subprocess.run(
        [sys.executable, "-m", "juluo.site", *words], capture_output=True, text=True, env={**environment, **more}, check=False
    )
    return found.returncode, found.stdout, found.stderr


@pytest.fixture
def chat(tmp_path):
    file = tmp_path / "_chat.txt"
    file.write_text(CHAT, encoding="utf-8")
    return file


def test_a_file_becomes_a_report_and_nothing_is_left_behind(chat, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    page = tmp_path / "out" / "report.html"

    status, out, err = juluo("report", str(chat), "--json", "--yes", "--out", str(page), home=home)

    assert status == 0, err
    found = json.loads(out)
    assert found["totals"]["messages"] == 5
    assert found["totals"]["members"] == 3
    assert found["totals"]["rejected"] == 0
    assert found["week"] == "2026-W10"
    assert found["score"] is None
    assert found["metrics"]["messages"]["value"] == 5
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert list(home.iterdir()) == []


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "noise.bin"
    file.write_bytes(bytes(range(256)) * 40)

    status, out, err = juluo("report", str(file), "--json", home=tmp_path)

    assert status == 1
    assert out == ""
    assert "没有认出" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["report", "chat.zip"], True),
        (["report", "chat.zip", "--week", "2026-W10"], True),
        (["report", "chat.zip", "--community", "a"], False),
        (["report", "--community=a"], False),
        (["report", "-c", "a"], False),
        (["report", "-ca"], False),
        (["report", "--help"], False),
        (["import", "chat.zip"], False),
        ([], False),
    ],
)
def test_only_a_report_on_a_file_alone_gets_a_folder_of_its_own(words, expected):
    assert scratch.wanted(words) is expected


def test_a_scratch_folder_keeps_the_users_own_language_and_is_gone_afterwards(tmp_path, monkeypatch):
    (tmp_path / "juluo.toml").write_text('language = "en"\ndatabase_url = "postgresql://x"\n', encoding="utf-8")
    for name in ("JULUO_LANGUAGE", "JULUO_LAKE_URL", "JULUO_DATABASE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.delenv("JULUO_LANGUAGE")
    monkeypatch.setenv("JULUO_DATA_DIR", str(tmp_path))

    with scratch.folder() as made:
        assert os.environ["JULUO_DATA_DIR"] == str(made) != str(tmp_path)
        assert os.environ["JULUO_LANGUAGE"] == "en"
        assert os.environ["JULUO_DATABASE_URL"] == ""

    assert not made.exists()
