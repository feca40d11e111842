"""Bringing a history in: hand over, recognise, answer, run."""

import logging
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from juluo.ground.audit.actions import note
from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.archive import Pack, open_pack
from juluo.kit.disk import if_free
from juluo.kit.errors import JuluoError
from juluo.record.connectors.errors import FormatUnknown
from juluo.record.connectors.queries import recognise
from juluo.record.connectors.registry import readers
from juluo.record.connectors.types import Plan, Question, Reject
from juluo.record.lake.actions import merge
from juluo.record.lake.types import Merged
from juluo.record.people.actions import observe, summarise
from juluo.record.people.actions import recognise as recognise_people
from juluo.record.profiles.actions import take_profiles

from .errors import Broken, Cancelled, DiskFull, NothingRead, TooLarge, TooManyAttempts, WrongOffset
from .models import Import, RejectedRow
from .models import Mapping as Remembered
from .queries import answers_for, fingerprint, lock_of, plan_of
from .registry import sequels
from .staging import Stage
from .types import State

log = logging.getLogger("juluo.imports")
MOST_ATTEMPTS = 5  # after which an import whose worker dies each time is given up
SPARE = 512 * 2**20  # left free on the disk, so that an upload never stops the rest of the house
Progress = Callable[[Import], None]


def hand_over(community: Community, path: Path, *, by: Any = None) -> Import:
    """Register a file or folder that already lies on this machine (the command line's way in). It is read where it is."""
    size = sum(p.stat().st_size for p in path.rglob("*") if p.is_file()) if path.is_dir() else path.stat().st_size
    return Import.objects.create(
        community=community,
        name=path.name,
        path=str(path.absolute()),
        is_ours=False,
        size=size,
        received=size,
        created_by=by,
        created_at=clock.now(),
    )


def begin_upload(community: Community, name: str, size: int, *, by: Any = None) -> Import:
    """Open an import whose file will come in pieces. Raises `TooLarge` or `DiskFull`."""
    if size > settings.OPTIONS.upload_limit:
        raise TooLarge(limit=filesizeformat(settings.OPTIONS.upload_limit))
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    if size > shutil.disk_usage(settings.DATA_DIR).free - SPARE:
        raise DiskFull(size=filesizeformat(size))
    imported = Import.objects.create(community=community, name=_label(name), size=size, created_by=by, created_at=clock.now())
    imported.path = f"uploads/{imported.pk}/upload{_suffixes(imported.name)}"
    imported.file.parent.mkdir(parents=True)
    imported.save(update_fields=["path"])
    return imported


def append(imported: Import, offset: int, chunk: bytes) -> int:
    """Add a piece at `offset`; the offset that is wanted next. A piece that came before is taken as it is, so a sender that lost
    the answer may send it again. Raises `WrongOffset` (with the offset wanted) when pieces are missing in between.
    """
    path = imported.file
    with transaction.atomic():
        held = Import.objects.select_for_update().get(pk=imported.pk)
        # What the disk lost, or a backup could not hold, is asked for anew.
        held.received = min(held.received, path.stat().st_size if path.exists() else 0)
        if held.state != State.UPLOADING or offset > held.received or offset + len(chunk) > held.size:
            raise WrongOffset(offset=held.received)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "wb") as file:
            file.seek(offset)
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        held.received = max(held.received, offset + len(chunk))
        held.save(update_fields=["received"])
    imported.received = held.received
    return held.received


def look(imported: Import) -> Plan:
    """Recognise what was handed over and note what the reader must ask. Goes to `asking`, or to `queued` when nothing is open.

    Raises `FormatUnknown` or `PackRefused`; the import is then over and its file gone.
    """
    try:
        with open_pack(imported.file) as pack:
            plans = recognise(pack)
        if not plans:
            raise FormatUnknown(why="")
    except JuluoError as refused:
        _fail(imported, refused)
        raise
    plan = plans[0]
    imported.reader = plan.reader
    imported.plan = msgspec.to_builtins(plan)
    imported.state = State.ASKING if any(not _is_settled(q) for q in plan.questions) else State.QUEUED
    imported.save(update_fields=["reader", "plan", "state"])
    return plan


