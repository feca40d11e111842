"""The audit log of a community."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from juluo.ground.audit.models import Entry
from juluo.ground.audit.queries import details, doer, entries, kinds, sentence
from juluo.kit.periods import asked
from juluo.kit.tables import Column, Table

from ..doors import Visit, permitted, tabs


@permitted("audit.view")
@require_GET
def log(request: Visit) -> HttpResponse:
    """Every write, newest first; filtered by time, person, kind and subject. Administrators of the installation see its own too."""
    community = request.community
    query = request.GET
    period = asked(query, zone=community.zone, default="all" if query.get("range") == "all" else "28d")
    zone = ZoneInfo(community.zone)
    installation = request.user.is_superuser
    rows = entries(
        community_id=community.pk,
        with_installation=installation,
        actor_id=int(query["who"])
        if query.get("who", "").isascii() and query.get("who", "").isdigit() and len(query["who"]) < 18
        else None,
        verb=query.get("verb", "")[:60],
        since=None if period.preset == "all" else datetime.combine(period.start, time(), zone),
        before=None if period.preset == "all" else datetime.combine(period.end + timedelta(days=1), time(), zone),
        about=query.get("q", "")[:100],
    )
    table = Table(_columns(), rows, query, sort="-at", per_page=50)
    if table.wants_excel:
        title = _("操作记录")
        return table.excel(f"{community.name} {title}", title=title, zone=community.zone)
    known = Entry.objects.filter(pk__in=entries(community_id=community.pk, with_installation=installation).order_by().values("pk"))
    context = {
        "tabs": tabs(request),
        "table": table,
        "period": period,
        "actors": known.exclude(actor=None).values_list("actor_id", "actor__name", "actor__username").distinct().order_by("actor__name"),
        "kinds": kinds(known.values_list("verb", flat=True).distinct().order_by("verb")),
        "who": query.get("who", ""),
        "verb": query.get("verb", ""),
        "q": query.get("q", ""),
        "here": reverse("communities:audit", args=[community.slug]),
    }
    return render(request, "communities/audit.html", context)


def _columns() -> list[Column]:
    return [
        Column("what", _("做了什么"), sentence, width=60),
        Column("at", _("时间"), kind="moment", sort="at"),
        Column("who", _("谁"), doer),
        Column("verb", _("代码"), only="excel"),
        Column("subject", _("对象"), only="excel"),
        Column("facts", _("细节"), details, only="excel", width=60),
    ]
