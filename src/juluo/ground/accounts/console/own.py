"""Pages about oneself: coming in by link, first steps, profile, security, language."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import actions
from ..doors import Person, open_to_all, signed_in
from ..errors import LinkSpent, NameTaken
from ..forms import Profile, Welcome


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Opening it only shows a button: chat programs that fetch links for a preview must not use it up."""
    if request.method == "GET":
        return render(request, "accounts/join.html")
    try:
        user = actions.redeem(token)
    except LinkSpent as spent:
        return render(request, "accounts/link_spent.html", {"sentence": _(spent.message)}, status=spent.status)
    if request.user.is_authenticated and request.user != user:
        logout(request)
    record_authentication(request, user, method="link")
    return perform_login(request, user, email_verification="none", redirect_url=reverse("accounts:welcome" if user.is_invited else "home"))


@signed_in
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def welcome(request: Person) -> HttpResponse:
    """Where an invited person chooses name and password."""
    user = request.user
    if not user.is_invited:
        return redirect("home")
    form = Welcome(request.POST or None, user=user, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.settle(user, username=said["username"], name=said["name"], email=said["email"], password=said["password"])
        except NameTaken as taken:
            form.add_error("username", _(taken.message))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("欢迎加入，%(name)s！") % {"name": user.called})
            return redirect("home")
    return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: Person) -> HttpResponse:
    user = request.user
    now = {"name": user.name, "username": user.username, "email": user.email, "language": user.language}
    form = Profile(request.POST or None, user=user, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.introduce(user, **form.cleaned_data)
        except NameTaken as taken:
            form.add_error("username", _(taken.message))
        else:
            translation.activate(user.language or translation.get_language_from_request(request))
            messages.success(request, _("已保存"))
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_GET
def security(request: Person) -> HttpResponse:
    """How this account is protected, on one page."""
    means = {one.type: one for one in Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.WEBAUTHN)}
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    codes = means.get(Authenticator.Type.RECOVERY_CODES)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    context = {"totp": means.get(Authenticator.Type.TOTP), "keys": [key.wrap() for key in keys], "codes": codes, "codes_left": left}
    return render(request, "accounts/security.html", context)


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language and go back to the page one was on."""
    wanted = request.POST.get("language", "")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else reverse("home"))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 86_400,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
        if request.user.is_authenticated:
            actions.speak(request.user, wanted)
    return response
