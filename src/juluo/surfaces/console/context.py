"""What every template of the console can ask: the layout to extend, and the shell around the page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext

from juluo.ground.accounts.types import ROLE_NAMES, Role
from juluo.ground.communities.doors import LAST_COMMUNITY
from juluo.ground.communities.models import Community
from juluo.ground.communities.queries import allows, role_in, visible_to
from juluo.kit import htmx
from juluo.kit.parts import Tab
from juluo.kit.routes import Entry, Search, entries, searches

ON_PHONES = 4


class Link:
    """An entry of the navigation as this user sees it on this page."""

    def __init__(self, entry: Entry, url: str, community: Community, user: Any) -> None:
        self.entry, self.code, self.icon, self.url = entry, entry.code, entry.icon, url
        self.title = gettext(entry.title)
        self.is_current = False
        self._community, self._user = community, user

    @cached_property
    def badge(self) -> int | None:
        return self.entry.badge(self._community, self._user) if self.entry.badge else None


class Shell:
    """Navigation, communities and the current place, computed only when a template asks (fragments do not)."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def can_mail(self) -> bool:
        """Whether this installation can send mail at all."""
        return settings.CAN_MAIL

    @cached_property
    def community(self) -> Community | None:
        """Where the user is, or on pages of no community, where they last were."""
        here = getattr(self._request, "community", None)
        if here is not None or not self._request.user.is_authenticated:
            return here
        last = self._request.session.get(LAST_COMMUNITY)
        return next((one for one in self.communities if one.slug == last), None)

    @cached_property
    def role(self) -> Role | None:
        if hasattr(self._request, "role"):
            return self._request.role
        return role_in(self._request.user, self.community) if self.community else None

    @property
    def role_name(self) -> str:
        return gettext(ROLE_NAMES[self.role]) if self.role else ""

    @property
    def can_manage(self) -> bool:
        return allows(self.role, "community.manage")

    @cached_property
    def communities(self) -> list[Community]:
        return list(visible_to(self._request.user))

    @cached_property
    def links(self) -> list[Link]:
        """Where this user may go in this community, in the order of the day."""
        if not self.community:
            return []
        return [link for link in self._places if not link.entry.parent]

    @cached_property
    def tabs(self) -> list[Tab]:
        """The pages beside this one, where it is one of several under an entry of the navigation."""
        here = next((link.entry for link in self._places if link.entry.parent and self._is_at(link.entry)), None)
        if here is None:
            return []
        beside = [link for link in self._places if link.entry.parent == here.parent]
        asked = self._request.GET
        if len(beside) < 2:
            return []
        return [
            Tab(
                link.title,
                link.url + _query(asked, set(here.keeps) & set(link.entry.keeps)),
                link.entry == here,
                icon=link.icon,
                follows=bool(set(here.keeps) & set(link.entry.keeps)),
            )
            for link in beside
        ]

    @property
    def tabs_label(self) -> str:
        """What the tabs are of."""
        return next((link.title for link in self.links if link.is_current), "")

    @cached_property
    def _places(self) -> list[Link]:
        """Every entry this user may open, those that are tabs as well; the present one marked, and its parent."""
        if not self.community:
            return []
        found = []
        for entry in sorted(entries, key=lambda entry: entry.order):
            if allows(self.role, entry.permission):
                try:
                    url = reverse(entry.route, args=[self.community.slug, *entry.arguments])
                except NoReverseMatch:
                    continue
                found.append(Link(entry, url, self.community, self._request.user))
        here = [link for link in found if self._request.path.startswith(link.url)]
        if here:
            deepest = max(here, key=lambda link: len(link.url)).entry
            for link in found:
                link.is_current = link.entry == deepest or link.code == deepest.parent
        return found

    def _is_at(self, entry: Entry) -> bool:
        match = self._request.resolver_match
        if match is None or match.view_name not in (entry.route, *entry.also):
            return False
        return all(argument in match.kwargs.values() for argument in entry.arguments)

    @cached_property
    def search(self) -> Search | None:
        """What the search box looks in: the first list that this user may see."""
        return next((one for one in searches if self.community and allows(self.role, one.permission)), None)

    @property
    def search_title(self) -> str:
        return gettext(self.search.title) if self.search else ""

    @property
    def phone_links(self) -> list[Link]:
        return self.links[:ON_PHONES]

    @property
    def has_more(self) -> bool:
        return len(self.links) > ON_PHONES

    @property
    def is_elsewhere(self) -> bool:
        """Whether the current page is not among the phone's first entries."""
        return not any(link.is_current for link in self.phone_links)


def _query(asked: QueryDict, names: set[str]) -> str:
    """The part of a query that is kept, with its question mark."""
    kept = QueryDict(mutable=True)
    for name in sorted(names & asked.keys()):
        kept.setlist(name, asked.getlist(name))
    return f"?{kept.urlencode()}" if kept else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"layout": htmx.layout(request), "shell": Shell(request), "community": getattr(request, "community", None)}
