"""The `juluo` command: one Typer application that rooms add their commands to."""

import typer
from django.utils.translation import gettext as _
from rich.console import Console

from juluo.kit.errors import JuluoError
from juluo.kit.routes import commands

out = Console()
err = Console(stderr=True)


def assembled() -> typer.Typer:
    """The application with every room's commands. Call once Django is ready."""
    app = typer.Typer(
        name="juluo",
        help=_("聚落：社群运营系统"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    for offered in commands:
        offered.attach(app)
    return app


def say(error: JuluoError) -> None:
    """Tell the user what went wrong, in a sentence, on stderr."""
    facts = {name: _(value) if isinstance(value, str) and value else value for name, value in error.facts.items()}
    sentence = _(error.message)
    err.print(f"[red]✗[/] {sentence % facts if facts else sentence}", soft_wrap=True)
