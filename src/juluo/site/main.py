"""Where the `juluo` command begins."""

import os
import sys
from contextlib import ExitStack

from . import scratch


def main() -> None:
    """Set Django up, gather the commands, run the one that was asked for."""
    with ExitStack() as stack:
        in_scratch = scratch.wanted(sys.argv[1:])
        if in_scratch:
            stack.enter_context(scratch.folder())
        _run(prepared=in_scratch)


def _run(*, prepared: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juluo.site.settings")
    import django  # after the settings are named

    django.setup()
    from juluo.ground.audit.actions import acting
    from juluo.kit.errors import JuluoError
    from juluo.surfaces.cli.app import assembled, say

    from . import process

    app = assembled()
    process.attach(app)
    try:
        if prepared:
            process.prepare()
        with acting(by="cli"):
            app(standalone_mode=True)
    except JuluoError as error:
        say(error)
        sys.exit(1)
