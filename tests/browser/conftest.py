"""A real browser against a live server. Rooms' browser tests use `page`, `signed_in` and `assert_accessible`.

A test fails when the page wrote an error to the console, threw, broke the content policy, or asked another server for anything.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from juluo.ground.accounts.types import Role
from juluo.ground.communities.models import Community
from tests.cast import xiaoman
from tools.browser import found
from tools.messages import compile_all

# Playwright's own loop runs in this thread; the ORM calls of a test are nevertheless ordinary ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desk": (1440, 900)}
PATIENCE = 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = found()
    if path is None:
        pytest.fail("no Chromium here: run `make browser`, or set JULUO_TEST_BROWSER")
    compile_all()
    expect.set_options(timeout=PATIENCE)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    started = playwright.chromium.launch(executable_path=path, args=arguments)
    yield started
    started.close()


class Watch:
    """What went wrong on a page without anyone seeing it."""

    def __init__(self, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.faults: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", lambda said: self._note(f"console: {said.text}") if said.type == "error" else None)
        context.on("weberror", lambda error: self._note(f"thrown: {error.error}"))
        context.on("request", lambda asked: self._elsewhere(asked.url))
        context.on("requestfailed", lambda asked: self._failed(asked.url, asked.failure or ""))

    def expect(self, words: str) -> None:
        """Let a fault pass that contains these words: a test that provokes an error says so."""
        self.expected.append(words)

    @property
    def left(self) -> list[str]:
        return [fault for fault in self.faults if not any(words in fault for words in self.expected)]

    def _note(self, fault: str) -> None:
        self.faults.append(fault)

    def _failed(self, url: str, why: str) -> None:
        if "ERR_ABORTED" not in why:  # leaving a page ends what it was still asking for
            self._note(f"failed: {url} {why}")

    def _elsewhere(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.home:
            self._note(f"asked elsewhere: {url}")


@pytest.fixture
def watch(live_server: Any) -> Watch:
    return Watch(live_server.url)


@pytest.fixture
def opened(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`opened("phone", dark=True)`: a fresh browser of that size on the live server; addresses may be relative."""
    contexts = []

    def make(size: str = "desk", *, dark: bool = False, language: str = "zh-CN", user: Any = None) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme="dark" if dark else "light",
            has_touch=size == "phone",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not watch.left, "\n".join(watch.left)


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    """A browser at a desk, in Chinese, signed in as nobody."""
    return opened()


@pytest.fixture
def signed_in(opened: Callable[..., Page]) -> Callable[..., Page]:
    """`signed_in(community, Role.VIEWER, size="phone")`: a browser of somebody with that role."""

    def make(community: Community | None = None, role: Role = Role.ADMIN, **how: Any) -> Page:
        return opened(user=xiaoman(community, role), **how)

    return make


def assert_accessible(page: Page) -> None:
    """No serious fault by axe-core, and nothing wider than the window."""
    told = grave_faults(page)
    assert not told, f"{page.url}\n" + "\n".join(told)
    assert_fits(page)


def grave_faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    grave = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {one['help']} – {[node['html'][:160] for node in one['nodes'][:3]]}" for one in grave]


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    extra = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert extra <= 0, f"{page.url} is {extra} px wider than its window"
