"""The tabs that hold the settings pages together."""

from django.urls import reverse
from django.utils.translation import gettext as _

from juluo.kit.parts import Tab
from juluo.kit.routes import settings_tabs

from ..doors import Visit


def tabs(request: Visit) -> list[Tab]:
    """The settings pages this user may open, in order, with the current one marked."""
    slug, may = request.community.slug, request.may
    found = []
    for tab in sorted(settings_tabs, key=lambda tab: tab.order):
        if may(tab.permission):
            url = reverse(tab.route, args=[slug])
            found.append(Tab(_(tab.title), url, request.path == url, icon=tab.icon))
    return found
