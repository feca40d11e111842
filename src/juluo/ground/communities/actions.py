"""Founding, changing and closing communities; giving posts; saying what a community is for."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from juluo.ground.accounts.actions import invite, link
from juluo.ground.accounts.types import Role
from juluo.ground.audit.actions import note
from juluo.kit import clock

from .errors import OwnPost
from .models import Canvas, Community, Post
from .registry import leaving, rezoning
from .rules import changed
from .types import CODES


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
def configure(community: Community, *, name: str, zone: str) -> Community:
    """Rename a community or move it to another time zone. The address stays, so that links keep working."""
    community = Community.objects.select_for_update().get(pk=community.pk)
    before = {"name": community.name, "zone": community.zone}
    if before == {"name": name, "zone": zone}:
        return community
    community.name, community.zone = name, zone
    community.save(update_fields=["name", "zone"])
    note("community.changed", subject=name, community_id=community.pk, zone=zone, before=before)
    if before["zone"] != zone:
        transaction.on_commit(lambda: [mover.run(community) for mover in rezoning])
    return community


@transaction.atomic
def dissolve(community: Community) -> None:
    """Delete a community and everything any room keeps of it. There is no way back except a backup. Safe to repeat."""
    found = Community.objects.select_for_update().filter(pk=community.pk).first()
    if found is None:
        return
    for leaver in leaving:
        leaver.run(found)
    note("community.dissolved", subject=found.name, community_id=found.pk)
    found.delete()


@transaction.atomic
def appoint(user: Any, community: Community, *, role: Role, by: Any = None) -> Post:
    """Give `user` the role in the community, replacing any other they had there. Raises `OwnPost` when `by` is the user."""
    if by is not None and by == user:
        raise OwnPost()
    post, _ = Post.objects.update_or_create(user=user, community=community, defaults={"role": role.value})
    note("post.given", subject=user.called, community_id=community.pk, role=role.value)
    return post


@transaction.atomic
def dismiss(post: Post, *, by: Any = None) -> None:
    """End someone's work in a community; their account stays. Raises `OwnPost`. Safe to repeat."""
    if by is not None and by == post.user:
        raise OwnPost()
    if Post.objects.filter(pk=post.pk).delete()[0]:
        note("post.taken", subject=post.user.called, community_id=post.community_id)


@transaction.atomic
def recruit(community: Community, *, name: str, role: Role) -> tuple[Post, str]:
    """An account and a role for a new colleague, and the address (from "/") of the link that lets them in once."""
    user = invite(name)
    return appoint(user, community, role=role), link(user)


@transaction.atomic
def position(community: Community, answers: dict[str, str], *, by: Any = None) -> Canvas:
    """Save the positioning canvas as a new version. Saving what is already there adds nothing."""
    Community.objects.select_for_update().get(pk=community.pk)
    latest = Canvas.objects.filter(community=community).first()
    said = {code: answers.get(code, "").strip() for code in CODES}
    boxes = changed(latest.answers if latest else {}, said)
    if latest and not boxes:
        return latest
    canvas = Canvas.objects.create(
        community=community, number=latest.number + 1 if latest else 1, saved_at=clock.now(), saved_by=by, **said
    )
    note("canvas.saved", subject=community.name, community_id=community.pk, number=canvas.number, boxes=boxes)
    return canvas
