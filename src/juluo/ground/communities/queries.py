"""Which communities someone may see, and what they may do there."""

from typing import Any

from django.db.models import QuerySet

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import Role
from juluo.kit.errors import NotAllowed, NotThere

from .models import Community, Post


def visible_to(user: Any) -> QuerySet[Community]:
    """The communities `user` works in; all of them for a superuser, none for a stranger."""
    if not user.is_authenticated:
        return Community.objects.none()
    if user.is_superuser:
        return Community.objects.all()
    return Community.objects.filter(posts__user=user)


def role_in(user: Any, community: Community) -> Role | None:
    """The role `user` has in `community`, or None."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return Role.ADMIN
    role = Post.objects.filter(user=user, community=community).values_list("role", flat=True).first()
    return Role(role) if role else None


def allows(role: Role | None, permission: str) -> bool:
    """Whether `role` includes `permission` (a registered code; an unknown one is a `KeyError`)."""
    return role is not None and role in permissions[permission].roles


def entered(user: Any, slug: str, permission: str) -> tuple[Community, Role]:
    """The community called `slug` and the user's role there, once `permission` is checked.

    Raises `NotThere` to whoever has no post there (they may not learn that it exists) and `NotAllowed` to those whose role
    lacks the permission.
    """
    community = visible_to(user).filter(slug=slug).first()
    role = role_in(user, community) if community else None
    if community is None or role is None:
        raise NotThere()
    if not allows(role, permission):
        raise NotAllowed()
    return community, role
