"""`juluo import`."""

from pathlib import Path

import typer
from django.utils.translation import gettext as _

from .actions import follow_up
from .doors import bring_in, console, into


def attach(app: typer.Typer) -> None:
    @app.command(name="import", help=_("导入聊天记录、订单等文件（文件、文件夹或压缩包）"))
    def import_(
        file: Path = typer.Argument(..., exists=True, help=_("要导入的文件或文件夹")),  # noqa: B008
        community: str = typer.Option("", "--community", "-c", help=_("社群的短名；不填则按文件名新建")),
        yes: bool = typer.Option(False, "--yes", "-y", help=_("不提问，全部采用推断的答案")),
        zone: str = typer.Option("", help=_("新建社群的时区，例如 Asia/Shanghai")),
    ) -> None:
        imported = bring_in(file, into(community, file, zone), ask=not yes)
        with console.status(_("正在分析…")):
            follow_up(imported)
