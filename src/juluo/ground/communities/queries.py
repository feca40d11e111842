"""Which communities someone may see, and what they may do there."""

from typing import Any

from django.db.models import Case, QuerySet, When

from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import Role
from juluo.kit.errors import NotAllowed, NotThere

from .models import Canvas, Community, Post


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


def positioning(community: Community) -> Canvas | None:
    """What the community is for, as it was last written down; None where nobody has yet."""
    return Canvas.objects.filter(community=community).select_related("saved_by").first()


def team(community: Community) -> QuerySet[Post]:
    """Who works in the community, leads first."""
    order = Case(*(When(role=role.value, then=at) for at, role in enumerate(Role)))
    return Post.objects.filter(community=community).select_related("user").order_by(order, "user__name", "user__username")


def duties() -> list[tuple[str, list[tuple[Role, bool]]]]:
    """Every permission's title with which role has it: the table of what each role may do."""
    return [(permission.title, [(role, role in permission.roles) for role in Role]) for permission in permissions]
