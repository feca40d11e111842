"""The same view for page and fragment: which layout a request wants, and what a response tells the page around it."""

import json
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse

PAGE = "console/base.html"
FRAGMENT = "console/fragment.html"
DRAWER = "console/drawer.html"
DRAWER_ID = "drawer-body"

ToastKind = Literal["success", "info", "warning", "error"]


def layout(request: HttpRequest) -> str:
    """The template to extend: the whole page, only its content (asked by htmx), or the drawer's sheet.

    Templates write `{% extends layout %}`; the context processor of the console fills it in.
    """
    asked = getattr(request, "htmx", None)
    if not asked or asked.boosted or asked.history_restore_request:
        return PAGE
    return DRAWER if asked.target == DRAWER_ID else FRAGMENT


def toast(response: HttpResponse, text: str, kind: ToastKind = "success") -> HttpResponse:
    """Let the page show a short message when htmx takes in this response."""
    return trigger(response, "juluo:toast", {"text": text, "kind": kind})


def trigger(response: HttpResponse, event: str, detail: Any = None) -> HttpResponse:
    """Let the page hear `event` when htmx takes in this response. May be called several times."""
    known = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps(known | {event: detail})
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url` after a write, whether the form came by htmx or not."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})
