"""Users, and the one-time links that let them in."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext


class User(AbstractUser):
    """Someone who signs in. A superuser is the installation's administrator and holds every role everywhere.

    `is_invited` until they have chosen a name and a password: until then only a one-time link lets them in.
    """

    name = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_invited = models.BooleanField(default=False)

    @property
    def called(self) -> str:
        """What to call them on a page."""
        if self.is_invited and not self.name:
            return gettext("受邀的管理员")
        return self.name or self.get_full_name() or self.username


class Link(models.Model):
    """A one-time sign-in link. Only the digest of its token is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
