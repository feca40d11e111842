"""Messages about a topic, and what people say about their mood."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.insight.texts.actions import relabel
from juluo.insight.texts.types import Mood
from juluo.kit import clock
from juluo.kit.errors import NotThere
from juluo.kit.tables import Table

from ..charts.address import read
from ..charts.listing import Spoken, event_columns, moods_of
from ..queries.mentions import mentions, message

IN_DRAWER = 20


@require_GET
@permitted("metrics.view")
def about(request: Visit) -> HttpResponse:
    """The messages that speak of a term."""
    term = request.GET.get("term", "")
    if not 0 < len(term) <= 80:
        raise NotThere()
    asked = read(request.community, request.GET, may=request.may)
    rows = Spoken(asked, mentions(request.community, asked.days, term=term, channels=asked.channels, who=asked.who))
    may_export = request.may("members.export")
    table = Table(event_columns(asked), rows, request.GET, per_page=IN_DRAWER if request.htmx else 50, exportable=may_export)
    title = gettext("聊到「%(term)s」的消息") % {"term": term}
    if table.wants_excel:
        note("metrics.exported", subject=title, community_id=request.community.pk, count=table.total)
        today = clock.today(request.community.zone)
        return table.excel(f"{request.community.name}-{title}-{today}", title=term, zone=request.community.zone, note=asked.words)
    return render(request, "metrics/messages.html", {"asked": asked, "title": title, "table": table})


@require_POST
@permitted("texts.manage")
def say_mood(request: Visit, number: str) -> HttpResponse:
    """Say what the mood of a message is; answers with the buttons as they now stand."""
    try:
        event, mood = int(number), Mood(int(request.POST.get("mood", "")))
    except ValueError:
        raise NotThere() from None
    found = message(request.community, event) if -(2**63) <= event < 2**63 else None
    if found is None:
        raise NotThere()
    relabel(request.community, event=event, text=found, mood=mood, user=request.user)
    return render(request, "metrics/_moods.html", {"row": moods_of(request.community, event, mood) | {"is_said": True}})
