"""Keeping guides, talks and what came out of them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock

from ..models import Guide, Interview


@transaction.atomic
def save_guide(community: Community, guide: Guide | None, *, title: str, questions: Sequence[str]) -> Guide:
    """Make or change a guide. Interviews that were held keep the questions they noted."""
    guide = guide or Guide(community=community, made_at=clock.now())
    guide.title, guide.questions = title, list(questions)
    guide.save()
    note("guide.saved", subject=guide.title, community_id=community.pk, questions=len(guide.questions))
    return guide


@transaction.atomic
def save_interview(community: Community, interview: Interview | None, **said: Any) -> Interview:
    """Note a talk: `member` or `alias`, `guide`, `held_on`, `by`, `summary`."""
    interview = interview or Interview(community=community, made_at=clock.now())
    for name, value in said.items():
        setattr(interview, name, value)
    interview.save()
    note("interview.saved", subject=interview.held_on.isoformat(), community_id=community.pk)
    return interview


@transaction.atomic
def find(interview: Interview, **said: Any) -> None:
    """Add a finding: `theme`, `topic`, `question`, `text`, `quote`."""
    interview.findings.create(**said)
    note("interview.found", subject=interview.held_on.isoformat(), community_id=interview.community_id)


@transaction.atomic
def unfind(interview: Interview, finding: int) -> None:
    """Take a finding back. Safe to repeat."""
    if interview.findings.filter(pk=finding).delete()[0]:
        note("interview.unfound", subject=interview.held_on.isoformat(), community_id=interview.community_id)


@transaction.atomic
def drop_interview(interview: Interview) -> None:
    note("interview.dropped", subject=interview.held_on.isoformat(), community_id=interview.community_id)
    interview.delete()
