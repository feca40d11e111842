"""`juluo report`."""

import sys
from pathlib import Path

import msgspec
import typer
from django.utils.translation import gettext as _
from rich.console import Console

from juluo.ground.communities.models import Community
from juluo.kit.errors import N_, JuluoError
from juluo.record.imports.doors import bring_in, into

from .actions import build
from .forms.plain import plain
from .forms.terminal import show

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class NothingToReport(JuluoError):
    """Neither a file nor a community was named, or the community does not exist."""

    code = "nothing_to_report"
    message = N_("请给出一个导出文件，或用 --community 指定一个已有的社群。")


def attach(app: typer.Typer) -> None:
    @app.command(help=_("导入一份聊天记录并给出社群健康周报；不用启动服务，也不动数据目录（除非加 --community）"))
    def report(
        file: Path | None = typer.Argument(None, exists=True, help=_("聊天记录的导出文件、文件夹或压缩包")),  # noqa: B008
        community: str = typer.Option("", "--community", "-c", help=_("改为报告本安装里的这个社群（短名）；同时给出文件时先导入到它")),
        week: str = typer.Option("", help=_("哪一周，例如 2026-W10；默认是数据里最后一个完整的周")),
        save: list[Path] = typer.Option([], "--out", "-o", help=_("保存到 .html 或 .xlsx 文件，或一个文件夹（两种都存）；可以写多次")),  # noqa: B008
        as_json: bool = typer.Option(False, "--json", help=_("在标准输出给出 JSON，供程序使用")),
        zone: str = typer.Option("", help=_("社群的时区，例如 Asia/Shanghai")),
        yes: bool = typer.Option(False, "--yes", "-y", help=_("不提问，全部采用推断的答案")),
    ) -> None:
        known = _community(community, file, zone)
        if file is not None:
            bring_in(file, known, ask=not yes and not as_json and sys.stdin.isatty())
        with err.status(_("正在生成报告…")):
            found = build(known, week)
        if as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(plain(found))).decode() + "\n")
        else:
            show(found, out)


def _community(slug: str, file: Path | None, zone: str) -> Community:
    if file is not None and not slug:
        return into("", file, zone)
    known = Community.objects.filter(slug=slug).first() if slug else None
    if known is None and file is not None:
        return into(slug, file, zone)
    if known is None:
        raise NothingToReport()
    return known
