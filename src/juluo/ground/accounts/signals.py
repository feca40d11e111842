"""What allauth tells us, noted in the audit log."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from juluo.ground.audit.actions import acting, note

from .models import User


def _address(request: HttpRequest | None) -> dict[str, Any]:
    return {"ip": get_client_ip(request) or ""} if request is not None else {}


@receiver(user_logged_in)
def _came(request: HttpRequest, user: User, **_: Any) -> None:
    with acting(user):
        note("account.signed_in", subject=user.called, **_address(request))


@receiver(user_logged_out)
def _went(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        with acting(user):
            note("account.signed_out", subject=user.called)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    tried = credentials.get("username") or credentials.get("email") or ""
    with acting(by="web"):
        note("account.sign_in_failed", subject=str(tried)[:60], **_address(request))


@receiver([password_changed, password_set, password_reset])
def _new_password(request: HttpRequest, user: User, **_: Any) -> None:
    with acting(user):
        note("account.password_changed", subject=user.called, **_address(request))


@receiver(authenticator_added)
def _stronger(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _mfa("account.mfa_added", request, user, authenticator)


@receiver(authenticator_removed)
def _weaker(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _mfa("account.mfa_removed", request, user, authenticator)


@receiver(authenticator_reset)
def _renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _mfa("account.mfa_renewed", request, user, authenticator)


def _mfa(verb: str, request: HttpRequest, user: User, authenticator: Authenticator) -> None:
    with acting(user):
        note(verb, subject=user.called, means=str(authenticator.type), **_address(request))
