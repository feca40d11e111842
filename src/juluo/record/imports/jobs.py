"""Imports in the background."""

from django.db.models import Q
from django_tasks import task

from juluo.kit.errors import JuluoError
from juluo.kit.jobs import is_in_line

from .actions import follow_up, run
from .models import Import
from .queries import is_held
from .types import State


@task(queue_name="imports")
def run_import(import_id: int) -> None:
    """Run one import. What went wrong is recorded on it, not raised: the queue has nothing to do about it."""
    imported = Import.objects.select_related("community").get(pk=import_id)
    try:
        run(imported)
    except JuluoError:
        return
    if imported.state == State.DONE:
        follow_up(imported)


def queue(imported: Import) -> None:
    """Put an import in line. Safe to repeat: what was brought in is not brought in again."""
    run_import.enqueue(imported.pk)


def take_up_again() -> int:
    """Queue the imports that nobody is at and nobody will be: their worker or terminal was killed, or their web process before it
    could put them in line. How many.

    Whether somebody is at one, its lock says at once; a task that lost its worker is put back in line by the worker itself.
    """
    begun = Q(state__in=(State.READING, State.MERGING)) | Q(state=State.QUEUED, is_ours=True)  # others a terminal is about to run
    lost = [imported for imported in Import.objects.filter(begun) if not is_held(imported) and not is_in_line(run_import, imported.pk)]
    for imported in lost:
        queue(imported)
    return len(lost)
