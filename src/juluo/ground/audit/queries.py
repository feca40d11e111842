"""Reading the log."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from juluo.kit.errors import N_

from .models import Entry
from .registry import verbs

_MACHINES = {"cli": N_("命令行"), "worker": N_("后台任务"), "api": N_("开放接口"), "web": N_("网页")}


def entries(
    *,
    community_id: int | None = None,
    with_installation: bool = False,
    actor_id: int | None = None,
    verb: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    about: str = "",
) -> QuerySet[Entry]:
    """Rows of the log, newest first.

    Of one community, with those that belong to none where `with_installation`; without `community_id` all of them. `verb` may be
    a whole code or its first word ("import"). `about` is looked for in the subject.
    """
    rows = Entry.objects.select_related("actor").order_by("-at", "-pk")
    if community_id is not None:
        place = Q(community_id=community_id)
        rows = rows.filter(place | Q(community_id=None) if with_installation else place)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if verb:
        rows = rows.filter(verb=verb) if "." in verb else rows.filter(verb__startswith=f"{verb}.")
    if since:
        rows = rows.filter(at__gte=since)
    if before:
        rows = rows.filter(at__lt=before)
    return rows.filter(subject__icontains=about) if about else rows


def sentence(entry: Entry) -> str:
    """What happened, in the reader's language. A verb that is no longer registered is shown by its code."""
    if entry.verb not in verbs:
        return f"{entry.verb} {entry.subject}".strip()
    verb = verbs[entry.verb]
    facts: dict[str, Any] = defaultdict(str, {"subject": entry.subject})
    for key, value in entry.facts.items():
        word = verb.words.get(key, {}).get(str(value))
        facts[key] = gettext(word) if word else value
    try:
        return gettext(verb.sentence) % facts
    except (TypeError, ValueError):  # a fact of an older version that no longer fits its blank
        return f"{gettext(verb.sentence)} {entry.subject}"


def doer(entry: Entry) -> str:
    """Who did it: a person's name, or what acted when no person did."""
    if entry.actor is not None:
        return str(getattr(entry.actor, "called", entry.actor))
    return gettext(_MACHINES.get(entry.by, N_("系统")))


def details(entry: Entry) -> str:
    """The remaining details on one line, for the export."""
    return "; ".join(f"{key}={value}" for key, value in sorted(entry.facts.items()))


def kinds(rows: Iterable[str]) -> list[tuple[str, str]]:
    """The verbs given, as (code, sentence without its blanks) for a filter."""
    return [(code, sentence(Entry(verb=code)).replace("「」", "").strip(" ：:")) for code in rows if code in verbs]
