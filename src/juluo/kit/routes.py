"""What rooms offer to the surfaces: pages, API routers, commands, navigation entries and searches.

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

    `route` is a URL name that takes the community's slug; `permission` hides it from those who may not go there;
    `badge` (community, user) → a count to show, or None.
    """

    code: str
    title: str
    icon: str
    route: str
    permission: str
    order: int
    badge: Callable[[Any, Any], int | None] | None = field(default=None, compare=False)


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
endpoints: Registry[Endpoints] = Registry("endpoint set")
commands: Registry[Commands] = Registry("command set")
entries: Registry[Entry] = Registry("navigation entry")
searches: Registry[Search] = Registry("search")
settings_tabs: Registry[SettingsTab] = Registry("settings tab")
