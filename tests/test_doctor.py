"""`juluo doctor` on houses with something wrong: each fault is named, in words, with what to do."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

from juluo.surfaces.console import checks

SOURCE = Path(__file__).resolve().parent.parent / "src"
READ_ONLY_SYSTEM = Path("/proc")


def doctor(folder, command="doctor", *arguments, source=SOURCE, **more):
    """What the command says of a data folder, whether it is content, and that it never shows its own entrails."""
    place = {name: value for name, value in os.environ.items() if not name.startswith("JULUO_") and name != "DJANGO_SETTINGS_MODULE"}
    place |= {"JULUO_DATA_DIR": str(folder), "JULUO_SAMPLE": "false", "JULUO_PORT": "0", "PYTHONPATH": str(source)} | more
    words = [sys.executable, "-m", "juluo.site", command, *arguments]
    done = subprocess.run(words, env=place, cwd=source, capture_output=True, text=True, timeout=180)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    return done.returncode == 0, said


@pytest.mark.parametrize(
    ("setting", "value", "advice"),
    [
        ("JULUO_DATABASE_URL", "mysql://root:geheim@localhost/house", "postgresql://"),
        ("JULUO_DATABASE_URL", "postgresql://root:geheim@localhost:port/house", "postgresql://"),
        ("JULUO_LAKE_URL", "http://root:geheim@localhost:8123", "clickhouse://"),
        ("JULUO_MAIL_URL", "mail.geheim.example", "smtp://"),
        ("JULUO_PORT", "geheim", "docs/settings.md"),
        ("JULUO_TIME_ZONE", "Mars/Geheim", "docs/settings.md"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_both_languages_and_not_repeated(tmp_path, setting, value, advice):
    is_well, said = doctor(tmp_path / "home", **{setting: value})

    assert not is_well
    assert said.count(setting) == 2
    assert said.count(advice) >= 2
    assert "geheim" not in said.lower()


def test_a_settings_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "juluo.toml").write_text("language = english please\n")

    is_well, said = doctor(tmp_path)

    assert not is_well
    assert said.count("juluo.toml") >= 2


@pytest.mark.parametrize("kind", ["where nothing can be made", "a file", "read-only"])
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path, kind):
    folder = tmp_path / "home"
    if kind == "where nothing can be made":
        folder = READ_ONLY_SYSTEM / "juluo"
        if not READ_ONLY_SYSTEM.exists():
            pytest.skip("this system has no /proc")
    elif kind == "a file":
        folder.write_text("not a folder")
    else:
        folder.mkdir(mode=0o500)
        if os.access(folder, os.W_OK):
            pytest.skip("root may write everywhere")

    is_well, said = doctor(folder)

    assert not is_well
    assert str(folder) in said
    assert "JULUO_DATA_DIR" in said


def test_a_data_folder_that_became_read_only_is_named(tmp_path):
    folder = tmp_path / "home"
    assert doctor(folder)[0]
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("root may write everywhere")

    is_well, said = doctor(folder)
    folder.chmod(0o700)

    assert not is_well
    assert "✗ 数据目录  不能写入。" in said or "数据目录不能写入" in said


def test_a_database_that_is_none_is_named(tmp_path):
    (tmp_path / "juluo.sqlite3").write_bytes(b"this was a database once" * 1000)

    is_well, said = doctor(tmp_path)

    assert not is_well
    assert "数据库文件已损坏" in said
    assert "juluo restore" in said
    assert "请先处理数据库的问题" in said  # the history cannot be looked at without it, and says so


def test_a_database_that_does_not_answer_is_named_and_so_it_is_by_other_commands(tmp_path):
    away = {"JULUO_DATABASE_URL": "postgresql://juluo:geheim@127.0.0.1:1/house"}

    is_well, said = doctor(tmp_path / "home", **away)
    does_link, told = doctor(tmp_path / "home", "link", **away)

    assert not is_well
    assert not does_link
    for words in (said, told):
        assert "连不上 PostgreSQL" in words
        assert "JULUO_DATABASE_URL" in words
        assert "geheim" not in words


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("/juluo?", "/nobody_made_this?"), "没有这个名字的数据库"),
        (("postgres@", "nobody_of_this_name@"), "不接受这个用户名或密码"),
    ],
)
def test_what_postgresql_refuses_is_told_apart(tmp_path, change, found):
    url = os.environ.get("JULUO_TEST_DATABASE", "")
    if not url:
        pytest.skip("needs a PostgreSQL server: make test-postgres")

    is_well, said = doctor(tmp_path / "home", JULUO_DATABASE_URL=url.replace(*change))

    assert not is_well
    assert found in said


def test_a_house_with_many_faults_has_each_of_them_named(tmp_path):
    unbuilt = tmp_path / "src"
    shutil.copytree(SOURCE / "juluo", unbuilt / "juluo", ignore=shutil.ignore_patterns("tests", "vendor", "*.mo", "__pycache__"))
    beat = tmp_path / "home" / "run" / "worker.beat"
    beat.parent.mkdir(parents=True)
    beat.write_text("2026-03-02T09:30:00+00:00")
    tomorrow = time.time() + 86_400
    os.utime(beat, (tomorrow, tomorrow))

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        is_well, said = doctor(
            tmp_path / "home", source=unbuilt, JULUO_PORT=port, JULUO_LAKE_URL="clickhouse://juluo:geheim@127.0.0.1:1/juluo"
        )

    assert not is_well
    states = {title: mark for mark, title in re.findall(r"^([✓!✗]) (\S+)  ", said, re.MULTILINE)}
    assert states == {
        "历史数据": "✗",
        "数据目录": "✓",
        "磁盘空间": "✓",
        "数据库": "✓",
        "后台任务": "✗",
        "访问地址": "✓",
        "页面资源": "✗",
        "译文": "!",
        "时间": "✗",
        "端口": "✗",
    }
    for remedy in ("JULUO_LAKE_URL", "make assets", "make install", "timedatectl", f"端口 {port} 被别的程序占用"):
        assert remedy in said


def test_a_disk_that_is_nearly_full_is_named(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100 * 2**30, 100 * 2**30, 2**28))

    found = checks.disk()

    assert found.state == "bad"
    assert f"{found.sentence % dict(found.facts)}" == "磁盘快满了，只剩 0.2 GB。"


def test_up_refuses_a_port_that_is_taken_before_it_does_anything(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        started, said = doctor(tmp_path / "home", "up", "--port", port)

    assert not started
    assert f"端口 {port} 已被占用" in said
