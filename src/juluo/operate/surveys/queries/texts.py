"""Free answers, and those that say alike together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from juluo.insight.texts.rules.clusters import clusters
from juluo.insight.texts.types import Cluster

from ..models import Given, Survey
from ..rules.scores import share

READ = 4_000  # texts of a question that are put into groups at most, the latest


def texts(survey: Survey, question: str, most: int) -> list[str]:
    """The latest free answers to a question, without names; anonymous ones in no order that tells anything."""
    rows = Given.objects.filter(survey=survey, question=question).exclude(text="")
    order = ("text", "id") if survey.is_anonymous else ("-response__answered_at", "-id")
    return list(rows.order_by(*order).values_list("text", flat=True)[:most])


@dataclass(frozen=True)
class Said:
    """A group of free answers, with its quotes, each with how many said exactly so. `title` is "" for those like no other."""

    title: str
    count: int
    share: float | None
    quotes: Sequence[tuple[str, int]]


def grouped(survey: Survey, question: str) -> list[Said]:
    """Free answers that say alike together, the largest group first; those like no other last."""
    said = texts(survey, question, READ)
    found: list[Said] = []
    for one in _grouped(tuple(said)):
        quotes = Counter(said[at] for at in one.members).most_common()
        title = "" if one.is_rest else " · ".join(one.terms) or quotes[0][0][:40]
        found.append(Said(title, len(one.members), share(len(one.members), len(said)), quotes))
    return found


@lru_cache(32)
def _grouped(said: tuple[str, ...]) -> list[Cluster]:
    return clusters(said)
