"""What happens to every request of someone who is signed in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from juluo.ground.audit.actions import acting

Next = Callable[[HttpRequest], HttpResponse]


def person(get_response: Next) -> Next:
    """Speak the language of the person who asks, and note what they do under their name."""
    known = {code for code, _ in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        if user.language in known:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with acting(user):
            return get_response(request)

    return middleware


def settle_first(get_response: Next) -> Next:
    """Whoever came in by an invitation chooses name and password before anything else; the link will not work again."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_invited:
            here = reverse("accounts:welcome")
            if request.path not in (here, reverse("account_logout"), reverse("accounts:language")):
                return redirect(here)
        return get_response(request)

    return middleware
