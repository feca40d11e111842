"""What members see where no room has a page, or a room says no."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from juluo.ground.accounts.doors import open_to_all
from juluo.kit.errors import JuluoError, NotThere


@open_to_all
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address under /p/ that no room has."""
    return told(request, NotThere())


def told(request: HttpRequest, error: Exception) -> HttpResponse:
    """An error as a page in the community's name, as far as it is known which."""
    known = error if isinstance(error, JuluoError) else NotThere()
    sentence = _(known.message)
    context = {"sentence": sentence % known.facts if known.facts else sentence}
    return render(request, "portal/message.html", context, status=404 if isinstance(error, Http404) else known.status)