@transaction.atomic
def answer(imported: Import, answers: Mapping[str, Any], *, reader: str = "") -> None:
    """Take the operator's answers (and choice of reader) and queue the import. A column mapping is remembered for its header."""
    if reader:
        imported.reader = readers[reader].code
    imported.answers = {**imported.answers, **answers}
    imported.state = State.QUEUED
    imported.save(update_fields=["reader", "answers", "state"])
    plan = plan_of(imported)
    for question in plan.questions if plan else ():
        if question.kind == "columns" and question.code in answers:
            chosen = {"columns": answers[question.code]}
            Remembered.objects.update_or_create(community_id=imported.community_id, fingerprint=fingerprint(question), defaults=chosen)


def run(imported: Import, *, progress: Progress = lambda _: None) -> Import:
    """Read, stage and merge. May be called again after any interruption: it starts over and ends in the same state.

    Nothing is visible before the end; then everything is, in one transaction with the import's own record. Raises the
    `JuluoError` that ended it, after recording it. Does nothing while another process is at it, or once it failed or was cancelled.
    """
    folder = settings.DATA_DIR / "staging" / str(imported.pk)
    with if_free(lock_of(imported), patience=1) as is_free:  # somebody may only be looking whether it is free
        imported.refresh_from_db(fields=["state"])  # whoever was at it before us may have ended it
        if not is_free or imported.state in (State.FAILED, State.CANCELLED):
            return imported
        if imported.state != State.DONE:
            try:
                _bring_in(imported, folder, progress)
            except JuluoError:
                _clear(imported)
                raise
        summarise(imported.community)
        _clear(imported)
    progress(imported)
    return imported


def tidy() -> int:
    """Remove what a crash left of imports that are over; of how many."""
    tidied = 0
    for place in ("staging", "uploads"):
        left = {int(path.name) for path in (settings.DATA_DIR / place).glob("[0-9]*") if path.name.isdigit()}
        for imported in Import.objects.filter(pk__in=left):
            with if_free(lock_of(imported)) as is_free:
                if is_free and imported.is_over:
                    _clear(imported)
                    tidied += 1
    return tidied


def _clear(imported: Import) -> None:
    """Remove every file of an import that is over. Call while holding its lock."""
    staging = settings.DATA_DIR / "staging" / str(imported.pk)
    shutil.rmtree(staging, ignore_errors=True)
    if imported.is_ours and imported.path:
        shutil.rmtree(imported.file.parent, ignore_errors=True)
    lock_of(imported).unlink(missing_ok=True)


