"""Imports in the background."""

from datetime import timedelta

from django.db.models import Q
from django_tasks import task

from juluo.kit import clock
from juluo.kit.errors import JuluoError

from .actions import follow_up, run
from .models import Import
from .types import State

SILENT_FOR = timedelta(minutes=5)


@task(queue_name="imports")
def run_import(import_id: int) -> None:
    """Run one import. What went wrong is recorded on it, not raised: the queue has nothing to do about it."""
    imported = Import.objects.select_related("community").get(pk=import_id)
    if imported.is_over:
        return
    try:
        run(imported)
    except JuluoError:
        return
    follow_up(imported)


def queue(imported: Import) -> None:
    """Put an import in line. Safe to repeat: a finished import does nothing."""
    run_import.enqueue(imported.pk)


def take_up_again() -> int:
    """Queue anew the imports whose worker has gone silent (killed, or the machine restarted)."""
    stale = Import.objects.filter(state__in=(State.READING, State.MERGING)).filter(
        Q(beat_at=None) | Q(beat_at__lt=clock.now() - SILENT_FOR)
    )
    found = list(stale)
    for imported in found:
        queue(imported)
    return len(found)
