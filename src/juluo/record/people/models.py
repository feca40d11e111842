"""Members, and the identities they use on platforms."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.record.connectors.types import PLATFORMS, PersonKind


class Member(models.Model):
    """A person as the operator knows them; one or more identities.

    The figures at the end are a summary for lists, refreshed after the lake changes; the lake is the truth.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in PersonKind], default=PersonKind.PERSON)
    kind_by_hand = models.BooleanField(default=False, help_text="an operator decided the kind; imports leave it alone")
    created_at = models.DateTimeField()
    first_seen_on = models.DateField(null=True)
    last_seen_on = models.DateField(null=True)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    messages = models.PositiveIntegerField(default=0)
    active_days = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["community", "-last_seen_on", "id"]),
            models.Index(fields=["community", "-messages", "id"]),
            models.Index(fields=["community", "name"]),
            models.Index(fields=["community", "kind"]),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """An account on a platform. `id` is `events.rules.actor_id`, as in the lake."""

    id = models.BigIntegerField(primary_key=True)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="identities")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="identities")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in PersonKind], default=PersonKind.PERSON)
    aliases = models.JSONField(default=list)
    attributes = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "source", "external_id"], name="one_identity_an_account")]

    @property
    def platform(self) -> str:
        """The platform as people call it."""
        return gettext(PLATFORMS.get(self.source, self.source))


class Channel(models.Model):
    """A room, group or stream. `id` is `events.rules.channel_id`, as in the lake."""

    id = models.BigIntegerField(primary_key=True)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="channels")
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "source", "external_id"], name="one_channel_a_place")]


class Merge(models.Model):
    """That members were made one, so that it can be undone: whose identities moved, and what the merged one was called."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="merges")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    identities = models.JSONField(help_text="ids of the identities that came with the merged member")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)
    memo = models.JSONField(default=dict, help_text="what each room needs to give back what it moved, by the room's code")


class Resemblance(models.Model):
    """Two members who may be one person, with the reasons; waits for an operator's yes or no."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    a = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="one_resemblance_a_pair")]
        indexes = [models.Index(fields=["community", "-score"])]


class Summary(models.Model):
    """Which state of the lake the figures on a community's members were taken from."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="+")
    revision = models.CharField(max_length=100)


class Stale(models.Model):
    """A mark that members of a bucket (`member // copying.BUCKET`) changed since the lake's `members` was copied from here.

    Marks are added with the change and deleted by the copying that has seen it.
    """

    community_id = models.BigIntegerField(db_index=True)
    bucket = models.BigIntegerField()
