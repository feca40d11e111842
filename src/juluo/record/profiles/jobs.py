"""Work on profiles in the background."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from juluo.kit import clock
from juluo.kit.errors import N_, JuluoError
from juluo.record.lake.queries import revision, size

from .actions import note_problem, recompute_text, refresh_attributes, refresh_tags
from .models import Stale, Tag
from .registry import rule_reader
from .tables import ATTRIBUTES
from .types import TagKind

log = logging.getLogger("juluo.profiles")
SMALL = 500_000  # rows of history that a page may wait for
REST = timedelta(hours=6)


def refresh_all() -> int:
    """Bring every community's copy in the lake up to date, so that the first question of the day need not; how many buckets were behind."""
    behind = set(Stale.objects.order_by().values_list("community_id", "table").distinct())
    return sum((refresh_attributes if table == ATTRIBUTES.get_name() else refresh_tags)(community) for community, table in behind)


def recompute_texts() -> int:
    """Compute the text tags anew that are a day behind, or six hours behind a history that has moved on; how many."""
    done = 0
    for tag in Tag.objects.filter(kind=TagKind.TEXT).select_related("community"):
        if _is_due(tag):
            recompute(tag)
            done += 1
    return done


def _is_due(tag: Tag) -> bool:
    if tag.computed_at is None:
        return True
    zone = tag.community.zone
    with timezone.override(zone):
        is_of_today = timezone.localtime(tag.computed_at).date() == clock.today(zone)
    is_rested = clock.now() - tag.computed_at > REST
    return not is_of_today or (is_rested and tag.computed_from != revision(tag.community_id))


def recompute(tag: Tag) -> None:
    """Compute a text or rule tag now. What goes wrong is noted on the tag, for its page."""
    try:
        if tag.kind == TagKind.TEXT:
            recompute_text(tag)
        elif tag.kind == TagKind.RULE and (reader := rule_reader()):
            reader.recompute(tag)
    except Exception as error:
        log.exception("tag %s could not be computed", tag.pk)
        note_problem(tag, str(error) if isinstance(error, JuluoError) else N_("计算时出了问题，已经记录下来，稍后会再试。"))


@task()
def recompute_one(tag_id: int) -> None:
    """`recompute` for the worker."""
    tag = Tag.objects.select_related("community").filter(pk=tag_id).first()
    if tag is not None:
        recompute(tag)


def recompute_soon(tag: Tag) -> None:
    """Compute a tag while the page waits where the history is small, else in the background."""
    if size(tag.community_id)[0] <= SMALL:
        recompute(tag)
    else:
        recompute_one.enqueue(tag.pk)
