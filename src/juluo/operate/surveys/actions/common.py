"""What several actions on surveys need: holding a survey, and numbers that tell nothing."""

import secrets

from ..models import Survey

AT_ONCE = 10_000


def number() -> int:
    """A row number that tells nothing about order. Fits what browsers and spreadsheets count exactly."""
    return secrets.randbits(52) + 1


def hold(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("community").get(pk=survey.pk)


def lake_part(survey: Survey) -> str:
    return str(survey.pk)
