"""The door every console page is behind: who is asking, about which community, and whether they may."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from juluo.ground.audit.actions import acting

from .queries import allows, entered


def permitted(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view in only for members of the community's team with `permission`.

    The view is called as `view(request, **rest)`, with `request.community`, `request.role` and `request.may(code)` set; the
    URL's `slug` is taken out. Writes inside are noted in the audit log under the signed-in user.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def inner(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            request.community, request.role = entered(request.user, slug, permission)  # type: ignore[attr-defined]
            request.may = lambda code: allows(request.role, code)  # type: ignore[attr-defined]
            with acting(request.user):
                return view(request, **rest)

        inner.permission = permission  # type: ignore[attr-defined]
        return inner

    return wrap
