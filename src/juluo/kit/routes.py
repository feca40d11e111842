"""What rooms offer to the surfaces: pages, pages for members, API routers, commands, navigation entries and searches.

A room's `wiring` adds to these lists; the surfaces read them. So a surface never names a room.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .registry import Registry


@dataclass(frozen=True)
class Pages:
    """A room's console pages: `urlpatterns` mounted under `/c/<slug>/`, names in the namespace `code`.

    Pages that belong to no community (one's own account, founding one) say `within_community=False` and are mounted under `/`.
    """

    code: str
    urlpatterns: list[Any]
    within_community: bool = True


@dataclass(frozen=True)
class PortalPages:
    """A room's pages for members: `urlpatterns` mounted under `/p/<community's slug>/<code>/`, names in the namespace `portal-<code>`.

    Views take the slug as `community` and stand behind `communities.doors.for_members`; templates extend `portal/base.html`. Nobody
    signs in: what a page shows or takes of somebody depends on a signed link.
    """

    code: str
    urlpatterns: list[Any]


@dataclass(frozen=True)
class Endpoints:
    """A room's API: a django-ninja router factory, mounted under `/api/v1/communities/{slug}/<code>`."""

    code: str
    router: Callable[[], Any]


@dataclass(frozen=True)
class Commands:
    """A room's commands: `attach(app)` adds them to the Typer application."""

    code: str
    attach: Callable[[Any], None]


@dataclass(frozen=True)
class Entry:
    """A place in the console's navigation, in the order of the operator's day.

    `route` is a URL name that takes the community's slug and `arguments`; `permission` hides it from those who may not go there;
    `badge` (community, user) → a count to show, or None. `also` names further routes on which one is still here.

    With a `parent` (the code of another entry) it is a tab on the pages of that entry instead, beside the parent's other children.
    Going from tab to tab keeps the words of the query that both of them name in `keeps`.
    """

    code: str
    title: str
    icon: str
    route: str
    permission: str
    order: int
    badge: Callable[[Any, Any], int | None] | None = field(default=None, compare=False)
    parent: str = ""
    arguments: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """A list that the shell's search box looks in: `route` takes the community's slug and the words as `q`."""

    code: str
    title: str
    route: str
    permission: str


@dataclass(frozen=True)
class SettingsTab:
    """A page of 设置: a tab beside community, team and audit log. `route` takes the community's slug."""

    code: str
    title: str
    icon: str
    route: str
    permission: str
    order: int


pages: Registry[Pages] = Registry("page set")
portal_pages: Registry[PortalPages] = Registry("portal page set")
endpoints: Registry[Endpoints] = Registry("endpoint set")
commands: Registry[Commands] = Registry("command set")
entries: Registry[Entry] = Registry("navigation entry")
searches: Registry[Search] = Registry("search")
settings_tabs: Registry[SettingsTab] = Registry("settings tab")
