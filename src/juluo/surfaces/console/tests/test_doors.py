"""Every page has a door, and every door holds: the whole URL conf against every role, a stranger, and nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter, UUIDConverter

from juluo.ground.accounts.doors import EVERYONE, INSTALLATION, OWN
from juluo.ground.accounts.models import User
from juluo.ground.accounts.registry import permissions
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found
from tests.cast import stranger, xiaoman

# allauth and the API guard their own pages and have their own tests; static files are public.
GUARDED_ELSEWHERE = ("accounts/", "api/")
SAMPLES = {
    SlugConverter: "nothing",
    IntConverter: "999999",
    StringConverter: "nothing",
    PathConverter: "nothing",
    UUIDConverter: "00000000-0000-4000-8000-000000000000",
}


@dataclass(frozen=True)
class Page:
    """A page of the console: its address, filled with things that do not exist, and its view."""

    address: str
    view: Any
    is_of_community: bool

    @property
    def door(self) -> str | None:
        return getattr(self.view, "permission", None)

    def __str__(self) -> str:
        return self.address


def pages(patterns: Any = None, prefix: str = "", slug: bool = False) -> Iterator[Page]:
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(one.pattern)
        inside = slug or "<slug:slug>" in here
        for name, converter in one.pattern.converters.items():
            value = "coffee" if name == "slug" else SAMPLES[type(converter)]
            here = here.replace(f"<{_kind(converter)}:{name}>", value).replace(f"<{name}>", value)
        if isinstance(one, URLResolver):
            if not here.startswith(GUARDED_ELSEWHERE):
                yield from pages(one.url_patterns, here, inside)
        elif isinstance(one, URLPattern) and not here.startswith(GUARDED_ELSEWHERE):
            yield Page("/" + here, one.callback, inside)


def _kind(converter: Any) -> str:
    return {SlugConverter: "slug", IntConverter: "int", StringConverter: "str", PathConverter: "path", UUIDConverter: "uuid"}[
        type(converter)
    ]


ALL = list(pages())
OF_COMMUNITY = [page for page in ALL if page.is_of_community]


@pytest.fixture
def coffee(db):
    return found("山间咖啡", slug="coffee")


def client_of(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def knocks(client: Client, page: Page, address: str = "") -> list[Any]:
    """What the page answers to reading and to writing, leaving out a method it never takes from anyone."""
    answers = [client.get(address or page.address), client.post(address or page.address)]
    return [answer for answer in answers if answer.status_code != 405]


def test_the_walk_finds_the_pages():
    assert len(OF_COMMUNITY) > 10


@pytest.mark.parametrize("page", ALL, ids=str)
def test_every_page_has_a_door(page):
    assert page.door is not None, (
        f"{page.view.__module__}.{page.view.__name__} has no door: use permitted, signed_in, administrators or open_to_all"
    )


@pytest.mark.parametrize("page", OF_COMMUNITY, ids=str)
def test_a_page_of_a_community_is_behind_a_declared_permission(page):
    assert page.door in permissions


@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in ALL if page.door != EVERYONE], ids=str)
def test_nobody_is_let_in_unsigned(page, coffee):
    answers = knocks(Client(), page)

    assert answers
    assert all(answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next=") for answer in answers)


@pytest.mark.parametrize("page", OF_COMMUNITY, ids=str)
def test_a_stranger_does_not_even_learn_that_the_community_exists(page, coffee):
    client = client_of(stranger())

    answers = [*knocks(client, page), *knocks(client, page, page.address.replace("coffee", "no-such-community"))]

    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", OF_COMMUNITY, ids=str)
def test_a_role_opens_exactly_the_pages_it_has_the_permission_for(page, role, coffee):
    client = client_of(xiaoman(coffee, role))

    if role not in permissions[page.door].roles:
        assert {answer.status_code for answer in knocks(client, page)} == {403}
    else:
        answer = client.get(page.address)
        assert answer.status_code not in (403, 500), answer.content.decode()[:2000]
        assert not answer.headers.get("Location", "").startswith("/accounts/")


@pytest.mark.parametrize("page", [page for page in ALL if page.door == INSTALLATION], ids=str)
def test_pages_of_the_installation_are_for_its_administrators(page, coffee):
    assert client_of(xiaoman(coffee)).get(page.address).status_code == 403
    assert client_of(User.objects.create_superuser("boss")).get(page.address).status_code in (200, 302, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("page", [page for page in ALL if page.door == OWN], ids=str)
def test_ones_own_pages_open_to_whoever_is_signed_in(page):
    assert client_of(stranger()).get(page.address).status_code in (200, 302, 405)


@pytest.mark.django_db
def test_whoever_was_invited_settles_in_before_anything_else(coffee):
    user = xiaoman(coffee)
    User.objects.filter(pk=user.pk).update(is_invited=True)

    answer = client_of(user).get("/c/coffee/settings/")

    assert answer.headers["Location"] == "/welcome/"
