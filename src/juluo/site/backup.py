"""One file that holds everything an installation knows, and the way back.

A backup is a tar: the database (SQLite's own online copy, or `pg_dump`'s custom format), the lake's listed files, stored files, what
is being uploaded or waits to be imported, and the key that signs sessions. It is taken while Juluo runs: lake files never change once
listed and stay for an hour after they are no longer, and uploads only grow, so a copy of the database and then of what it speaks of
is a consistent state. An upload that began and was imported while the database was copied may be missing; it is then asked for anew.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.db import connection, connections

from juluo.kit import clock
from juluo.kit.disk import is_full, room_to_write, settle
from juluo.kit.errors import N_, JuluoError

FORMAT = 1
FOLDERS = ("lake", "files")
UPLOADS = "uploads"
SINGLE = ("secret.key", "juluo.toml")


class BackupRefused(JuluoError):
    """The file is not a backup of ours, or the data folder is not free to take it."""

    code = "backup_refused"
    message = N_("无法恢复：%(why)s")


class NoTool(JuluoError):
    """One of PostgreSQL's own programs is missing, or did not finish."""

    code = "no_tool"
    message = N_("PostgreSQL 的 %(program)s 没有完成。请安装与服务器版本相同或更新的 PostgreSQL 客户端（postgresql-client），再试一次。")


def save(file: Path) -> int:
    """Write a backup to `file` (replaced only once it is complete); its size in bytes."""
    file = file.absolute()
    partial = file.with_name(file.name + ".partial")
    try:
        with room_to_write():
            _write(partial)
        settle(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return file.stat().st_size


def _write(partial: Path) -> None:
    # Beside the backup, because it may be larger than what /tmp holds.
    in_folder = tempfile.TemporaryDirectory(prefix=".juluo-backup-", dir=partial.parent)
    with in_folder as folder, tarfile.open(partial, "w") as tar, ExitStack() as held:
        database = Path(folder) / "database"
        uploads: dict[Path, BinaryIO] = {}
        _hold(uploads, held)  # an upload that is imported meanwhile is removed, but not from us
        _dump(database)
        _hold(uploads, held)
        _add_text(tar, folder, "juluo.json", json.dumps({"format": FORMAT, "engine": connection.vendor, "at": clock.now().isoformat()}))
        tar.add(database, "database")
        for name in SINGLE:
            if (settings.DATA_DIR / name).exists():
                tar.add(settings.DATA_DIR / name, name)
        for name in FOLDERS:
            for path in sorted((settings.DATA_DIR / name).rglob("*")):
                inside = path.relative_to(settings.DATA_DIR)
                is_passing = path.suffix == ".partial" or any(part.startswith(".") for part in inside.parts)
                if path.is_file() and not is_passing:
                    with suppress(FileNotFoundError):  # something unlisted that was taken back meanwhile
                        tar.add(path, inside.as_posix())
        for path, file in uploads.items():
            tar.addfile(tar.gettarinfo(arcname=path.relative_to(settings.DATA_DIR).as_posix(), fileobj=file), file)


def _hold(uploads: dict[Path, BinaryIO], held: ExitStack) -> None:
    """Open every upload that is not yet open."""
    for path in sorted((settings.DATA_DIR / UPLOADS).glob("*/*")):
        if path not in uploads:
            with suppress(FileNotFoundError):
                uploads[path] = held.enter_context(path.open("rb"))


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
            for member in tar:
                _extract(tar, member, folder)
        about = json.loads((folder / "juluo.json").read_text())
    except (tarfile.TarError, OSError, ValueError) as broken:
        if is_full(broken):
            raise BackupRefused(why=N_("磁盘空间不够，放不下备份里的数据")) from broken
        raise BackupRefused(why=N_("这不是聚落的备份文件，或者文件已损坏")) from broken
    if about.get("format") != FORMAT:
        raise BackupRefused(why=N_("备份来自更新的版本，请先升级聚落"))
    return about


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Take out what a backup of ours holds: plain files of known names. Anything else is no backup of ours."""
    name = PurePosixPath(member.name)
    is_known = name.parts[0] in (*FOLDERS, UPLOADS) if len(name.parts) > 1 else member.name in ("juluo.json", "database", *SINGLE)
    source = tar.extractfile(member) if member.isreg() else None
    if not is_known or ".." in name.parts or source is None:
        raise tarfile.TarError(member.name)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        return
    _postgres("pg_dump", "--format=custom", "--file", str(target), settings.OPTIONS.database_url)


def _load(dump: Path) -> None:
    arguments = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", settings.OPTIONS.database_url]
    _postgres("pg_restore", *arguments, str(dump))


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs. Raises `NoTool` when it is missing or fails; what it said is on stderr."""
    try:
        subprocess.run([program, *arguments], check=True)  # noqa: S603
    except (FileNotFoundError, subprocess.CalledProcessError) as failed:
        raise NoTool(program=program) from failed


def _add_text(tar: tarfile.TarFile, folder: str, name: str, text: str) -> None:
    path = Path(folder) / name
    path.write_text(text)
    tar.add(path, name)
