"""The doors of pages: who is asking, about which community, and whether they may; and the one that is open to members."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from juluo.ground.accounts.doors import open_to_all
from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.audit.actions import acting
from juluo.kit.errors import NotThere
from juluo.kit.parts import Tab
from juluo.kit.routes import settings_tabs

from .models import Community
from .queries import allows, entered

LAST_COMMUNITY = "last_community"  # where the session keeps the slug that was worked in last


class Visit(HttpRequest):
    """A request that came through the door: what `permitted` adds to it. Views annotate their `request` with it."""

    user: User
    community: Community
    role: Role
    may: Callable[[str], bool]
    htmx: HtmxDetails


class MemberVisit(HttpRequest):
    """A request to a page for members: `for_members` adds the community. Nobody is signed in."""

    community: Community
    htmx: HtmxDetails


def for_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The door of a page that members see: open to anyone who has its address, so the view itself must not tell who is who.

    The view is called as `view(request, **rest)` with `request.community`, the one whose slug the URL calls `community`. Moments are
    shown in its time zone; writes are noted in the audit log under "portal". Raises `NotThere` for a community that is not there.
    """

    @wraps(view)
    def inner(request: HttpRequest, community: str, **rest: Any) -> HttpResponse:
        found = Community.objects.filter(slug=community).first()
        if found is None:
            raise NotThere()
        request.community = found  # type: ignore[attr-defined]
        with acting(by="portal"), timezone.override(ZoneInfo(found.zone)):
            return view(request, **rest)

    return open_to_all(inner)


def tabs(request: Visit) -> list[Tab]:
    """The settings pages this user may open, in order, with the current one marked; rooms add theirs to `settings_tabs`."""
    found = []
    for tab in sorted(settings_tabs, key=lambda tab: tab.order):
        if request.may(tab.permission):
            url = reverse(tab.route, args=[request.community.slug])
            found.append(Tab(_(tab.title), url, request.path == url, icon=tab.icon))
    return found


def permitted(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let a view in only for members of the community's team with `permission`.

    The view is called as `view(request, **rest)`, with `request.community`, `request.role` and `request.may(code)` set; the
    URL's `slug` is taken out. Moments inside are shown in the community's time zone; writes are noted in the audit log under the
    signed-in user.
    """

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def inner(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
            request.community, request.role = entered(request.user, slug, permission)  # type: ignore[attr-defined]
            request.may = lambda code: allows(request.role, code)  # type: ignore[attr-defined]
            if request.session.get(LAST_COMMUNITY) != slug:
                request.session[LAST_COMMUNITY] = slug
            with acting(request.user), timezone.override(ZoneInfo(request.community.zone)):  # type: ignore[attr-defined]
                return view(request, **rest)

        inner.permission = permission  # type: ignore[attr-defined]
        return inner

    return wrap
