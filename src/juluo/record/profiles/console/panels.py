"""What a member's page shows of attributes, tags and notes, and editing them in place."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock, htmx
from juluo.kit.errors import JuluoError
from juluo.record.people.models import Member

from ..actions import ensure_tag, grant, revoke, set_values, write_note
from ..errors import ValueRefused
from ..forms import NoteForm, ValueForm
from ..models import Attribute, Grant, Tag
from ..queries import grants_of, history, known_of, notes_of, past_grants_of, tags
from ..rules import REASONS
from ..types import GROUP_NAMES, Given, Source, TagKind
from .words import period_of, why_of

NOTES = 5
OFFERED = 1_000


def attributes_panel(request: Visit, member: Member) -> str:
    groups = [(_(GROUP_NAMES[group]), known) for group, known in known_of(member).items()]
    shown = [(name, [one for one in known if one.value is not None]) for name, known in groups]
    missing = [one.attribute for _name, known in groups for one in known if one.value is None]
    may_edit = request.may("profiles.edit")
    if not groups and not request.may("profiles.manage"):
        return ""
    context = {
        "member": member,
        "community": request.community,
        "groups": [(name, known) for name, known in shown if known],
        "missing": missing if may_edit else [],
        "may_edit": may_edit,
        "has_attributes": bool(groups),
    }
    return render_to_string("profiles/attributes_panel.html", context, request=request)


def tags_panel(request: Visit, member: Member) -> str:
    may_edit = request.may("profiles.edit")
    held = [(one, why_of(one, one.tag)) for one in grants_of(member)]
    if not held and not may_edit:
        return ""
    mine = {one.tag_id for one, _why in held}
    offered = tags(request.community).filter(kind=TagKind.MANUAL).exclude(pk__in=mine)[:OFFERED] if may_edit else []
    had = Grant.objects.filter(member=member).exclude(ended_at=None).exists()
    context = {"member": member, "community": request.community, "held": held, "offered": offered, "may_edit": may_edit, "had": had}
    return render_to_string("profiles/tags_panel.html", context, request=request)


def notes_panel(request: Visit, member: Member, form: NoteForm | None = None) -> str:
    may_edit = request.may("profiles.edit")
    found = list(notes_of(member)[: NOTES + 1])
    if not found and not may_edit:
        return ""
    if may_edit and form is None:
        form = NoteForm(community=request.community, has_channel=False, initial={"on": clock.today(request.community.zone)})
    context = {"member": member, "community": request.community, "notes": found[:NOTES], "more": len(found) > NOTES, "form": form}
    return render_to_string("profiles/notes_panel.html", context, request=request)


@permitted("profiles.edit")
def value(request: Visit, member: int, number: int) -> HttpResponse:
    """The form for one value in place; posted, the whole panel anew."""
    who, attribute = _member(request, member), _attribute(request, number)
    form = ValueForm(request.POST or None, attribute=attribute, initial=_present(who, attribute))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = Given(who.pk, attribute.code, said["raw"], confidence=float(said["confidence"] or 1), note=said["note"])
        outcome = set_values(request.community, [given], source=Source.OPERATOR, by=request.user)
        if not outcome.refused:
            if not request.htmx:
                return redirect("people:profile", request.community.slug, who.pk)
            return htmx.toast(HttpResponse(attributes_panel(request, who)), _("记下了。"))
        facts = {"raw": outcome.refused[0].raw, "name": attribute.name, "why": _(REASONS[outcome.refused[0].reason])}
        form.add_error("raw", _(ValueRefused.message) % facts)
    context = {"form": form, "member": who, "attribute": attribute}
    return render(request, "profiles/value.html", context, status=422 if form.is_bound else 200)


@require_GET
@permitted("members.view")
def value_history(request: Visit, member: int, number: int) -> HttpResponse:
    who, attribute = _member(request, member), _attribute(request, number)
    return render(request, "profiles/value_history.html", {"member": who, "attribute": attribute, "values": history(who, attribute)})


@require_POST
@permitted("profiles.edit")
def tag(request: Visit, member: int) -> HttpResponse:
    """Give a tag by its path. A new path needs the right to manage tags."""
    who = _member(request, member)
    path = request.POST.get("path", "")
    problem = ""
    try:
        known = request.may("profiles.manage") or Tag.objects.filter(community=request.community, path=path.strip()).exists()
        if known:
            grant(ensure_tag(request.community, path), [who.pk], by=request.user, reason=request.POST.get("reason", ""))
        else:
            problem = _("没有标签「%(path)s」。请从列表里选，或请管理员新建。") % {"path": path}
    except JuluoError as refused:
        problem = _(refused.message) % refused.facts
    return _tags_again(request, who, problem)


@require_POST
@permitted("profiles.edit")
def untag(request: Visit, member: int, number: int) -> HttpResponse:
    who = _member(request, member)
    revoke(get_object_or_404(Tag, community=request.community, pk=number), [who.pk], by=request.user)
    return _tags_again(request, who)


@require_GET
@permitted("members.view")
def why(request: Visit, member: int) -> HttpResponse:
    """Why the member holds each tag, and which they held before."""
    who = _member(request, member)
    context = {
        "member": who,
        "held": [(one, why_of(one, one.tag)) for one in grants_of(who)],
        "past": [(one, period_of(one)) for one in past_grants_of(who)],
    }
    return render(request, "profiles/why_tags.html", context)


@require_POST
@permitted("profiles.edit")
def write(request: Visit, member: int) -> HttpResponse:
    """A note on a member."""
    who = _member(request, member)
    form = NoteForm(request.POST, community=request.community, has_channel=False)
    if form.is_valid():
        write_note(request.community, form.cleaned_data["text"], on=form.cleaned_data["on"], member=who, by=request.user)
        if not request.htmx:
            return redirect("people:profile", request.community.slug, who.pk)
        return htmx.toast(HttpResponse(notes_panel(request, who)), _("记下了。"))
    return HttpResponse(notes_panel(request, who, form), status=422)


def _tags_again(request: Visit, who: Member, problem: str = "") -> HttpResponse:
    if not request.htmx:
        return redirect("people:profile", request.community.slug, who.pk)
    answer = HttpResponse(tags_panel(request, who))
    return htmx.toast(answer, problem, "error") if problem else answer


def _present(who: Member, attribute: Attribute) -> dict[str, str]:
    now = next((one for one in history(who, attribute) if one.is_current), None)
    if now is None:
        return {}
    if now.number is not None and attribute.kind == "boolean":
        return {"raw": "是" if now.number else "否"}
    if now.number is not None:
        return {"raw": f"{now.number:.6f}".rstrip("0").rstrip(".")}
    return {"raw": now.day.isoformat() if now.day else now.text or ""}


def _member(request: Visit, number: int) -> Member:
    return get_object_or_404(Member.objects.select_related("community"), community=request.community, pk=number)


def _attribute(request: Visit, number: int) -> Attribute:
    return get_object_or_404(Attribute, community=request.community, pk=number)
