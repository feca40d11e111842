"""`juluo report`."""

import sys
from pathlib import Path

import msgspec
import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.text import Text

from juluo.ground.communities.models import Community
from juluo.insight.tiers.actions import assign
from juluo.kit.errors import N_, JuluoError
from juluo.record.imports.doors import bring_in, into

from .actions import build
from .forms.book import book
from .forms.page import page
from .forms.plain import plain
from .forms.terminal import show
from .types.report import Report

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class NothingToReport(JuluoError):
    """Neither a file nor a community was named, or the community does not exist."""

    code = "nothing_to_report"
    message = N_("请给出一个导出文件，或用 --community 指定一个已有的社群。")


class UnknownEnding(JuluoError):
    """`--out` names a kind of file the report cannot be."""

    code = "unknown_ending"
    message = N_("不知道「%(name)s」该存成什么。请用 .html、.xlsx 或 .json 结尾，或给一个文件夹。")


class NotSaved(JuluoError):
    """The disk refused the file."""

    code = "not_saved"
    message = N_("没能保存「%(name)s」：%(why)s。请换一个可以写入的位置。")


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
            if file is not None:
                assign(known)  # nobody else does it here
            found = build(known, week)
        for target in save:
            for path in _save(found, target):
                err.print(Text(_("已保存 %(path)s") % {"path": path}))
        if as_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(plain(found))).decode() + "\n")
        else:
            show(found, out)


def _save(found: Report, target: Path) -> list[Path]:
    """Write the report to a file by its ending, or both files into a folder. Raises `UnknownEnding`, `NotSaved`."""
    name = f"juluo-{found.community.slug}-{found.week}"
    ending = target.suffix.lower()
    if target.is_dir() or not ending:
        targets = [target / f"{name}.html", target / f"{name}.xlsx"]
    elif ending in (".html", ".htm", ".xlsx", ".json"):
        targets = [target]
    else:
        raise UnknownEnding(name=target.name)
    for path in targets:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_bytes(found, path.suffix.lower()))
        except OSError as why:
            raise NotSaved(name=path.name, why=why.strerror or "") from why
    return targets


def _bytes(found: Report, ending: str) -> bytes:
    match ending:
        case ".xlsx":
            return book(found)
        case ".json":
            return msgspec.json.format(msgspec.json.encode(plain(found)))
    return page(found).encode()


def _community(slug: str, file: Path | None, zone: str) -> Community:
    if file is not None and not slug:
        return into("", file, zone)
    known = Community.objects.filter(slug=slug).first() if slug else None
    if known is None and file is not None:
        return into(slug, file, zone)
    if known is None:
        raise NothingToReport()
    return known
