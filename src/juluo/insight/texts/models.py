"""A community's own words, and what its operators say about the mood of messages."""

from django.conf import settings
from django.db import models

from juluo.ground.communities.models import Community

from .types import MOOD_NAMES, WORD_KIND_NAMES, Mood, WordKind


class Reading(models.Model):
    """What a community's messages are read with: `stamp` is drawn anew with every change of its dictionary or corrections.

    Drawn, not counted: a change that is rolled back must not leave a reader behind that a later change is taken for.
    """

    community = models.OneToOneField(Community, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    stamp = models.CharField(max_length=16, blank=True)


class OwnWord(models.Model):
    """A word the operator knows better than the dictionary, in lower case. `same_as` is what a synonym counts as."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="own_words")
    word = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, WORD_KIND_NAMES[kind]) for kind in WordKind])
    same_as = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "word"]
        constraints = [
            models.UniqueConstraint(fields=["community", "word"], name="one_say_a_word"),
            models.CheckConstraint(
                condition=models.Q(kind=WordKind.SAME, same_as__gt="") | (~models.Q(kind=WordKind.SAME) & models.Q(same_as="")),
                name="synonyms_say_of_what",
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Relabel(models.Model):
    """What an operator says about the mood of one message. Holds no text: a hash that knows the same text again, and hashed words.

    `event` is the id of the message in the lake; `score` and `was` are what the machine had made of it.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="relabels")
    event = models.BigIntegerField()
    text_hash = models.BigIntegerField()
    features = models.JSONField()
    score = models.FloatField()
    was = models.SmallIntegerField(choices=[(mood.value, MOOD_NAMES[mood]) for mood in Mood])
    mood = models.SmallIntegerField(choices=[(mood.value, MOOD_NAMES[mood]) for mood in Mood])
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "event"], name="one_relabel_a_message"),
            models.CheckConstraint(condition=models.Q(mood__in=[-1, 0, 1]), name="moods_are_three"),
        ]
