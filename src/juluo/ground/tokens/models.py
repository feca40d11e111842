"""API tokens."""

from django.conf import settings
from django.db import models

from juluo.ground.accounts.types import ROLE_NAMES, Role
from juluo.ground.communities.models import Community


class Token(models.Model):
    """A program's key to one community, with the rights of a role. Only its digest is kept: the key itself is shown once."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=[(role.value, ROLE_NAMES[role]) for role in Role])
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
