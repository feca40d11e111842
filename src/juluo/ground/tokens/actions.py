"""Issuing and revoking keys."""

import secrets
from typing import Any

from django.db import transaction

from juluo.ground.accounts.types import Role
from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock

from .models import Token
from .rules import PREFIX, digest


@transaction.atomic
def issue(community: Community, *, name: str, role: Role, by: Any = None) -> tuple[Token, str]:
    """A new token and its key. The key is not stored and cannot be shown again."""
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        community=community, name=name[:80], role=role.value, digest=digest(key), created_by=by, created_at=clock.now()
    )
    note("token.issued", subject=token.name, community_id=community.pk, role=role.value)
    return token, key


@transaction.atomic
def revoke(token: Token) -> None:
    """Make a key worthless. Safe to repeat."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        note("token.revoked", subject=token.name, community_id=token.community_id)
