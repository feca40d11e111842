"""Where the `juluo` command begins."""

import os
import sys
from contextlib import ExitStack

from . import scratch


def main() -> None:
    """Set Django up, gather the commands, run the one that was asked for."""
    with ExitStack() as stack:
        if scratch.wanted(sys.argv[1:]):
            stack.enter_context(scratch.folder())
        _run()


def _run() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juluo.site.settings")
    import django  # after the settings are named

    from .options import SettingsWrong

    try:
        django.setup()
    except SettingsWrong as wrong:
        sys.exit(f"✗ {wrong}")
    from juluo.ground.audit.actions import acting
    from juluo.kit.errors import JuluoError
    from juluo.surfaces.cli.app import assembled, say

    from . import process

    app = assembled()
    process.attach(app)
    try:
        with acting(by="cli"):
            app(standalone_mode=True)
    except JuluoError as error:
        say(error)
        sys.exit(1)
