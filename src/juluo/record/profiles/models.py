"""What is known of members: attributes with every value's history, tags with who holds them and why, and dated notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.record.people.models import Channel, Member

from .types import GROUP_NAMES, KIND_NAMES, SOURCE_NAMES, TAG_KIND_NAMES, Group, Source, TagKind, ValueKind


class Attribute(models.Model):
    """Something that may be known of every member: 城市, 生日, 常用设备."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="attributes")
    code = models.CharField(max_length=40, help_text="how rules, files and the API name it; never changes")
    name = models.CharField(max_length=40)
    group = models.CharField(max_length=10, choices=[(g.value, g.value) for g in Group], default=Group.POPULATION)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ValueKind], default=ValueKind.TEXT)
    choices = models.JSONField(default=list, help_text="what may be chosen, in order, where the kind is choice")
    is_dynamic = models.BooleanField(default=False, help_text="changes by itself: the newest value counts, whoever gave it")
    unit = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["community", "code"], name="one_attribute_a_code"),
            models.UniqueConstraint(fields=["community", "name"], name="one_attribute_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def group_name(self) -> str:
        return gettext(GROUP_NAMES[Group(self.group)])

    @property
    def kind_name(self) -> str:
        return gettext(KIND_NAMES[ValueKind(self.kind)])


class Value(models.Model):
    """One thing somebody said of a member under an attribute. Nothing is overwritten; `is_current` marks the one that counts
    (`rules.current`).

    Nobody looks values up by who gave them, and every index makes an import of many slower."""

    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="values")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="values")
    text = models.CharField(max_length=200, null=True)
    number = models.FloatField(null=True)
    day = models.DateField(null=True)
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Source])
    at = models.DateTimeField(help_text="when it was so")
    known_at = models.DateTimeField(help_text="when we were told")
    confidence = models.FloatField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    note = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "attribute"], condition=Q(is_current=True), name="one_current_value")]
        indexes = [
            models.Index(fields=["attribute", "text"], condition=Q(is_current=True), name="current_value_by_text"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def source_name(self) -> str:
        return gettext(SOURCE_NAMES[Source(self.source)])

    @property
    def shown(self) -> str:
        """The value as people read it."""
        if self.day is not None:
            return self.day.isoformat()
        if self.number is None:
            return self.text or ""
        if self.attribute.kind == ValueKind.BOOLEAN:
            return gettext("是") if self.number else gettext("否")
        number = f"{self.number:,.4f}".rstrip("0").rstrip(".")
        return f"{number} {self.attribute.unit}".rstrip()


class Tag(models.Model):
    """A tag in the tree. `path` is the names from the root, 爱好/咖啡: what files, rules and people call it."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="tags")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    name = models.CharField(max_length=40)
    path = models.CharField(max_length=250)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in TagKind], default=TagKind.MANUAL)
    colour = models.PositiveSmallIntegerField(default=0, help_text="0 plain, 1–8 a colour of the design system")
    note = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)
    rule = models.TextField(blank=True, help_text="the expression of a rule tag")
    words = models.JSONField(default=list, help_text="what a text tag looks for")
    is_topic = models.BooleanField(default=False, help_text="look among the words a message is about, not in its letters")
    least = models.PositiveIntegerField(default=1, help_text="a text tag's number of messages")
    days = models.PositiveIntegerField(default=90, help_text="a text tag's window, in days; 0 for all of history")
    computed_at = models.DateTimeField(null=True)
    computed_from = models.CharField(max_length=100, blank=True, help_text="the state of the lake it was last computed from")
    problem = models.TextField(blank=True, help_text="why the last computation did not work")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["community", "path"], name="one_tag_a_path")]

    def __str__(self) -> str:
        return self.path

    @property
    def kind_name(self) -> str:
        return gettext(TAG_KIND_NAMES[TagKind(self.kind)])

    @property
    def is_computed(self) -> bool:
        return self.kind != TagKind.MANUAL


class Grant(models.Model):
    """That a member holds a tag, or held it until `ended_at`: since when, by whom, from where and why."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="grants", db_index=False)  # found by the index below
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="grants")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Source])
    reason = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict, help_text="what a computed tag saw")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "member"], condition=Q(ended_at=None), name="one_standing_grant")]
        indexes = [models.Index(fields=["tag", "-at"])]

    @property
    def source_name(self) -> str:
        return gettext(SOURCE_NAMES[Source(self.source)])


class Note(models.Model):
    """Something a person of the team saw: of a member, of a group, or of the community as a whole where both are missing."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="notes")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="notes")
    channel = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField(help_text="the local day it was seen")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["community", "-on", "-id"])]


class Stale(models.Model):
    """That the lake's copy of some members' attributes or tags is behind. Written with every change and taken away by the refresh that
    read the change; a row is never reused, so that a change made during a refresh keeps its own."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    bucket = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["community", "table"])]


class Copy(models.Model):
    """The lock under which the lake's copy of a table is brought up to date."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "table"], name="one_copy_a_table")]
