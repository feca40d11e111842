"""What may be known about accounts."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import User


def is_taken(*, username: str, email: str, but: User) -> bool:
    """Whether someone else signs in with this user name or e-mail address (upper and lower case are the same)."""
    clash = Q(username__iexact=username) | Q(email__iexact=username)
    if email:
        clash |= Q(email__iexact=email) | Q(username__iexact=email)
    return User.objects.exclude(pk=but.pk).filter(clash).exists()


def administrators() -> QuerySet[User]:
    """The installation's administrators who have settled in."""
    return User.objects.filter(is_superuser=True, is_active=True, is_invited=False).order_by("name", "username")


def everyone(about: str = "") -> QuerySet[User]:
    """All accounts, with `has_two_steps`; those whose name, user name or e-mail address contains `about`."""
    second = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    rows = User.objects.annotate(has_two_steps=Exists(second))
    if about:
        rows = rows.filter(Q(name__icontains=about) | Q(username__icontains=about) | Q(email__icontains=about))
    return rows.order_by("-is_active", "-is_superuser", "name", "username")
