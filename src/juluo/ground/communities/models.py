"""Communities and who works in them."""

from django.conf import settings
from django.db import models

from juluo.ground.accounts.types import ROLE_NAMES, Role


class Community(models.Model):
    """A body of members that is run as one: possibly many groups on several platforms.

    `zone` (IANA) decides what a day and a week are.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["is_sample", "name"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One user's role in one community."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=10, choices=[(role.value, ROLE_NAMES[role]) for role in Role])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "community"], name="one_role_a_community")]
