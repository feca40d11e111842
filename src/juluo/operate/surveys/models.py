"""Surveys, who was asked, and what they answered; interviews."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from juluo.ground.communities.models import Community
from juluo.record.people.models import Member

from .types import STATE_NAMES, THEME_NAMES, State, Theme


class Survey(models.Model):
    """A survey. `draft` is the design being worked on (`types.Design` as JSON); what people see are its versions.

    Surveys of one `series` are waves of the same and make a trend. `revision` rises with every answer; `kept_revision` is the one whose
    answers the lake has (`dimension` answers). `source` names the platform whose export an imported survey came from.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="surveys")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    series = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, STATE_NAMES[s]) for s in State], default=State.DRAFT)
    draft = models.JSONField(default=dict)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    is_anonymous = models.BooleanField(default=False)
    has_open_link = models.BooleanField(default=True)
    may_edit = models.BooleanField(default=True)
    quota = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    kept_revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "code"], name="one_survey_a_code")]
        indexes = [models.Index(fields=["community", "-made_at"])]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """What people were asked, as it was published. Never changed: a change of the survey is a further version."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    design = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="one_version_a_number")]


class Invitation(models.Model):
    """That a member was asked: what a personal link stands for. It does not say whether they answered."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "member"], name="one_invitation_a_member")]


class Response(models.Model):
    """One person's answers; `answered_at` None while they are not done.

    `id` is drawn at random, so that neither it nor the place of the row says who came after whom. An anonymous answer names neither
    member nor browser, and only the day. `score` is the NPS given, or the first scale.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    version = models.ForeignKey(Version, on_delete=models.RESTRICT, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="survey_responses")
    browser = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(default=dict)
    score = models.FloatField(null=True)
    day = models.DateField()
    answered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "member"], condition=Q(member__isnull=False), name="one_response_a_member"),
            models.UniqueConstraint(fields=["survey", "browser"], condition=~Q(browser=""), name="one_response_a_browser"),
        ]
        indexes = [models.Index(fields=["survey", "-answered_at"])]


class Given(models.Model):
    """A response in pieces, for counting: one row a choice, a matrix row, a number or a text. Written with the response, never alone."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="given")
    question = models.CharField(max_length=60)
    row = models.CharField(max_length=60, blank=True)
    choice = models.CharField(max_length=60, blank=True)
    number = models.FloatField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["survey", "question", "row", "choice"])]


class Spent(models.Model):
    """That a link of an anonymous survey was used: a one-way number made from the link, kept apart from the answer."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "mark"], name="one_use_a_link")]


class Guide(models.Model):
    """What interviewers ask: questions, one a line."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    questions = models.JSONField(default=list)
    made_at = models.DateTimeField()


class Interview(models.Model):
    """A talk with a member, or with somebody who stays unnamed (`member` None, `alias` for telling them apart)."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")
    guide = models.ForeignKey(Guide, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="interviews")
    alias = models.CharField(max_length=100, blank=True)
    held_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["community", "-held_on"])]


class Finding(models.Model):
    """Something that came out of an interview: the question it answers, what was said in the person's words, and what it is about."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="findings")
    theme = models.CharField(max_length=10, choices=[(t.value, THEME_NAMES[t]) for t in Theme], default=Theme.NOTE)
    topic = models.CharField(max_length=60, blank=True)
    question = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    quote = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
