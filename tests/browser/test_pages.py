"""Every page of the console, found by the URL conf: nothing grave for axe, nothing wider than its window, nothing that failed in silence.

A page is whatever answers a reader with a whole HTML document. Addresses with blanks are filled by `FILLED`, or from the links of other
pages; a new route whose blanks nobody fills fails the walk, so that no page is forgotten.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import Page, expect

from juluo.ground.accounts.models import User
from juluo.ground.accounts.types import Role
from juluo.ground.communities.actions import found, recruit
from juluo.ground.communities.models import Community
from juluo.insight.metrics.charts import PAGES
from juluo.insight.reports.actions import refresh
from juluo.insight.reports.queries import latest
from juluo.kit.errors import JuluoError
from juluo.record.imports.actions import append, begin_upload, hand_over, look
from juluo.record.imports.models import Import
from juluo.record.people.actions import merge
from juluo.record.people.models import Member, Resemblance
from juluo.site.sample import load_sample
from tests.browser.conftest import SIZES, assert_fits, grave_faults

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = ("api/v1/", "p/")  # for programs; for members with a link of their own, which their rooms walk through
LINKS = 2  # pages of one kind that are looked at
NOBODY = {"int": "999999", "str": "nothing", "slug": "nothing"}
WAITING = ".htmx-request, .jl-skeleton:not([hx-trigger=revealed] *)"


@dataclass(frozen=True)
class World:
    """A community to walk through, and what there is in it to look at."""

    community: Community
    members: tuple[int, ...] = ()
    imports: tuple[int, ...] = ()
    week: str = ""


def _each(name: str, values: Callable[[World], Any]) -> Callable[[World], list[dict[str, str]]]:
    return lambda world: [{name: str(value)} for value in values(world)]


def _weeks(**more: str) -> Callable[[World], list[dict[str, str]]]:
    return lambda world: [{"week": world.week} | more] if world.week else []


FIGURES = ("dau", "messages", "unanswered")
FILLED: dict[str, Callable[[World], list[dict[str, str]]]] = {
    "accounts:join": lambda _: [{"token": "spent"}],
    "people:profile": _each("number", lambda world: world.members),
    "people:moments": _each("number", lambda world: world.members),
    "people:company": _each("number", lambda world: world.members),
    "imports:detail": _each("number", lambda world: world.imports),
    "imports:progress": _each("number", lambda world: world.imports),
    "imports:questions": _each("number", lambda world: world.imports),
    "metrics:why": _each("code", lambda _: FIGURES),
    "metrics:why-details": _each("code", lambda _: FIGURES[:1]),
    "metrics:why-rows": _each("code", lambda _: FIGURES),
    "metrics:page": _each("page", lambda _: PAGES),
    "metrics:part": lambda _: [{"page": page.code, "part": part.code} for page in PAGES.values() for part in page.parts[:1]],
    "reports:week": _weeks(),
    "reports:score": _weeks(),
    "reports:download": _weeks(form="html"),
    **{f"maturity:{name}": lambda _: [] for name in ("show", "progress", "indicator", "print", "excel")},  # test_maturity makes evaluations
    "account_confirm_email": lambda _: [{"key": "spent"}],
    "account_reset_password_from_key": lambda _: [{"uidb36": "1", "key": "spent"}],
    "personas:member-told": _each("number", lambda world: world.members),
    "personas:member-picture": _each("number", lambda world: world.members),
    "personas:need": lambda _: [],  # test_personas finds needs and looks at one
    "personas:talk": lambda _: [],
    "tasks:detail": lambda _: [],  # the sample has no tasks yet; the room of tasks looks at its own page
    "mfa_remove_webauthn": lambda _: [],  # needs a key that a browser made: test_shell
    "mfa_edit_webauthn": lambda _: [],
}
# What the sample has none of when it is new: the rooms' own browser tests look at these pages.
MADE_BY_HAND = {
    "segments": "page edit count why",
    "funnels": "show edit people",
    "surveys": "guide interview interview-edit results live texts answers export cross design settings question-new question share links "
    "code",
}
FILLED |= {f"{room}:{name}": lambda _: [] for room, names in MADE_BY_HAND.items() for name in names.split()}
ASKED = {"metrics:messages": "?term=咖啡"}  # pages that are about something named in the address


def routes(patterns: Any = None, prefix: str = "", space: str = "", blanks: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """The name of every route, and its blanks filled with what does not exist."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(one.pattern)
        inside = (*blanks, *(one.pattern.converters or one.pattern.regex.groupindex))
        if here.startswith(ELSEWHERE):
            continue
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, here, one.namespace or space, inside)
        elif isinstance(one, URLPattern) and one.name:
            kinds = {name: next((kind for kind in NOBODY if f"<{kind}:{name}>" in here), "str") for name in inside}
            yield f"{space}:{one.name}" if space else one.name, {name: NOBODY[kind] for name, kind in kinds.items()}


