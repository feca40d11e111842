"""An import: one file, folder or archive on its way into a community's history."""

from pathlib import Path

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community

from .types import State


class Import(models.Model):
    """State and result of one import. `answers` is what the operator said to the reader's questions, `plan` what it asked.

    Progress is in bytes of the unpacked content where the container tells (`bytes_total`), else of what was handed in.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(max_length=255)
    path = models.TextField(blank=True, help_text="where the file lies: within the data folder if it is ours")
    is_ours = models.BooleanField(default=True, help_text="uploaded to us, so ours to remove; False for a path given on the command line")
    size = models.PositiveBigIntegerField(default=0)
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State], default=State.UPLOADING)
    reader = models.CharField(max_length=40, blank=True)
    plan = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    bytes_done = models.PositiveBigIntegerField(default=0)
    bytes_total = models.PositiveBigIntegerField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    added = models.PositiveBigIntegerField(default=0)
    replaced = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    error = models.JSONField(null=True, help_text="code and facts of the error that ended it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often it was begun: what kills its worker is not begun for ever")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["community", "-id"])]

    @property
    def file(self) -> Path:
        """The file or folder. What was uploaded to us moves with the data folder."""
        return settings.DATA_DIR / self.path

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)


class RejectedRow(models.Model):
    """A row that was left out, with its place and reason; the first thousand of an import are kept."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejected_rows")
    file = models.CharField(max_length=255)
    line = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=40)
    excerpt = models.CharField(max_length=200, blank=True)


class Mapping(models.Model):
    """Which column of a table is what, as chosen for tables with the same header."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "fingerprint"], name="one_mapping_a_header")]
