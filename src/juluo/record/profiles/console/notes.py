"""观察记录: what the team saw, of members, groups and the community."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from juluo.ground.communities.doors import Visit, permitted
from juluo.kit import clock
from juluo.kit.tables import Column, Table

from ..actions import edit_note, remove_note, write_note
from ..forms import NoteForm
from ..models import Note
from ..queries import notes, search_notes


@require_GET
@permitted("members.view")
def list_notes(request: Visit) -> HttpResponse:
    return _page(request)


@require_POST
@permitted("profiles.edit")
def write(request: Visit) -> HttpResponse:
    """A note on a group or the whole community."""
    form = NoteForm(request.POST, community=request.community)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    said = form.cleaned_data
    write_note(request.community, said["text"], on=said["on"], channel=said["channel"], by=request.user)
    messages.success(request, _("记下了。"))
    return redirect("profiles:notes", request.community.slug)


@permitted("profiles.edit")
def edit(request: Visit, number: int) -> HttpResponse:
    note = _note(request, number)
    form = NoteForm(request.POST or None, community=request.community, has_channel=False, initial={"text": note.text, "on": note.on})
    if request.method == "POST" and form.is_valid():
        edit_note(note, form.cleaned_data["text"], on=form.cleaned_data["on"])
        messages.success(request, _("改好了。"))
        return redirect("profiles:notes", request.community.slug)
    return render(request, "profiles/note.html", {"form": form, "note": note}, status=422 if form.is_bound else 200)


@require_POST
@permitted("profiles.edit")
def throw_away(request: Visit, number: int) -> HttpResponse:
    remove_note(_note(request, number))
    messages.success(request, _("这条记录已删除。"))
    return redirect("profiles:notes", request.community.slug)


def _page(request: Visit, *, form: NoteForm | None = None, status: int = 200) -> HttpResponse:
    community = request.community
    rows = notes(community)
    about, words = request.GET.get("about", ""), request.GET.get("q", "")[:80].strip()
    if about == "members":
        rows = rows.exclude(member=None)
    elif about == "groups":
        rows = rows.exclude(channel=None)
    elif about == "community":
        rows = rows.filter(member=None, channel=None)
    if words:
        rows = search_notes(rows, words)
    table = Table(_columns(community.slug), rows, request.GET, sort="-on")
    if table.wants_excel:
        return table.excel(f"{community.name}-{_('观察记录')}-{clock.today(community.zone)}", title=_("观察记录"), zone=community.zone)
    may_edit = request.may("profiles.edit")
    context = {
        "table": table,
        "words": words,
        "about": about,
        "abouts": [("", _("关于谁都行")), ("members", _("关于成员")), ("groups", _("关于群")), ("community", _("关于整个社群"))],
        "has_any": notes(community).exists(),
        "form": form or (NoteForm(community=community, initial={"on": clock.today(community.zone)}) if may_edit else None),
    }
    return render(request, "profiles/notes.html", context, status=status)


def about_of(note: Note) -> str:
    """Whom a note is about."""
    return note.member.name if note.member else note.channel.name if note.channel else _("整个社群")


def _note(request: Visit, number: int) -> Note:
    return get_object_or_404(Note.objects.select_related("member", "channel", "community"), community=request.community, pk=number)


def _columns(slug: str) -> list[Column]:
    def link(note: Any) -> str:
        return reverse("people:profile", args=[slug, note.member_id]) if note.member_id else ""

    return [
        Column("on", _("日期"), kind="date", sort="on"),
        Column("about", _("关于"), about_of, href=link),
        Column("text", _("看到了什么"), template="profiles/_note_text.html"),
        Column("by", _("谁写的"), lambda note: note.by and note.by.called, minor=True),
        Column(
            "edit",
            _("修改"),
            lambda note: "",
            template="profiles/_note_edit.html",
            only="page",
            href=lambda note: reverse("profiles:edit-note", args=[slug, note.pk]),
        ),
    ]
