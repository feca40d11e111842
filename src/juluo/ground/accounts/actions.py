"""Inviting people, letting them in once, and what they say about themselves."""

import secrets
from typing import Any

from django.db import transaction
from django.urls import reverse

from juluo.ground.audit.actions import note
from juluo.kit import clock

from .errors import LastAdministrator, LinkSpent, NameTaken
from .models import Link, User
from .queries import administrators, is_taken
from .rules import LINK_LASTS, digest, is_good


@transaction.atomic
def invite_first_admin() -> str:
    """The address (from "/") of a one-time sign-in link for the installation's administrator, or "" once they have settled in.

    Makes the administrator's account when there is none. Links given out earlier stop working.
    """
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("is_invited", "pk").first()
    if admin is not None and not admin.is_invited:
        return ""
    return link(admin or _invited(is_superuser=True, is_staff=True))


@transaction.atomic
def readmit_admin() -> str:
    """A one-time link for the longest-standing administrator, who lost the password (or was never there yet)."""
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("is_invited", "pk").first()
    return link(admin or _invited(is_superuser=True, is_staff=True))


@transaction.atomic
def invite(name: str) -> User:
    """An account for a colleague who is called `name`; they choose user name and password when they come in by their `link`."""
    user = _invited(name=name.strip()[:60])
    note("account.invited", subject=user.called)
    return user


@transaction.atomic
def link(user: User) -> str:
    """The address (from "/") of a link that signs `user` in once, within 24 hours. Links given out earlier stop working."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    Link.objects.filter(user=user, used_at=None).delete()
    Link.objects.create(user=user, digest=digest(token), created_at=now, expires_at=now + LINK_LASTS)
    note("link.issued", subject=user.called)
    return reverse("accounts:join", args=[token])


@transaction.atomic
def redeem(token: str) -> User:
    """Whoever the link is for; it will not work again. Raises `LinkSpent`."""
    found = Link.objects.select_for_update().select_related("user").filter(digest=digest(token)).first()
    now = clock.now()

    if found is None or not is_good(expires_at=found.expires_at, used_at=found.used_at, now=now) or not found.user.is_active:
        raise LinkSpent()

    found.used_at = now
    found.save(update_fields=["used_at"])
    note("link.used", subject=found.user.called)
    return found.user


@transaction.atomic
def settle(user: User, *, username: str, name: str, email: str, password: str) -> User:
    """An invited person chooses how to sign in from now on. Raises `NameTaken`."""
    if is_taken(username=username, email=email, but=user):
        raise NameTaken()
    user.username, user.name, user.email = username, name, email
    user.is_invited = False
    user.set_password(password)
    user.save(update_fields=["username", "name", "email", "is_invited", "password"])
    Link.objects.filter(user=user, used_at=None).delete()
    note("account.settled", subject=user.called)
    return user


@transaction.atomic
def introduce(user: User, *, username: str, name: str, email: str, language: str) -> User:
    """Change what someone is called, where mail reaches them, and which language they read. Raises `NameTaken`."""
    if is_taken(username=username, email=email, but=user):
        raise NameTaken()
    user.username, user.name, user.email, user.language = username, name, email, language
    user.save(update_fields=["username", "name", "email", "language"])
    note("account.changed", subject=user.called)
    return user


@transaction.atomic
def entrust(user: User, *, is_administrator: bool) -> User:
    """Make someone an administrator of the installation, or no longer. Raises `LastAdministrator`."""
    user = _held(user)
    if user.is_superuser == is_administrator:
        return user
    if not is_administrator and not _others_administer(user):
        raise LastAdministrator()
    user.is_superuser = user.is_staff = is_administrator
    user.save(update_fields=["is_superuser", "is_staff"])
    note("account.entrusted" if is_administrator else "account.relieved", subject=user.called)
    return user


@transaction.atomic
def admit(user: User, *, is_active: bool) -> User:
    """Let someone sign in again, or no longer: their sessions end at once, what they did stays. Raises `LastAdministrator`."""
    user = _held(user)
    if user.is_active == is_active:
        return user
    if not is_active and user.is_superuser and not _others_administer(user):
        raise LastAdministrator()
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    note("account.enabled" if is_active else "account.disabled", subject=user.called)
    return user


def speak(user: User, language: str) -> None:
    """Remember the language someone reads."""
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def _held(user: User) -> User:
    """The account as it is now, with all administrators' rows locked, so that two cannot step down at the same time."""
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk").values_list("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def _others_administer(user: User) -> bool:
    return administrators().exclude(pk=user.pk).exists()


def _invited(**facts: Any) -> User:
    user = User(username=f"invited-{secrets.token_hex(6)}", is_invited=True, **facts)
    user.set_unusable_password()
    user.save()
    return user
