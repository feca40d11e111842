"""Bringing a survey to members: the open link, personal links, one for oneself, and their pictures to scan."""

from datetime import timedelta

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.audit.actions import note
from juluo.ground.communities.doors import Visit, permitted
from juluo.ground.communities.models import Community
from juluo.insight.segments.queries import rows as in_segment
from juluo.insight.segments.queries import segment
from juluo.kit import clock
from juluo.kit.excel import response as workbook
from juluo.record.connectors.types import PersonKind
from juluo.record.people.models import Member

from ..actions import invite
from ..charts import link_sheet
from ..forms import IN_SEGMENT, AskForm, member_called
from ..models import Invitation, Survey
from ..queries import asked, current, invited, link_token, preview_token
from .common import open_path, personal_path, preview_path, state_of, survey_of, tabs, whole

RECENTLY = timedelta(days=30)


@require_GET
@permitted("surveys.design")
def page(request: Visit, number: int) -> HttpResponse:
    survey = survey_of(request, number)
    if survey.source:
        raise Http404
    mine = _chosen(request, survey)
    context = {
        "survey": survey,
        "tabs": tabs(request, survey, "share"),
        "state": state_of(survey),
        "form": AskForm(community=request.community),
        "asked": asked(survey),
        "is_published": current(survey) is not None,
        "open_url": whole(request, open_path(survey)) if survey.has_open_link else "",
        "preview_url": whole(request, preview_path(survey, preview_token(survey))),
        "mine": mine,
        "mine_url": whole(request, personal_path(survey, link_token(mine.pk))) if mine else "",
        "mine_token": link_token(mine.pk) if mine else "",
        "may_export": request.may("surveys.answers"),
    }
    return render(request, "surveys/share.html", context)


def _chosen(request: Visit, survey: Survey) -> Invitation | None:
    """The personal link that was just asked for."""
    said = request.GET.get("to", "")
    if not said.isascii() or not said.isdigit() or len(said) > 15:
        return None
    return Invitation.objects.filter(survey=survey, pk=int(said)).select_related("member").first()


@require_POST
@permitted("surveys.design")
def ask(request: Visit, number: int) -> HttpResponse:
    """Personal links: for one member by name ("send to myself"), or for an audience."""
    survey = survey_of(request, number)
    if survey.source or current(survey) is None:
        raise Http404
    here = reverse("surveys:share", args=[request.community.slug, survey.pk])
    if "member" in request.POST:
        try:
            member = member_called(request.community, request.POST["member"].strip()[:200])
        except ValidationError as wrong:
            messages.error(request, " ".join(wrong.messages))
            return redirect(here)
        invite(survey, Member.objects.filter(pk=member.pk))
        made = Invitation.objects.get(survey=survey, member=member)
        return redirect(f"{here}?to={made.pk}#mine")
    form = AskForm(request.POST, community=request.community)
    if not form.is_valid():
        raise Http404
    new = invite(survey, audience(request.community, form.cleaned_data["audience"]))
    messages.success(request, _("为 %(n)s 位成员生成了专属链接") % {"n": new} if new else _("这些成员都已经有链接了"))
    return redirect(here)


def audience(community: Community, code: str) -> QuerySet[Member]:
    """Persons of the community: active lately, present, new, or those of a saved segment ("segment:<code>")."""
    if code.startswith(IN_SEGMENT):
        return in_segment(community, segment(community, code.removeprefix(IN_SEGMENT)))
    rows = Member.objects.filter(community=community, kind=PersonKind.PERSON, left_on=None)
    since = clock.today(community.zone) - RECENTLY
    return {"active": rows.filter(last_seen_on__gte=since), "new": rows.filter(joined_on__gte=since)}.get(code, rows)


@require_GET
@permitted("surveys.answers")
def links(request: Visit, number: int) -> HttpResponse:
    """Every personal link, as an Excel file for sending them by other means."""
    survey = survey_of(request, number)
    rows = Invitation.objects.filter(survey=survey).order_by("pk").values_list("pk", "member_id", "member__name")
    note("survey.links_exported", subject=survey.title, community_id=request.community.pk, count=rows.count())
    lines = ((member, name, whole(request, personal_path(survey, link_token(pk)))) for pk, member, name in rows.iterator(chunk_size=5000))
    name = f"{request.community.name}-{survey.title}-{_('专属链接')}"
    return workbook(name, [link_sheet(survey, lines)], zone=request.community.zone)


@require_GET
@permitted("surveys.design")
def code(request: Visit, number: int) -> HttpResponse:
    """The QR code of the open link, or of the personal link `to`. Draws no address that is not ours."""
    survey = survey_of(request, number)
    if token := request.GET.get("to", ""):
        if invited(request.community, token).survey_id != survey.pk:
            raise Http404
        path = personal_path(survey, token)
    else:
        path = open_path(survey)
    picture = qrcode.make(whole(request, path), image_factory=qrcode.image.svg.SvgPathImage, border=2)
    return HttpResponse(picture.to_string(), content_type="image/svg+xml")
