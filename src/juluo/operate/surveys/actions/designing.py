"""Making, changing, publishing, closing and removing surveys."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.record.lake.actions import keep

from ..errors import NotChangeable, NotPublishable
from ..models import Response, Survey, Version
from ..queries import answered, current, design_of, plain
from ..rules.checking import faults, recoded
from ..types import Design, State
from .common import hold, lake_part


@transaction.atomic
def make(community: Community, title: str, design: Design, *, series: str = "", code: str = "", **settings: Any) -> Survey:
    """A new draft. `code` is made from the title (or the series) where none is given, and numbered until it is free."""
    Community.objects.select_for_update().get(pk=community.pk)
    wanted = (slugify(code) or slugify(title) or slugify(series) or "survey")[:50]
    free, at = wanted, 2
    while Survey.objects.filter(community=community, code=free).exists():
        free, at = f"{wanted}-{at}", at + 1
    survey = Survey.objects.create(
        community=community, code=free, title=title[:200], series=series[:60], draft=plain(design), made_at=clock.now(), **settings
    )
    note("survey.made", subject=survey.title, community_id=community.pk)
    return survey


@transaction.atomic
def again(survey: Survey) -> Survey:
    """The next wave: a draft that asks the same, in the same series, so that both make a trend."""
    survey = hold(survey)
    if not survey.series:
        survey.series = survey.code
        survey.save(update_fields=["series"])
    version = current(survey)
    month = clock.today(survey.community.zone).strftime("%Y-%m")
    title = f"{survey.title.split(' · ')[0]} · {month}"
    same = ("is_anonymous", "has_open_link", "may_edit", "quota")
    return make(
        survey.community,
        title,
        design_of(version.design if version else survey.draft),
        series=survey.series,
        code=survey.series,
        **{name: getattr(survey, name) for name in same},
    )


@transaction.atomic
def design(survey: Survey, wanted: Design) -> Survey:
    """Keep another draft. What people see changes only with `publish`."""
    survey = hold(survey)
    if survey.draft == plain(wanted):
        return survey
    survey.draft = plain(wanted)
    survey.save(update_fields=["draft"])
    note("survey.designed", subject=survey.title, community_id=survey.community_id, questions=len(wanted.questions))
    return survey


SETTINGS = ("title", "series", "opens_at", "closes_at", "is_anonymous", "has_open_link", "may_edit", "quota")


@transaction.atomic
def configure(survey: Survey, **wanted: Any) -> Survey:
    """Change `SETTINGS`. Raises `NotChangeable` for anonymity once somebody has answered or begun."""
    survey = hold(survey)
    changed = [name for name in SETTINGS if name in wanted and getattr(survey, name) != wanted[name]]
    if "is_anonymous" in changed and Response.objects.filter(survey=survey).exists():
        raise NotChangeable()
    for name in changed:
        setattr(survey, name, wanted[name])
    if changed:
        survey.save(update_fields=changed)
        note("survey.configured", subject=survey.title, community_id=survey.community_id, what=", ".join(changed))
    return survey


@transaction.atomic
def publish(survey: Survey) -> Survey:
    """Put the draft before people, as a new version where it differs from the present one, and open the survey.

    Questions that now ask in another way get new codes (`rules.checking.recoded`), so earlier answers keep their meaning. Raises
    `NotPublishable`. Safe to repeat.
    """
    survey = hold(survey)
    wanted = design_of(survey.draft)
    if wrong := faults(wanted):
        raise NotPublishable(why=gettext(wrong[0].sentence) % wrong[0].facts)
    latest = current(survey)
    answered_versions = survey.versions.filter(pk__in=Response.objects.filter(survey=survey).values("version"))
    wanted = recoded(wanted, [design_of(one.design) for one in answered_versions])
    now = clock.now()
    is_new = latest is None or latest.design != plain(wanted)
    if is_new:
        Version.objects.create(survey=survey, number=latest.number + 1 if latest else 1, design=plain(wanted), at=now)
    elif survey.state == State.OPEN:
        return survey
    survey.draft, survey.state, survey.closed_at = plain(wanted), State.OPEN, None
    survey.published_at = survey.published_at or now
    if survey.closes_at and survey.closes_at <= now:
        survey.closes_at = None
    survey.save()
    note("survey.published", subject=survey.title, community_id=survey.community_id, version=latest.number + is_new if latest else 1)
    return survey


@transaction.atomic
def close(survey: Survey) -> Survey:
    """End it; answers stay. Safe to repeat."""
    survey = hold(survey)
    if survey.state == State.OPEN:
        survey.state, survey.closed_at = State.CLOSED, clock.now()
        survey.save(update_fields=["state", "closed_at"])
        note("survey.closed", subject=survey.title, community_id=survey.community_id, answered=answered(survey))
    return survey


@transaction.atomic
def remove(survey: Survey) -> None:
    """Delete a survey with all its answers. There is no way back except a backup."""
    survey = hold(survey)
    keep(survey.community, "answers", {lake_part(survey): None})
    note("survey.removed", subject=survey.title, community_id=survey.community_id, answered=answered(survey))
    survey.delete()
