"""What is looked at to say whether an installation is well. Rooms add their own checks; these are the house's."""

import shutil
import sqlite3
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from juluo.kit import clock, icons
from juluo.kit.errors import N_
from juluo.kit.health import Check, Finding, bad, checks, ok, warn

ROOM_WANTED_GB, ROOM_NEEDED_GB = 5, 1
BEAT_IS_LATE = timedelta(minutes=5)


def folder() -> Finding:
    """The data folder can be written, and other users of the machine cannot read the secret key."""
    probe = settings.DATA_DIR / ".probe"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError:
        return bad(N_("数据目录不能写入。"), N_("请检查 %(folder)s 的权限和磁盘，让运行聚落的用户可以写入。"), folder=settings.DATA_DIR)
    key = settings.DATA_DIR / "secret.key"
    if key.exists() and key.stat().st_mode & 0o077:
        return warn(N_("机器上的其他用户可以读取 secret.key。"), N_("运行 chmod 600 %(file)s"), file=key)
    return ok(N_("可以写入。"))


def disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free / 2**30
    if free < ROOM_NEEDED_GB:
        return bad(
            N_("磁盘快满了，只剩 %(free).1f GB。"), N_("请尽快腾出空间或换一块更大的磁盘；写不下时导入会停住，已有数据不会丢。"), free=free
        )
    if free < ROOM_WANTED_GB:
        return warn(N_("磁盘还剩 %(free).1f GB。"), N_("导入大文件之前，请先腾出空间。"), free=free)
    return ok(N_("还剩 %(free).0f GB。"), free=free)


def database() -> Finding:
    """It answers, its tables are up to date, and its files are whole."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return bad(N_("数据库的表还没有更新到这个版本。"), N_("重新启动聚落，启动时会自动更新。"))
    if connection.vendor != "sqlite":
        return ok(N_("PostgreSQL，表是最新的。"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        row = cursor.fetchone()
    if row[0] != "ok":
        return bad(N_("数据库文件已损坏。"), N_("请停下聚落，用最近的备份恢复：juluo restore 备份文件 --replace"))
    return ok(N_("SQLite %(version)s，文件完好，表是最新的。"), version=sqlite3.sqlite_version)


def worker() -> Finding:
    """The process that imports files and makes reports has shown itself lately."""
    beat = settings.DATA_DIR / "run" / "worker.beat"
    try:
        seen = datetime.fromisoformat(beat.read_text())
    except (OSError, ValueError):
        return warn(N_("后台任务还没有运行过。"), N_("用 juluo up 启动，或另外运行 juluo worker；否则导入和报告会一直排队。"))
    if clock.now() - seen > BEAT_IS_LATE:
        minutes = int((clock.now() - seen).total_seconds() // 60)
        return bad(N_("后台任务已有 %(minutes)s 分钟没有动静。"), N_("请重新启动聚落；导入会从停下的地方继续。"), minutes=minutes)
    return ok(N_("正在运行。"))


def address() -> Finding:
    """How colleagues reach it."""
    if settings.DEBUG:
        return warn(N_("开着调试模式，出错时页面会显示内部细节。"), N_("正式使用时请去掉 JULUO_DEBUG。"))
    if settings.PUBLIC_URL.startswith("http://"):
        return warn(
            N_("通过没有加密的 http 访问，密码可能被同一网络的人看到。"),
            N_("请在前面放一个支持 https 的反向代理，并把 JULUO_PUBLIC_URL 改成 https 开头。"),
        )
    if not settings.PUBLIC_URL:
        return ok(N_("只在本机使用。要让同事访问，请设置 JULUO_PUBLIC_URL。"))
    return ok(N_("通过 %(url)s 加密访问。"), url=settings.PUBLIC_URL)


def assets() -> Finding:
    if not icons.shapes():
        return bad(N_("浏览器用的样式和脚本没有装好，页面会不像样。"), N_("在源码目录运行 make assets，再重新启动。"))
    return ok(N_("齐全。"))


def register() -> None:
    checks.add(Check("folder", N_("数据目录"), folder))
    checks.add(Check("disk", N_("磁盘空间"), disk))
    checks.add(Check("database", N_("数据库"), database))
    checks.add(Check("worker", N_("后台任务"), worker))
    checks.add(Check("address", N_("访问地址"), address))
    checks.add(Check("assets", N_("页面资源"), assets))
