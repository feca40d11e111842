"""Keeping segments."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock

from .checks import told
from .errors import CodeTaken, CodeUnfit, ExpressionRefused, NameMissing, SegmentInUse
from .models import Change, Count, Refreshed, Segment
from .queries import bound, count, now, reading, state, uses

CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
RESERVED = {"new", "look", "count"}  # addresses of their own


@transaction.atomic
def create(
    community: Community, *, name: str, text: str, code: str = "", note_: str = "", refreshed: str = Refreshed.ON_USE, by: Any = None
) -> Segment:
    """Save an expression under a name; without a `code` it gets a number of its own.

    Raises `ExpressionRefused` for what could not run, `CodeTaken`, `CodeUnfit`, `NameMissing`.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    code = code.strip() or _free_code(community)
    if not CODE.fullmatch(code) or code in RESERVED:
        raise CodeUnfit()
    if Segment.objects.filter(community=community, code=code).exists():
        raise CodeTaken(code=code)
    _named(name)
    bound(community, text)

    at = clock.now()
    saved = Segment.objects.create(
        community=community,
        code=code,
        name=name.strip()[:60],
        note=note_.strip()[:300],
        text=text.strip(),
        refreshed=Refreshed(refreshed).value,
        created_by=by,
        created_at=at,
        changed_at=at,
    )
    Change.objects.create(segment=saved, at=at, by=by, name=saved.name, text=saved.text)

    note("segment.created", subject=saved.name, community_id=community.pk)
    return saved


@transaction.atomic
def change(
    saved: Segment,
    *,
    name: str | None = None,
    text: str | None = None,
    note_: str | None = None,
    refreshed: str | None = None,
    by: Any = None,
) -> Segment:
    """Change what is given; saving the same again changes nothing. Raises `ExpressionRefused`, `NameMissing`."""
    saved = Segment.objects.select_for_update().select_related("community").get(pk=saved.pk)
    before = (saved.name, saved.text, saved.note, saved.refreshed)
    if name is not None:
        _named(name)
        saved.name = name.strip()[:60]
    if text is not None and text.strip() != saved.text:
        looked = reading(saved.community, text, code=saved.code)
        if not looked.is_runnable:
            raise ExpressionRefused(what=" ".join(map(told, looked.errors)))
        saved.text = text.strip()
    saved.note = saved.note if note_ is None else note_.strip()[:300]
    saved.refreshed = saved.refreshed if refreshed is None else Refreshed(refreshed).value
    if before == (saved.name, saved.text, saved.note, saved.refreshed):
        return saved

    saved.changed_at = clock.now()
    saved.save()
    if before[:2] != (saved.name, saved.text):
        Change.objects.create(segment=saved, at=saved.changed_at, by=by, name=saved.name, text=saved.text)

    if before[0] != saved.name:
        note("segment.renamed", subject=before[0], community_id=saved.community_id, to=saved.name)
    if before[1:] != (saved.text, saved.note, saved.refreshed):
        note("segment.changed", subject=saved.name, community_id=saved.community_id)
    return saved


@transaction.atomic
def delete(saved: Segment) -> None:
    """Forget a segment. Raises `SegmentInUse` while something names it."""
    Community.objects.select_for_update().get(pk=saved.community_id)
    users = uses(saved)
    if users:
        raise SegmentInUse(name=saved.name, users=gettext("、").join(users))
    saved.delete()
    note("segment.deleted", subject=saved.name, community_id=saved.community_id)


def refresh(saved: Segment, *, force: bool = False, many: int | None = None) -> int:
    """How many are in it now, and remember it; nothing is asked while nothing it reads has changed, nor where the caller has just
    found out (`many`). Raises `ExpressionRefused`."""
    community = saved.community
    is_from = state(community, saved)
    if not force and saved.count is not None and saved.counted_from == is_from:
        return saved.count
    many, at = count(community, saved) if many is None else many, clock.now()
    with transaction.atomic():
        if Segment.objects.filter(pk=saved.pk).update(count=many, counted_at=at, counted_from=is_from):
            Count.objects.update_or_create(segment=saved, day=now(community).day, defaults={"count": many})
    saved.count, saved.counted_at, saved.counted_from = many, at, is_from
    return many


def _named(name: str) -> None:
    if not name.strip():
        raise NameMissing()


def _free_code(community: Community) -> str:
    taken = set(Segment.objects.filter(community=community).values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"segment-{number}") not in taken)
