"""Starting and stopping: `juluo up` and the processes it is made of."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import Error
from django.utils.translation import gettext as _
from rich.console import Console
from rich.panel import Panel

from juluo.ground.accounts.actions import invite_first_admin, readmit_admin
from juluo.kit.errors import N_, JuluoError
from juluo.kit.health import examined
from juluo.surfaces.console.checks import is_free, why_no_database

from . import backup as backups
from .sample import load_sample
from .worker import work

log = logging.getLogger("juluo.process")
console = Console()
MARKS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}


class NotReady(JuluoError):
    """The data folder or the database cannot be used."""

    code = "not_ready"
    message = N_("%(why)s%(remedy)s")


class PortTaken(JuluoError):
    """Another program listens where the web server should."""

    code = "port_taken"
    message = N_("端口 %(port)s 已被占用：聚落可能已经在运行，也可能是别的程序。请先停掉它，或换一个端口：juluo up --port 8021")


def prepare() -> None:
    """Make the data folder and bring the database's tables up to date. Raises `NotReady`."""
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        call_command("migrate", verbosity=0, interactive=False)
    except OSError as error:
        raise NotReady(why=N_("数据目录不能写入。"), remedy=N_("请检查它的权限和磁盘，让运行聚落的用户可以写入。")) from error
    except Error as error:
        why, remedy = why_no_database(error)
        raise NotReady(why=why, remedy=remedy) from error


def attach(app: typer.Typer) -> None:
    """Add the installation's own commands; every command but `restore` finds the data folder prepared."""

    @app.callback()
    def always(context: typer.Context) -> None:
        if context.invoked_subcommand != "restore" and "--help" not in sys.argv:
            with suppress(*([NotReady] if context.invoked_subcommand == "doctor" else [])):  # who examines, sees for himself
                prepare()

    @app.command(help=_("准备好数据目录并启动聚落：网页、后台任务、定时任务"))
    def up(
        host: str = typer.Option(settings.OPTIONS.host, help=_("监听地址")),
        port: int = typer.Option(settings.OPTIONS.port, help=_("端口")),
    ) -> None:
        if not is_free(host, port):
            raise PortTaken(port=port)
        if settings.OPTIONS.sample:
            with console.status(_("正在载入示例社群（只在第一次启动时，约十几秒）…")):
                load_sample()
        _supervise([_web(host, port), _worker()], is_up=lambda: _listens(host, port), welcome=lambda: _welcome(host, port))

    @app.command(help=_("只启动网页"))
    def web(
        host: str = typer.Option(settings.OPTIONS.host, help=_("监听地址")),
        port: int = typer.Option(settings.OPTIONS.port, help=_("端口")),
    ) -> None:
        os.execv(sys.executable, _web(host, port))  # noqa: S606

    @app.command(help=_("只启动后台任务"))
    def worker() -> None:
        work()

    @app.command(help=_("备份全部数据到一个文件"))
    def backup(file: Path = typer.Argument(..., help=_("备份文件，例如 juluo-backup.tar"))) -> None:  # noqa: B008
        with console.status(_("正在备份…")):
            size = backups.save(file)
        console.print(_("已备份到 %(file)s（%(size).1f MB）。") % {"file": file, "size": size / 1e6})

    @app.command(help=_("从备份文件恢复（数据目录须为空，或加 --replace）"))
    def restore(
        file: Path = typer.Argument(..., exists=True, help=_("备份文件")),  # noqa: B008
        replace: bool = typer.Option(False, help=_("覆盖现有数据；原数据会改名保留")),
    ) -> None:
        with console.status(_("正在恢复…")):
            backups.restore(file, replace=replace)
        prepare()
        console.print(_("已恢复。用 juluo up 启动。"))

    @app.command(help=_("检查安装与设置，并说明如何修复"))
    def doctor() -> None:
        worst = 0
        for check, finding in examined():
            facts = dict(finding.facts)
            console.print(f"{MARKS[finding.state]} [bold]{_(check.title)}[/]  {_(finding.sentence) % facts}", soft_wrap=True)
            if finding.remedy:
                console.print(f"   → {_(finding.remedy) % facts}", soft_wrap=True)
            worst = max(worst, ("ok", "warn", "bad").index(finding.state))
        raise typer.Exit(1 if worst == 2 else 0)

    @app.command(help=_("生成一次性登录链接（忘记密码、找回管理员时用）"))
    def link() -> None:
        console.print(_address(settings.OPTIONS.host, settings.OPTIONS.port) + readmit_admin())


def _web(host: str, port: int) -> list[str]:
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "error"]
    # Most of a request is Django, which holds the interpreter's lock, but one that waits for the lake must not keep the others waiting.
    threads = str(max(8, 4 * (os.cpu_count() or 2)))
    load = ["--workers", str(settings.OPTIONS.workers), "--blocking-threads", threads, "--respawn-failed-workers"]
    # What is limited are connections, not requests, and every browser keeps up to six of them open while its reader reads.
    load += ["--backpressure", "1000"]
    return [sys.executable, "-m", "granian", *options, *load, "juluo.site.wsgi:application"]


def _worker() -> list[str]:
    return [sys.executable, "-m", "juluo.site", "worker"]


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104


def _address(host: str, port: int) -> str:
    return settings.PUBLIC_URL or f"http://{_shown(host)}:{port}"


def _welcome(host: str, port: int) -> None:
    address = _address(host, port)
    lines = [f"{_('聚落已就绪')}：[bold cyan]{address}/[/]"]
    token = invite_first_admin()
    if token:
        lines += ["", _("第一次使用？用这条一次性链接登录，并设置您的账号（24 小时内有效）："), f"[bold]{address}{token}[/]"]
    lines += ["", f"[dim]{_('数据目录')}：{settings.DATA_DIR}    {_('按 Ctrl+C 停止')}[/]"]
    console.print(Panel("\n".join(lines), border_style="cyan", expand=False, padding=(1, 2)), soft_wrap=True)


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((_shown(host), port), timeout=1).close()
    except OSError:
        return False
    return True


def _supervise(commands: list[list[str]], *, is_up: Callable[[], bool], welcome: Callable[[], None]) -> None:
    """Keep the processes alive, `welcome` once they are up; when we are told to stop, stop them all and wait for them."""
    is_welcomed = False
    running: dict[int, subprocess.Popen[bytes]] = {}
    stopping = threading.Event()

    def stop(_signum: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    died: dict[int, float] = {}
    start: Callable[[int], None] = lambda index: running.__setitem__(index, _child(commands[index]))  # noqa: E731
    for index in range(len(commands)):
        start(index)
    while not stopping.wait(0.5):
        if not is_welcomed and is_up():
            is_welcomed = True
            welcome()
        for index, child in list(running.items()):
            if child.poll() is None:
                continue
            if time.monotonic() - died.get(index, 0) < 5:  # twice within five seconds: it will not come up by trying
                console.print(f"[red]✗[/] {_('启动失败，请查看上面的错误信息；也可以运行 juluo doctor。')}")
                stopping.set()
                break
            died[index] = time.monotonic()
            log.warning("process %s ended with %s; starting it again", commands[index][1:3], child.returncode)
            start(index)
    for child in running.values():
        child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + 15
    for child in running.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


def _child(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl+C reaches only us. On Linux it is told to stop when we die, however we die."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before the fork, where little may be done

    def begin() -> None:
        if libc is not None:
            libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG

    return subprocess.Popen(command, start_new_session=True, preexec_fn=begin)  # noqa: S603