def pages(world: World, client: Client, under: str = "/") -> list[str]:
    """The addresses under `under` that answer this client with a whole page. Blanks that `FILLED` does not know are filled from links."""
    found: list[str] = []
    linked: dict[str, list[str]] = defaultdict(list)
    unknown = []
    for name, blanks in routes():
        here = {"slug": world.community.slug} if "slug" in blanks else {}
        if set(blanks) != set(here) and name not in FILLED:
            unknown.append((name, blanks | here))
            continue
        for values in [{}] if set(blanks) == set(here) else FILLED[name](world):
            _look(client, reverse(name, kwargs=blanks | here | values) + ASKED.get(name, ""), under, found, linked)
    unfilled = []
    for name, nothing in unknown:
        for address in linked[name][:LINKS]:
            _look(client, address, under, found, linked)
        if not linked[name] and world.members and client.get(reverse(name, kwargs=nothing)).status_code != 405:
            unfilled.append(name)
    assert not unfilled, f"{unfilled}: no page links to these, and the walk cannot fill their blanks: add them to FILLED"
    return found


def _look(client: Client, address: str, under: str, found: list[str], linked: dict[str, list[str]]) -> None:
    """Ask for an address; keep it when it is a page, and note where it leads."""
    if not address.startswith(under):
        return
    answer = client.get(address)
    is_well = answer.status_code < 400 or answer.status_code == 405 or address.startswith("/accounts/") or "spent" in address
    assert is_well, f"{address} answers {answer.status_code}"
    is_file = "Content-Disposition" in answer.headers or not answer.headers.get("Content-Type", "").startswith("text/html")
    if answer.status_code >= 300 or is_file or b"<html" not in answer.content[:1000]:
        return
    found.append(address)
    assert b'href=""' not in answer.content, f"{address} has a link that leads nowhere"
    for link in dict.fromkeys(re.findall(r'href="(/[^"?#]*)', answer.content.decode())):
        with suppress(Resolver404):
            linked[resolve(link).view_name].append(link)


def walk(page: Page, addresses: list[str]) -> list[str]:
    """What is wrong with these pages: in light at a desk and at every size, in dark on a phone."""
    wrong = []
    for address in addresses:
        for theme, size in (("light", "desk"), ("light", "tablet"), ("dark", "phone")):
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            if size == "desk":
                page.emulate_media(color_scheme="light", reduced_motion="reduce")
                page.goto(address)
                expect(page.locator("html")).to_have_attribute("data-ready", "yes")
                if not address.startswith(reverse("console:style")):  # where skeletons are shown for their own sake
                    expect(page.locator(WAITING)).to_have_count(0)
            elif theme == "dark":
                page.emulate_media(color_scheme="dark", reduced_motion="reduce")
                expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
            try:
                assert_fits(page)
            except AssertionError as wide:
                wrong.append(f"{size}: {wide}")
            if size != "tablet":
                wrong += [f"{address} {size} {theme}: {fault}" for fault in grave_faults(page)]
    return wrong


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss", password="shan-jian-9-ka-fei", name="老板")


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def peopled(tmp_path: Any, boss: User) -> World:
    """The sample community, with something in every corner of it."""
    community = load_sample()
    assert community is not None
    recruit(community, name="林晓", role=Role.MANAGER)
    refresh(community)
    asking = tmp_path / "订单.csv"
    asking.write_text("甲,乙,丙\n2026-03-02 09:30,阿树,早\n2026-03-02 09:31,小满,早呀\n", encoding="utf-8")
    look(hand_over(community, asking, by=boss))
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(JuluoError):
        look(hand_over(community, noise, by=boss))
    append(begin_upload(community, "还没传完.zip", 1000, by=boss), 0, b"PK")
    members = list(Member.objects.filter(community=community, kind="person").order_by("-messages")[:6])
    Resemblance.objects.create(community=community, a=members[0], b=members[1], score=0.7, reasons=[["same_name", members[0].name]])
    merge(members[4], members[5], by=boss)
    silent = Member.objects.filter(community=community, messages=0).order_by("pk").first()
    week = latest(community)
    assert week is not None
    imports = Import.objects.filter(community=community).values_list("pk", flat=True)
    return World(community, (members[0].pk, members[4].pk, silent.pk), tuple(imports), week.week)


def test_every_page_of_a_lively_community_is_open_to_everyone(opened, boss, tmp_path):
    world = peopled(tmp_path, boss)
    addresses = pages(world, signed(boss))

    wrong = walk(opened(user=boss), addresses)

    assert len(addresses) > 50
    assert not wrong, "\n".join(wrong)


def test_every_page_of_an_empty_community_is_open_to_everyone_and_says_what_to_do(opened, boss):
    world = World(found("空谷", slug="empty"))
    addresses = pages(world, signed(boss), under=f"/c/{world.community.slug}/")

    wrong = walk(opened(user=boss), addresses)

    assert len(addresses) > 25
    assert not wrong, "\n".join(wrong)


def test_every_page_that_needs_no_sign_in_is_open_to_everyone(opened, boss, watch):
    watch.expect("404")
    watch.expect("410")
    world = World(found("空谷", slug="empty"))
    addresses = [address for address in pages(world, Client()) if "/c/" not in address]

    wrong = walk(opened(), addresses)

    assert addresses
    assert not wrong, "\n".join(wrong)
