"""Surveys and what they ask."""

from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from juluo.ground.communities.models import Community

from ..errors import DesignRefused
from ..models import Survey, Version
from ..types import Design


def design_of(kept: Any) -> Design:
    """A design from its JSON. Raises `DesignRefused`."""
    try:
        return msgspec.convert(kept, Design)
    except msgspec.ValidationError as wrong:
        raise DesignRefused(why=str(wrong)[:300]) from wrong


def plain(design: Design) -> Any:
    """The JSON of a design, as it comes back from a database."""
    return msgspec.json.decode(msgspec.json.encode(design))


def surveys(community: Community) -> QuerySet[Survey]:
    """The surveys of a community, the newest first, each with `answered` (finished responses)."""
    done = Count("responses", filter=Q(responses__answered_at__isnull=False))
    return Survey.objects.filter(community=community).annotate(answered=done).order_by("-made_at", "-id")


def current(survey: Survey) -> Version | None:
    """What people are asked now; None before the first publishing."""
    return survey.versions.order_by("-number").first()
