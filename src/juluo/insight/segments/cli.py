"""`juluo segment`."""

import typer
from django.utils.translation import gettext as _
from rich.console import Console

from juluo.ground.communities.models import Community
from juluo.kit.errors import JuluoError

from .queries import count, now, sample

console = Console()


def attach(app: typer.Typer) -> None:
    @app.command(name="segment", help=_("一段条件有多少人符合，都是谁"))
    def segment(
        text: str = typer.Argument(..., help=_("条件，例如：messages(30d) >= 3 and messages(7d) = 0")),
        community: str = typer.Option(..., "--community", "-c", help=_("社群的短名")),
    ) -> None:
        found = Community.objects.filter(slug=community).first()
        if found is None:
            console.print(_("没有短名为“%(slug)s”的社群。") % {"slug": community}, markup=False)
            raise typer.Exit(1)
        try:
            many = count(found, text)
            some = sample(found, text)
        except JuluoError as error:
            console.print(_(error.message) % error.facts, markup=False)
            raise typer.Exit(1) from None
        day = now(found).day.isoformat()
        console.print(_("%(count)s 人符合（按 %(day)s 算）") % {"count": f"{many:,}", "day": day}, markup=False)
        for member in some:
            console.print(f"  {member.name}", markup=False)
