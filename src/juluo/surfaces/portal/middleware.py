"""Errors on members' pages stay members' pages: no way into the console, no words of operators."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from juluo.kit.errors import JuluoError

from .views import told

PREFIX = "/p/"


class Errors:
    """What goes wrong under `/p/` is told on a page of the portal. Stands inside the console's middleware of the same name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.path.startswith(PREFIX):
            response.headers.setdefault("X-Robots-Tag", "noindex")
            response.headers.setdefault("Cache-Control", "no-store")  # addresses here are keys
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(PREFIX) and isinstance(error, JuluoError | Http404):
            return told(request, error)
        return None
