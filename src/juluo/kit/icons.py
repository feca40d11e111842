"""Tabler's icons as inline SVG, from the file that `tools/assets.py` made."""

import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def shapes() -> dict[str, str]:
    """The inside of every icon by name; empty where the assets were not built."""
    file = finders.find("vendor/icons.json")
    return json.loads(Path(file).read_text()) if file else {}


def icon(name: str, css: str = "", title: str = "") -> SafeString:
    """One icon, decorative unless it has a `title`. An unknown name is a mistake in the code and raises `KeyError`."""
    known = shapes()
    if known and name not in known:
        raise KeyError(f"there is no icon called {name!r}; see https://tabler.io/icons")
    spoken = format_html('role="img" aria-label="{}"', title) if title else SafeString('aria-hidden="true"')
    paint = 'fill="currentColor"' if name.endswith("-filled") else 'fill="none" stroke="currentColor" stroke-width="1.75"'
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="20" height="20" {} stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        css,
        SafeString(paint),
        spoken,
        SafeString(known.get(name, '<circle cx="12" cy="12" r="8"/>')),
    )
