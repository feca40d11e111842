"""What is known of imports."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from juluo.kit import clock
from juluo.kit.archive import open_pack
from juluo.kit.disk import if_free
from juluo.record.connectors.registry import readers
from juluo.record.connectors.types import Channel, Item, Person, Plan, Profile, Question, Reject
from juluo.record.events.types import Event

from .models import Import
from .models import Mapping as Remembered

PREVIEW = 8
LOOK_AT = 400


def lock_of(imported: Import) -> Path:
    """The file that whoever runs an import holds a lock on. The kernel lets go of it when they die."""
    return settings.DATA_DIR / "staging" / f"{imported.pk}.lock"


def is_held(imported: Import) -> bool:
    """Whether a process is at it now."""
    if not lock_of(imported).exists():
        return False
    with if_free(lock_of(imported)) as is_free:
        return not is_free


def fingerprint(question: Question) -> str:
    """What makes two tables alike: the names of their columns, in order."""
    return sha256("\x1f".join(value for value, _label in question.options).encode()).hexdigest()


def remembered(community_id: int, question: Question) -> Mapping[str, str]:
    """The mapping chosen the last time a table with these columns came in, else the reader's guess."""
    known = (
        Remembered.objects.filter(community_id=community_id, fingerprint=fingerprint(question)).values_list("columns", flat=True).first()
    )
    return known or question.default or {}


def plan_of(imported: Import) -> Plan | None:
    """What the reader made of the pack when it was looked at."""
    return msgspec.convert(imported.plan, Plan) if imported.plan else None


def answers_for(imported: Import, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything a reader is told: its own guesses, then the installation's facts, then what the operator said."""
    plan = plan_of(imported)
    guesses = {question.code: question.default for question in plan.questions} if plan else {}
    facts = {"zone": imported.community.zone, "now": clock.micros(clock.now())}
    return {**facts, **{code: value for code, value in guesses.items() if value not in (None, "")}, **imported.answers, **(said or {})}


class Glimpse(msgspec.Struct):
    """The first rows of a file as they would come in."""

    rows: list[tuple[datetime, str, str, str, str]]  # moment, sender, channel, kind, text
    rejects: list[Reject]
    profiles: list[Profile] = []


def preview(imported: Import, said: Mapping[str, Any]) -> Glimpse:
    """Read the beginning of the file with these answers. Raises what the reader raises."""
    names: dict[str, str] = {}
    places: dict[str, str] = {}
    events: list[Event] = []
    rejects: list[Reject] = []
    known: list[Profile] = []
    with open_pack(imported.file) as pack:
        items: Any = readers[imported.reader].read(pack, answers_for(imported, said))
        item: Item
        for item in islice(items, LOOK_AT):
            if isinstance(item, Person):
                names[item.external_id] = item.name
            elif isinstance(item, Channel):
                places[item.external_id] = item.name
            elif isinstance(item, Reject):
                rejects.append(item)
            elif isinstance(item, Profile):
                known.append(item)
            else:
                events.append(item)
            if max(len(events), len(known)) >= PREVIEW:
                break
    rows = [
        (clock.moment(e.at), names.get(e.actor, e.actor), places.get(e.channel, e.channel), str(e.kind), (e.text or "")[:120])
        for e in events
    ]
    return Glimpse(rows, rejects[:3], known)
