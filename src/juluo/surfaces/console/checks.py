"""What is looked at to say whether an installation is well. Rooms add their own checks; these are the house's."""

import shutil
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error

import juluo
from juluo.kit import clock, icons
from juluo.kit.errors import N_
from juluo.kit.health import Check, Finding, bad, checks, ok, warn

ROOM_WANTED_GB, ROOM_NEEDED_GB = 5, 1
BEAT_IS_LATE = timedelta(minutes=5)
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
# What a database says when it will not have us, what that means, and what to do. The first that is found counts.
NO_DATABASE = (
    (
        ("password authentication failed", "no password supplied", "role ", "no pg_hba.conf entry"),
        N_("PostgreSQL 不接受这个用户名或密码。"),
        N_("请核对设置 JULUO_DATABASE_URL 里的用户名与密码。"),
    ),
    (
        ("database ",),
        N_("PostgreSQL 里没有这个名字的数据库。"),
        N_("请先建好它（createdb 库名），或改正设置 JULUO_DATABASE_URL 里的库名。"),
    ),
    (
        ("permission denied",),
        N_("这个数据库用户没有建表的权限。"),
        N_("请让它成为这个库的拥有者：ALTER DATABASE 库名 OWNER TO 用户名"),
    ),
    (
        ("unable to open database file", "readonly database", "disk I/O error"),
        N_("数据库文件打不开，或者不能写入。"),
        N_("请检查数据目录的权限和磁盘，让运行聚落的用户可以写入。"),
    ),
    (
        ("not a database", "malformed"),
        N_("数据库文件已损坏。"),
        N_("请停下聚落，用最近的备份恢复：juluo restore 备份文件 --replace"),
    ),
)


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
    place = next(folder for folder in (settings.DATA_DIR, *settings.DATA_DIR.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free / 2**30
    if free < ROOM_NEEDED_GB:
        return bad(
            N_("磁盘快满了，只剩 %(free).1f GB。"), N_("请尽快腾出空间或换一块更大的磁盘；写不下时导入会停住，已有数据不会丢。"), free=free
        )
    if free < ROOM_WANTED_GB:
        return warn(N_("磁盘还剩 %(free).1f GB。"), N_("导入大文件之前，请先腾出空间。"), free=free)
    return ok(N_("还剩 %(free).0f GB。"), free=free)


def database() -> Finding:
    """It answers, its tables are up to date, and its files are whole."""
    try:
        return _tables()
    except (Error, DatabaseError) as error:
        return bad(*why_no_database(error))


def why_no_database(error: BaseException) -> tuple[str, str]:
    """What an error of the database means and what to do about it, as msgids."""
    said = str(error)
    for words, sentence, remedy in NO_DATABASE:
        if any(word in said for word in words) and ("does not exist" in said or words[0] != "database "):
            return sentence, remedy
    if connection.vendor == "sqlite":
        return NO_DATABASE[3][1:]
    return N_("连不上 PostgreSQL。"), N_("请确认它在运行，主机和端口与设置 JULUO_DATABASE_URL 里的一致，并且没有被防火墙拦住。")


def _tables() -> Finding:
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


def catalogues() -> Finding:
    """Every room's English is compiled and as new as its source."""
    stale = [source for source in Path(juluo.__file__).parent.rglob("*.po") if not _is_compiled(source)]
    if stale:
        return warn(N_("英文译文没有编译，英文界面会显示中文。"), N_("在源码目录运行 make install，再重新启动。"))
    return ok(N_("英文译文齐全。"))


def _is_compiled(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def time() -> Finding:
    """The machine's clock is not behind what has already happened, nor far from the database server's."""
    now = clock.now()
    beat = settings.DATA_DIR / "run" / "worker.beat"
    happened = [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in (Path(__file__), beat) if file.exists()]
    if max(happened) > now + CLOCKS_MAY_DIFFER:
        return bad(
            N_("这台机器的时间是 %(now)s，比已经发生过的事还早。"),
            N_("请校准时间并打开自动对时（例如 timedatectl set-ntp true），否则报告会算错日子，登录会失效。"),
            now=f"{now:%Y-%m-%d %H:%M} UTC",
        )
    try:
        theirs = _database_time()
    except Error:
        theirs = None
    if theirs and abs(theirs - now) > CLOCKS_MAY_DIFFER:
        return bad(
            N_("这台机器与数据库服务器的时间差了 %(minutes)s 分钟。"),
            N_("请在两台机器上都打开自动对时（例如 timedatectl set-ntp true）。"),
            minutes=int(abs(theirs - now).total_seconds() // 60),
        )
    return ok(N_("准确。"))


def _database_time() -> datetime | None:
    """What time the database server has; None where it is on our own machine's clock."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return row[0] if row else None


def port() -> Finding:
    """Nobody else listens where the web server wants to."""
    host, number = settings.OPTIONS.host, settings.OPTIONS.port
    if is_free(host, number):
        return ok(N_("端口 %(port)s 空着，可以启动。"), port=number)
    if _is_ours(host, number):
        return ok(N_("聚落正在端口 %(port)s 上运行。"), port=number)
    return bad(
        N_("端口 %(port)s 被别的程序占用了。"), N_("请停掉那个程序，或换一个端口：juluo up --port 8021（或设置 JULUO_PORT）。"), port=number
    )


def is_free(host: str, number: int) -> bool:
    """Whether a server could listen there now."""
    try:
        family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: what has just closed does not count
            trial.bind((host, number))
    except OSError:
        return False
    return True


def _is_ours(host: str, number: int) -> bool:
    asking = HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "::") else host, number, timeout=2)  # noqa: S104
    try:
        asking.request("GET", "/accounts/login/")
        return b"/juluo/" in asking.getresponse().read(50_000)
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def register() -> None:
    checks.add(Check("folder", N_("数据目录"), folder))
    checks.add(Check("disk", N_("磁盘空间"), disk))
    checks.add(Check("database", N_("数据库"), database))
    checks.add(Check("worker", N_("后台任务"), worker))
    checks.add(Check("address", N_("访问地址"), address))
    checks.add(Check("assets", N_("页面资源"), assets))
    checks.add(Check("catalogues", N_("译文"), catalogues))
    checks.add(Check("time", N_("时间"), time))
    checks.add(Check("port", N_("端口"), port))
