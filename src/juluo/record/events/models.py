"""The inbox, which is also the hot tail."""

from django.db import models


class InboxEvent(models.Model):
    """An accepted event that is not (or only just) part of the lake.

    One table serves as inbox and as hot tail: the unique constraint takes each event in once, the lake's `events` table
    includes the rows that are not sealed yet, and sealed rows stay for a while so that a platform's retries still meet the
    constraint. Names are `stable_id`s already; `at` is microseconds since 1970 UTC, as everywhere in events.
    """

    community_id = models.BigIntegerField()
    source = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.BigIntegerField()
    channel = models.BigIntegerField()
    thread = models.BigIntegerField(null=True)
    actor = models.BigIntegerField()
    reply_to = models.BigIntegerField(null=True)
    target = models.BigIntegerField(null=True)
    value = models.FloatField(null=True)
    text = models.TextField(null=True)
    props = models.TextField(null=True)
    received_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "source", "key"], name="each_event_once")]
        # Every index costs each event its share; what history asks of the tail, the lake answers.
        indexes = [models.Index(fields=["community_id", "id"], condition=models.Q(sealed_at=None), name="unsealed")]
