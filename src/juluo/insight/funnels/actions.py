"""Keeping funnels."""

import re
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock

from .errors import FunnelCodeTaken, FunnelCodeUnfit, FunnelNameMissing, FunnelRefused
from .models import Funnel
from .queries import told
from .rules import problems, written
from .types import Path

CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
RESERVED = frozenset({"new", "run"})  # addresses


@transaction.atomic
def create(community: Community, *, name: str, path: Path, code: str = "", by: Any = None) -> Funnel:
    """Save a funnel under a name; without a `code` it gets a number of its own.

    Raises `FunnelRefused` for what could never count, `FunnelNameMissing`, `FunnelCodeTaken`, `FunnelCodeUnfit`.
    """
    Community.objects.select_for_update().get(pk=community.pk)
    code = code.strip() or _free_code(community)
    if not CODE.fullmatch(code) or code in RESERVED:
        raise FunnelCodeUnfit()
    if Funnel.objects.filter(community=community, code=code).exists():
        raise FunnelCodeTaken(code=code)
    _fit(name, path)

    at = clock.now()
    saved = Funnel.objects.create(
        community=community,
        code=code,
        name=name.strip()[:60],
        steps=written(path)["steps"],
        days=path.days,
        created_by=by,
        created_at=at,
        changed_at=at,
    )

    note("funnel.created", subject=saved.name, community_id=community.pk)
    return saved


@transaction.atomic
def change(saved: Funnel, *, name: str, path: Path) -> Funnel:
    """Save another name, other steps, another window; the same again changes nothing. Raises as `create` does."""
    saved = Funnel.objects.select_for_update().get(pk=saved.pk)
    _fit(name, path)
    before = (saved.name, saved.steps, saved.days)
    saved.name, saved.steps, saved.days = name.strip()[:60], written(path)["steps"], path.days
    if before == (saved.name, saved.steps, saved.days):
        return saved

    saved.changed_at = clock.now()
    saved.save()

    note("funnel.changed", subject=saved.name, community_id=saved.community_id)
    return saved


@transaction.atomic
def delete(saved: Funnel) -> None:
    """Forget a funnel; again is nothing."""
    if Funnel.objects.filter(pk=saved.pk).delete()[0]:
        note("funnel.deleted", subject=saved.name, community_id=saved.community_id)


def _fit(name: str, path: Path) -> None:
    if not name.strip():
        raise FunnelNameMissing()
    if found := problems(path):
        raise FunnelRefused(what=" ".join(map(told, found)))


def _free_code(community: Community) -> str:
    taken = set(Funnel.objects.filter(community=community).values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"funnel-{number}") not in taken)
