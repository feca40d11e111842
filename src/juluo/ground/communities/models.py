"""Communities, who works in them, and what each is for."""

from django.conf import settings
from django.db import models

from juluo.ground.accounts.types import ROLE_NAMES, Role

from .types import CODES


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

    @property
    def role_name(self) -> str:
        return ROLE_NAMES[Role(self.role)]


class Canvas(models.Model):
    """One version of a community's positioning. Versions are only added; the highest `number` holds."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="canvases")
    number = models.PositiveIntegerField()
    purpose = models.TextField(blank=True)
    serves = models.TextField(blank=True)
    value = models.TextField(blank=True)
    price = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    size = models.TextField(blank=True)
    difference = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="one_canvas_a_number")]

    @property
    def answers(self) -> dict[str, str]:
        """The boxes by their code."""
        return {code: getattr(self, code) for code in CODES}
