"""One file that holds everything an installation knows, and the way back.

A backup is a tar: the database (SQLite's own online copy, or `pg_dump`'s custom format), the lake's listed files, uploads, and the
key that signs sessions. It is taken while Juluo runs: lake files never change once listed, so a copy of the list and then of what
it lists is a consistent state.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from juluo.kit import clock
from juluo.kit.errors import N_, JuluoError

FORMAT = 1
FOLDERS = ("lake", "files")
SINGLE = ("secret.key", "juluo.toml")


class BackupRefused(JuluoError):
    """The file is not a backup of ours, or the data folder is not free to take it."""

    code = "backup_refused"
    message = N_("无法恢复：%(why)s")


def save(file: Path) -> int:
    """Write a backup to `file` (replaced only once it is complete); its size in bytes."""
    file = file.absolute()
    partial = file.with_name(file.name + ".partial")
    with tempfile.TemporaryDirectory(prefix="juluo-backup-") as folder, tarfile.open(partial, "w") as tar:
        database = Path(folder) / "database"
        _dump(database)
        _add_text(tar, folder, "juluo.json", json.dumps({"format": FORMAT, "engine": connection.vendor, "at": clock.now().isoformat()}))
        tar.add(database, "database")
        for name in SINGLE:
            if (settings.DATA_DIR / name).exists():
                tar.add(settings.DATA_DIR / name, name)
        for name in FOLDERS:
            for path in sorted((settings.DATA_DIR / name).rglob("*")):
                if path.is_file() and not path.name.startswith(".") and not path.name.endswith(".partial"):
                    tar.add(path, path.relative_to(settings.DATA_DIR).as_posix())
    with partial.open("rb") as done:
        os.fsync(done.fileno())
    os.replace(partial, file)
    return file.stat().st_size


def restore(file: Path, *, replace: bool = False) -> None:
    """Bring a backup back into the data folder.

    Everything is unpacked beside it first, so a broken file changes nothing. With `replace`, what was there is kept under another
    name. Raises `BackupRefused`.
    """
    home: Path = settings.DATA_DIR
    fresh = home.with_name(f"{home.name}.restoring-{os.getpid()}")
    try:
        about = _unpack(file, fresh)
        if about["engine"] != connection.vendor:
            raise BackupRefused(why=N_("备份来自另一种数据库"))
        occupied = (home / "juluo.sqlite3").exists() or (home / "lake").exists()
        if occupied and not replace:
            raise BackupRefused(why=N_("数据目录里已有数据。确认要覆盖时，请加 --replace"))
        connections.close_all()
        if connection.vendor == "sqlite":
            os.replace(fresh / "database", fresh / "juluo.sqlite3")
        else:
            _load(fresh / "database")
        if home.exists():
            os.replace(home, home.with_name(f"{home.name}.before-{clock.now():%Y%m%d-%H%M%S}"))
        os.replace(fresh, home)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _unpack(file: Path, folder: Path) -> dict:
    folder.mkdir(parents=True, mode=0o700)
    try:
        with tarfile.open(file, "r:") as tar:
            tar.extractall(folder, filter="data")
        about = json.loads((folder / "juluo.json").read_text())
    except (tarfile.TarError, OSError, ValueError) as broken:
        raise BackupRefused(why=N_("这不是聚落的备份文件，或者文件已损坏")) from broken
    if about.get("format") != FORMAT:
        raise BackupRefused(why=N_("备份来自更新的版本，请先升级聚落"))
    return about


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        return
    subprocess.run(["pg_dump", "--format=custom", "--file", str(target), settings.OPTIONS.database_url], check=True)  # noqa: S603, S607


def _load(dump: Path) -> None:
    arguments = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", settings.OPTIONS.database_url]
    subprocess.run(["pg_restore", *arguments, str(dump)], check=True)  # noqa: S603, S607


def _add_text(tar: tarfile.TarFile, folder: str, name: str, text: str) -> None:
    path = Path(folder) / name
    path.write_text(text)
    tar.add(path, name)
