"""Doors of pages that belong to no community: one's own pages, the installation's, and those open to everyone.

Each marks its view with `permission`, so that a test can find a page that has no door.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from juluo.kit.errors import NotAllowed

from .models import User


class Person(HttpRequest):
    """A request of someone signed in. Views behind `signed_in` annotate their `request` with it."""

    user: User


View = Callable[..., HttpResponse]
OWN, INSTALLATION, EVERYONE = "own", "installation", "everyone"


def signed_in(view: View) -> View:
    """For whoever is signed in, about themselves."""
    inner = login_required(view)
    inner.permission = OWN  # type: ignore[attr-defined]
    return inner


def administrators(view: View) -> View:
    """For the installation's administrators only."""

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        if not request.user.is_superuser:
            raise NotAllowed()
        return view(request, *args, **rest)

    inner.permission = INSTALLATION  # type: ignore[attr-defined]
    return inner


def open_to_all(view: View) -> View:
    """For anyone, signed in or not: the view itself must not tell anything about anyone."""
    view.permission = EVERYONE  # type: ignore[attr-defined]
    return view
