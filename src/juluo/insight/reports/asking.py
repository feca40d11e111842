"""Asking the lake for the report's own questions, and making names readable.

An answer is remembered under the revision of the history it was made from: two sections that ask the same ask once.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import ibis
from django.core.cache import cache

from juluo.ground.communities.models import Community
from juluo.insight.metrics.measures.base import parameters
from juluo.insight.metrics.queries.asking import about_history, key_of, state_of
from juluo.insight.metrics.types import Calendar, Grain, Period
from juluo.record.lake.queries import ask
from juluo.record.people.queries import channel_names, member_names

from .types.material import VERSION
from .words import label


@lru_cache(maxsize=200)
def _built(question: Callable[[], ibis.Table]) -> ibis.Table:
    return question()


def answer(
    community: Community, question: Callable[[], ibis.Table], week: Period, *, reach: int = 0, ahead: int = 0, **more: Any
) -> list[dict[str, Any]]:
    """The rows of one of `measures`' questions, asked about `week` and the week before it."""
    values = parameters(Calendar(Grain.WHOLE, week), reach=reach, ahead=ahead)
    state = state_of(community.pk, reads_texts=True)
    key = key_of(
        "reports", VERSION, community.pk, state, question.__module__, question.__qualname__, sorted(values.items()), sorted(more.items())
    )
    rows: list[dict[str, Any]] | None = cache.get(key)
    if rows is None:
        rows = ask(community.pk, _built(question), **values | about_history(community.pk), **more).to_pylist()
        cache.set(key, rows)
    return rows


def members(community: Community, numbers: Iterable[int | str]) -> dict[int, str]:
    """Names of members, cleaned; those who are not in the register get "·"."""
    wanted = {int(number) for number in numbers}
    known = member_names(community.pk, wanted)
    return {number: label(known.get(number, "")) for number in wanted}


def channels(community: Community, numbers: Iterable[int | str]) -> dict[int, str]:
    """Names of channels, cleaned."""
    wanted = {int(number) for number in numbers}
    known = channel_names(community.pk, wanted)
    return {number: label(known.get(number, "")) for number in wanted}
