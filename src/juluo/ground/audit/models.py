"""The log of every write."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """Who did what, to what, and when. Rows are only ever added."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField(max_length=40, blank=True, help_text="what acted when no person did: cli, worker, api")
    verb = models.CharField(max_length=60)
    community_id = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community_id", "-at"])]
