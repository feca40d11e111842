"""Founding, changing and closing communities; giving posts."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from juluo.ground.accounts.types import Role
from juluo.ground.audit.actions import note
from juluo.kit import clock

from .models import Community, Post


@transaction.atomic
def found(name: str, *, slug: str = "", zone: str = "Asia/Shanghai", is_sample: bool = False) -> Community:
    """Create a community. `slug` is made from the name where none is given, and numbered until it is free."""
    wanted = slug or slugify(name)[:50] or "community"
    free, number = wanted, 2
    while Community.objects.filter(slug=free).exists():
        free, number = f"{wanted}-{number}", number + 1
    community = Community.objects.create(slug=free, name=name, zone=zone, is_sample=is_sample, created_at=clock.now())
    note("community.founded", subject=community.name, community_id=community.pk)
    return community


@transaction.atomic
def appoint(user: Any, community: Community, *, role: Role) -> Post:
    """Give `user` the role in the community, replacing any other they had there."""
    post, _ = Post.objects.update_or_create(user=user, community=community, defaults={"role": role.value})
    note("post.given", subject=user.get_username(), community_id=community.pk, role=role.value)
    return post
