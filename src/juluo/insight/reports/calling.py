"""What needs a person now: gathered from everything that has something waiting."""

import logging

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from juluo.ground.communities.models import Community
from juluo.kit import clock
from juluo.kit.errors import N_
from juluo.record.imports.models import Import
from juluo.record.imports.types import State as ImportState
from juluo.record.people.queries import resemblances
from juluo.record.tasks.queries import overdue as overdue_tasks

from .models import PulseRow, Suggestion
from .registry import Call, calls
from .types.advice import State
from .types.today import Waiting
from .words import label, said

log = logging.getLogger("juluo.reports")
TONES = ("bad", "warn", "")


def waiting(community: Community) -> list[Waiting]:
    """Everything that waits, the worst first. A source that breaks is logged and left out."""
    found: list[Waiting] = []
    for call in calls:
        try:
            found += call.look(community)
        except Exception:
            log.exception("call %s broke", call.code)
    return sorted(found, key=lambda one: TONES.index(one.tone))


def place(route: str, *args: object) -> str:
    """The address of a page, "" where its room is not there."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def overdue(community: Community) -> list[Waiting]:
    today = clock.today(community.zone)
    many = Suggestion.objects.filter(community=community, state=State.ACCEPTED, due_on__lt=today).count()
    if not many:
        return []
    title = said(N_("%(n)s 件采纳的事已经过期"), {"n": many})
    return [
        Waiting(
            "overdue",
            title,
            gettext("做完就勾掉，做不了就改期。"),
            place("reports:suggestions", community.slug),
            gettext("去看看"),
            "bad",
            "calendar-exclamation",
        )
    ]


def unanswered(community: Community) -> list[Waiting]:
    row = PulseRow.objects.filter(community=community).first()
    pulse = row.pulse() if row else None
    if pulse is None or not pulse.unanswered_many or not pulse.is_live:
        return []
    first = pulse.unanswered[0]
    title = said(N_("%(n)s 个问题还没人接"), {"n": pulse.unanswered_many})
    text = said(
        N_("最近一个：%(who)s 在「%(where)s」问 %(what)s"), {"who": first.name, "where": first.channel, "what": {"quote": first.text}}
    )
    return [Waiting("unanswered", title, text, "#unanswered", gettext("逐个接住"), "warn", "message-question")]


def imports(community: Community) -> list[Waiting]:
    """An import that waits for an answer, or the last one failed."""
    found = []
    recent = list(Import.objects.filter(community=community)[:20])
    for one in recent:
        if one.state == ImportState.ASKING:
            title = said(N_("导入「%(name)s」在等您回答一个问题"), {"name": label(one.name)})
            found.append(
                Waiting(
                    "import", title, "", place("imports:questions", community.slug, one.pk), gettext("去回答"), "warn", "database-import"
                )
            )
    last = next((one for one in recent if one.state in (ImportState.DONE, ImportState.FAILED)), None)
    if last is not None and last.state == ImportState.FAILED:
        title = said(N_("导入「%(name)s」没有成功"), {"name": label(last.name)})
        url = place("imports:detail", community.slug, last.pk)
        found.append(Waiting("import", title, "", url, gettext("看原因"), "bad", "database-x"))
    return found


def duplicates(community: Community) -> list[Waiting]:
    many = resemblances(community).count()
    if not many:
        return []
    title = said(N_("%(n)s 对成员可能是同一个人"), {"n": many})
    text = gettext("合并之后，人数和活跃才算得准。")
    return [Waiting("duplicates", title, text, place("people:alike", community.slug), gettext("逐对看"), "", "users-group")]


def late_tasks(community: Community) -> list[Waiting]:
    many = overdue_tasks(community)
    if not many:
        return []
    title = said(N_("%(n)s 个任务过期了"), {"n": many})
    return [
        Waiting(
            "tasks",
            title,
            gettext("做完就勾掉，做不了就改期。"),
            place("tasks:list", community.slug),
            gettext("去看看"),
            "bad",
            "calendar-exclamation",
        )
    ]


CALLS = (
    Call("overdue", overdue),
    Call("tasks", late_tasks),
    Call("unanswered", unanswered),
    Call("imports", imports),
    Call("duplicates", duplicates),
)
