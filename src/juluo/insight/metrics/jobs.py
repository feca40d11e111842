"""Counting ahead: what pages ask first is counted by the worker as soon as the history has changed, so that no visitor waits for it."""

import logging

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import override
from django_tasks import task

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.periods import PRESETS

from .actions import settle
from .charts import PAGES, Page, Part
from .charts.address import read
from .charts.keeping import say_warmed, warmed
from .queries.asking import history_of, key_of, state_of

log = logging.getLogger("juluo.metrics")
RANGES = [code for code in PRESETS if code != "custom"]
WARMING = 15 * 60  # seconds for which nobody else begins


@task()
def warm_up_later(community_id: int) -> None:
    """Count ahead for one community, after an import: over the usual ranges too, which a stream of events would keep counting."""
    for community in Community.objects.filter(pk=community_id):
        settle(community)
        warm_up(community)
        warm_ranges(community)


def settle_all() -> int:
    """Keep the first traces of the days gone by wherever a week has begun or an older day has changed; in how many communities."""
    return sum(settle(community) for community in Community.objects.all())


def warm_up(community: Community) -> bool:
    """Draw every page of insight as it opens first, so that its figures are counted; whether there was anything to do.

    Done once for a state of the history and a day. A part that fails is logged and does not stop the others.
    """
    history = state_of(community.pk, reads_texts=True)
    if history_of(community.pk).first is None or _is_done(community, history):
        return False
    if not cache.add(_lock(community), True, WARMING):
        return False
    try:
        for page in PAGES.values():
            for part in page.parts:
                _draw(community, page, part)
        say_warmed(community, history)
        cache.set(_day_key(community), clock.today(community.zone))
    finally:
        cache.delete(_lock(community))
    return True


def warm_ranges(community: Community) -> None:
    """Count the first page over each of the usual ranges, one after the other."""
    if history_of(community.pk).first is None or not cache.add(_lock(community), True, WARMING):
        return
    try:
        page = PAGES["overview"]
        for code in RANGES:
            for part in page.parts:
                _draw(community, page, part, f"range={code}")
    finally:
        cache.delete(_lock(community))


def _draw(community: Community, page: Page, part: Part, query: str = "") -> None:
    """Draw a part for nobody; what it counts is remembered."""
    asked = QueryDict(query)
    try:
        with override("zh-hans"):
            part.draw(read(community, asked, page.default), asked)
    except Exception:
        log.exception("counting ahead failed: %s of %s, community %s", part.code, page.code, community.pk)


def warm_up_changed() -> int:
    """Count ahead wherever the history has changed, or a new day has begun; for how many communities."""
    communities: QuerySet[Community] = Community.objects.all()
    return sum(warm_up(community) for community in communities)


def _is_done(community: Community, history: str) -> bool:
    return warmed(community) == history and cache.get(_day_key(community)) == clock.today(community.zone)


def _lock(community: Community) -> str:
    return key_of("warming", community.pk)


def _day_key(community: Community) -> str:
    return key_of("warmed_on", community.pk)