def _bring_in(imported: Import, folder: Path, progress: Progress) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if imported.attempts >= MOST_ATTEMPTS:
        _fail(imported, TooManyAttempts(times=imported.attempts))
        raise TooManyAttempts(times=imported.attempts)
    folder.mkdir(parents=True)
    imported.state, imported.started_at, imported.attempts = State.READING, clock.now(), imported.attempts + 1
    imported.save(update_fields=["state", "started_at", "attempts"])
    try:
        try:
            with open_pack(imported.file) as pack:
                stage = _read(imported, pack, folder, progress)
            _merge(imported, stage, progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # before anything is recorded: the disk may be full of it
    except JuluoError as refused:
        _fail(imported, refused)
        raise
    except Exception as unexpected:
        log.exception("import %s broke", imported.pk)
        _fail(imported, Broken())
        raise Broken() from unexpected


def follow_up(imported: Import) -> None:
    """What new history leads to: members who may be one are looked for, then whatever the rooms above have hung here.

    A sequel that fails is logged and does not stop the others: the import itself is done.
    """
    recognise_people(imported.community)
    for sequel in sequels:
        try:
            sequel.run(imported.community)
        except Exception:
            log.exception("sequel %s of import %s failed", sequel.code, imported.pk)


def cancel(imported: Import) -> None:
    """Stop an import that is not over. A running one notices at its next batch and leaves nothing behind."""
    if not imported.is_over:
        Import.objects.filter(pk=imported.pk).update(state=State.CANCELLED, ended_at=clock.now())
        note("import.cancelled", subject=imported.name, community_id=imported.community_id)


def forget_files(community: Community) -> None:
    """Remove what uploads and unfinished imports of a community left on the disk."""
    for number in Import.objects.filter(community=community).values_list("pk", flat=True):
        for place in ("uploads", "staging"):
            shutil.rmtree(settings.DATA_DIR / place / str(number), ignore_errors=True)


def _read(imported: Import, pack: Pack, folder: Path, progress: Progress) -> Stage:
    stage = Stage(folder, community_id=imported.community_id, zone=imported.community.zone)
    for rows in stage.take(readers[imported.reader].read(pack, answers_for(imported))):
        imported.rows, imported.rejected = rows, stage.rejected
        # Asked anew each time: a reader may narrow the pack to what it needs, and may read a part twice.
        imported.bytes_total = pack.total_bytes
        imported.bytes_done = min(pack.bytes_read, imported.bytes_total or pack.bytes_read)
        imported.counts = dict(stage.counts)
        alive = Import.objects.filter(pk=imported.pk).exclude(state=State.CANCELLED)
        if not alive.update(**{name: getattr(imported, name) for name in ("rows", "bytes_done", "bytes_total", "rejected", "counts")}):
            raise Cancelled()
        progress(imported)
    return stage


def _merge(imported: Import, stage: Stage, progress: Progress) -> None:
    staged = stage.close()
    if not staged and not stage.profiles:
        raise NothingRead(rejected=stage.rejected)
    if not Import.objects.filter(pk=imported.pk, state=State.READING).update(state=State.MERGING):
        raise Cancelled()
    imported.state = State.MERGING
    progress(imported)

    def record(outcome: Merged) -> None:
        observe(imported.community, stage.sightings)
        taken = take_profiles(imported.community, stage.profiles, stage.sightings.persons.values(), by=imported.created_by)
        for profile, reason in taken.refused:
            stage.reject(Reject(profile.file, profile.line, reason, profile.name or profile.external_id))
        imported.rejected = stage.rejected
        imported.added, imported.replaced, imported.known = outcome.added, outcome.replaced, outcome.known
        imported.first_day, imported.last_day = outcome.first_day, outcome.last_day
        imported.state, imported.ended_at = State.DONE, clock.now()
        imported.save()
        imported.rejected_rows.all().delete()
        RejectedRow.objects.bulk_create(
            RejectedRow(imported=imported, file=r.file[:255], line=r.line, reason=r.reason, excerpt=r.excerpt[:200]) for r in stage.rejects
        )
        note("import.finished", subject=imported.name, community_id=imported.community_id, added=outcome.added, rejected=stage.rejected)

    if staged:
        merge(imported.community, staged, as_of=stage.latest, also=record)
    else:  # a list of people: nothing happened, something is known
        with transaction.atomic():
            record(Merged())


def _fail(imported: Import, error: JuluoError) -> None:
    cancelled = isinstance(error, Cancelled)
    imported.state = State.CANCELLED if cancelled else State.FAILED
    imported.error = {"code": error.code, "message": error.message, "facts": {k: str(v) for k, v in error.facts.items()}}
    imported.ended_at = clock.now()
    with transaction.atomic():
        imported.save()
        if not cancelled:
            note("import.failed", subject=imported.name, community_id=imported.community_id, code=error.code)
    if imported.is_ours and imported.path:
        shutil.rmtree(imported.file.parent, ignore_errors=True)


def _label(name: str) -> str:
    """A file's name as a label: no folders, no control characters."""
    return "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[:200] or "upload"


def _suffixes(name: str) -> str:
    """The ending of a name, as far as formats are told by it: ".tar.xz", ".csv". Letters and digits only."""
    found = re.search(r"((?:\.[A-Za-z0-9]{1,6}){1,2})$", name)
    return found[1].lower() if found else ""


def _is_settled(question: Question) -> bool:
    """Whether the reader may go on with its own guess: it has one and says what it rests on."""
    return question.default is not None and bool(question.because)
