"""The lake's copy of what named members answered."""

from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import F

from juluo.record.lake.actions import keep

from ..models import Response, Survey
from ..queries import design_of, rows_of
from .common import AT_ONCE, hold, lake_part


def refresh(community_id: int) -> int:
    """Bring the `answers` of the lake up to date; how many surveys had new ones."""
    stale = Survey.objects.filter(community=community_id).exclude(kept_revision=F("revision")).select_related("community")
    return sum(_keep_answers(survey) for survey in stale)


@transaction.atomic
def _keep_answers(survey: Survey) -> bool:
    survey = hold(survey)
    if survey.kept_revision == survey.revision:
        return False
    designs = {one.pk: design_of(one.design) for one in survey.versions.all()}
    columns: dict[str, list[Any]] = {name: [] for name in ("member", "survey", "question", "text", "number", "day")}
    rows = Response.objects.filter(survey=survey, answered_at__isnull=False, member__isnull=False)
    for member, version, answers, day in rows.values_list("member", "version", "answers", "day").iterator(chunk_size=AT_ONCE):
        for question in designs[version].questions:
            for code, text, value in rows_of(question, answers):
                for name, cell in zip(columns, (member, survey.code, code, text, value, day), strict=True):
                    columns[name].append(cell)
    types = {"member": pa.int64(), "number": pa.float64(), "day": pa.date32()}
    table = pa.table({name: pa.array(cells, types.get(name, pa.string())) for name, cells in columns.items()})
    keep(survey.community, "answers", {lake_part(survey): table})
    Survey.objects.filter(pk=survey.pk).update(kept_revision=survey.revision)
    return True
