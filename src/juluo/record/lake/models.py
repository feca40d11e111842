"""Which sealed files make up a community's history. The list is the truth: a file that is not on it does not exist."""

from django.db import models


class LakeState(models.Model):
    """One row a community. `revision` is a new word with every change of its history, `people_revision` with every change of who is
    who. Words, not numbers: a change that was rolled back and another one after it must not look alike to whoever saw the first."""

    community_id = models.BigIntegerField(primary_key=True)
    revision = models.CharField(max_length=20, blank=True)
    people_revision = models.CharField(max_length=20, blank=True)
    people = models.JSONField(default=list, help_text="the files that hold who is who, each with its number of rows")
    epoch = models.CharField(max_length=20, blank=True, help_text="new when anything may have changed in any week")
    people_epoch = models.CharField(max_length=20, blank=True, help_text="new when somebody who was known became somebody else")
    zone = models.CharField(max_length=64, blank=True, help_text="the zone whose local days the segments are written in; MIXED: several")

    MIXED = "?"


class Week(models.Model):
    """When the sealed events of a week last changed: `word` is new whenever rows come to it, go from it or are replaced in it."""

    community_id = models.BigIntegerField()
    monday = models.DateField()
    word = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "monday"], name="one_word_a_week")]


class DimensionPart(models.Model):
    """A part of a room's own table in the lake. Replacing a part makes a new row, so the highest number and the count say whether
    anything changed."""

    community_id = models.BigIntegerField()
    table = models.CharField(max_length=40)
    part = models.CharField(max_length=80)
    file = models.CharField(max_length=200, unique=True)
    rows = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "table", "part"], name="one_file_a_dimension_part")]


class Segment(models.Model):
    """An immutable part of a history, with the member-day roll-up made from it (`daily`) and, once read, its `texts`.

    The names are the engine's own: files of the embedded lake, partitions of ClickHouse.
    """

    community_id = models.BigIntegerField(db_index=True)
    file = models.CharField(max_length=200, unique=True)
    daily = models.CharField(max_length=200)
    texts = models.CharField(max_length=200, blank=True)
    texts_version = models.CharField(max_length=80, blank=True)
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    sealed_at = models.DateTimeField()
