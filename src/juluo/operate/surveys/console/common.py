"""What the pages of a survey share."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from juluo.ground.communities.doors import Visit
from juluo.kit import clock
from juluo.kit.parts import Tab, Tone

from ..models import Survey
from ..queries import is_answerable
from ..types import STATE_NAMES, State


def survey_of(request: Visit, number: int) -> Survey:
    return get_object_or_404(Survey.objects.select_related("community"), community=request.community, pk=number)


def tabs(request: Visit, survey: Survey, current: str) -> list[Tab]:
    """The pages of one survey."""
    shown = [("results", _("结果"), "chart-bar", "surveys.view")]
    if not survey.source:
        shown += [("design", _("题目"), "list-details", "surveys.view"), ("share", _("发给成员"), "send", "surveys.design")]
        shown += [("settings", _("设置"), "adjustments", "surveys.design")]
    shown.insert(1, ("answers", _("逐份查看"), "file-text", "surveys.answers"))
    return [
        Tab(title, reverse(f"surveys:{name}", args=[request.community.slug, survey.pk]), name == current, icon=icon)
        for name, title, icon, permission in shown
        if request.may(permission)
    ]


def top_tabs(request: Visit, current: str) -> list[Tab]:
    """问卷 and 访谈."""
    shown = [("list", _("问卷"), "clipboard-text", "surveys.view"), ("interviews", _("访谈"), "messages", "surveys.answers")]
    return [
        Tab(title, reverse(f"surveys:{name}", args=[request.community.slug]), name == current, icon=icon)
        for name, title, icon, permission in shown
        if request.may(permission)
    ]


def state_of(survey: Survey) -> tuple[str, Tone]:
    """What a survey's state is called, and its tone."""
    if survey.state == State.OPEN and not is_answerable(survey):
        return (_("等待开始"), "info") if survey.opens_at and not survey.closed_at and _is_early(survey) else (_("已关门"), "warn")
    tones: dict[str, Tone] = {State.DRAFT: "", State.OPEN: "good", State.CLOSED: ""}
    return _(STATE_NAMES[State(survey.state)]), tones[survey.state]


def _is_early(survey: Survey) -> bool:
    return survey.opens_at is not None and survey.opens_at > clock.now()


def whole(request: HttpRequest, path: str) -> str:
    """An address that works outside: under the public address of the installation where it has one."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def open_path(survey: Survey) -> str:
    return reverse("portal-surveys:open", args=[survey.community.slug, survey.code])


def personal_path(survey: Survey, token: str) -> str:
    return reverse("portal-surveys:personal", args=[survey.community.slug, token])


def preview_path(survey: Survey, token: str) -> str:
    return reverse("portal-surveys:preview", args=[survey.community.slug, token])
