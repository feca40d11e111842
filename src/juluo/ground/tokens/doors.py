"""The door every API endpoint is behind."""

from typing import Any

from django.http import HttpRequest

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from juluo.ground.communities.queries import allows, entered
from juluo.kit.errors import NotAllowed, NotThere

from .models import Token


def admitted(request: HttpRequest, slug: str, permission: str) -> Community:
    """The community an API caller may act in, whether they came with a key or with a signed-in session.

    Raises `NotThere` when the key or the person has nothing to do with it, `NotAllowed` when the role lacks `permission`.
    """
    caller: Any = getattr(request, "auth", None)
    if not isinstance(caller, Token):
        return entered(request.user, slug, permission)[0]
    if caller.community.slug != slug:
        raise NotThere()
    if not allows(Role(caller.role), permission):
        raise NotAllowed()
    return caller.community
