"""What every template of the console can ask: the layout to extend, and the shell around the page."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext

from juluo.ground.communities.queries import visible_to
from juluo.kit import htmx
from juluo.kit.routes import Entry, entries

ON_PHONES = 4


class Link:
    """An entry of the navigation as this user sees it on this page."""

    def __init__(self, entry: Entry, url: str, request: HttpRequest) -> None:
        self.code, self.icon, self.url = entry.code, entry.icon, url
        self.title = gettext(entry.title)
        self.is_current = False
        self._entry, self._request = entry, request

    @cached_property
    def badge(self) -> int | None:
        return self._entry.badge(self._request.community, self._request.user) if self._entry.badge else None  # type: ignore[attr-defined]


class Shell:
    """Navigation, communities and the current place, computed only when a template asks (fragments do not)."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.community = getattr(request, "community", None)

    @cached_property
    def communities(self) -> list[Any]:
        return list(visible_to(self._request.user))

    @cached_property
    def links(self) -> list[Link]:
        """Where this user may go in this community, in the order of the day."""
        if not self.community:
            return []
        may = self._request.may  # type: ignore[attr-defined]
        found = []
        for entry in sorted(entries, key=lambda entry: entry.order):
            if may(entry.permission):
                try:
                    found.append(Link(entry, reverse(entry.route, args=[self.community.slug]), self._request))
                except NoReverseMatch:
                    continue
        here = [link for link in found if self._request.path.startswith(link.url)]
        if here:
            max(here, key=lambda link: len(link.url)).is_current = True
        return found

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


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"layout": htmx.layout(request), "shell": Shell(request), "community": getattr(request, "community", None)}
