"""One suite and one browser for all tests of this folder; a fresh browser context for each test.

`producer` and `delegate` are pages of somebody who is signed in, `visitor` is nobody's; `open_page` makes more of them
(another person, JavaScript off). Playwright keeps an event loop running in this thread, so everything here ends with
the folder: the tests after it run loops of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from deploy.local.demo.api import Api
from deploy.local.servers import Server
from deploy.local.servers.chromium import choose_chromium, list_arguments
from deploy.local.suite import LocalSuite
from tests.browser.checks import SIZES, WATCHES
from tests.browser.prepared import signed_in as api_of
from tests.browser.watch import Watch
from tests.integration.conftest import sql_server, started_on

__all__ = ["sql_server"]

# Outside open enrollment, in plan year 2026; a fixed day, so that two runs show the same.
TODAY = "2026-05-20"
WIDTH = 1280
# Milliseconds for an element to appear or a page to load: some 100 on an idle machine.
PATIENCE = 20_000


class PageOpener(Protocol):
    """Opens a page in a context of its own; `email` is who is signed in ("": nobody)."""

    def __call__(self, email: str = "", *, javascript: bool = True, width: int = WIDTH) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test also starts the suite, catalogues included, and installs the browser where it is missing."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def portal(sql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """The whole suite on 20 May 2026, on servers of its own."""
    with started_on(TODAY, sql_server, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def api(portal: LocalSuite) -> Iterator[Api]:
    """The JSON API, for the producer of the demo."""
    with api_of(portal) as client:
        yield client


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    executable = choose_chromium(tmp_path_factory.mktemp("chromium") / "setup.log")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list_arguments())
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def signed_in(chromium: Browser, portal: LocalSuite) -> Callable[[str], StorageState]:
    """The cookies of a person, who signs in once for all tests; again when a test ended the session."""
    known: dict[str, StorageState] = {}

    def is_over(state: StorageState) -> bool:
        with chromium.new_context(base_url=portal.ports.portal_url, storage_state=state) as context:
            return context.request.get("/", max_redirects=0).status != 200

    def cookies_of(email: str) -> StorageState:
        if email not in known or is_over(known[email]):
            with chromium.new_context(base_url=portal.ports.portal_url) as context:
                page = context.new_page()
                sign_in(page, email)
                known[email] = context.storage_state()
        return known[email]

    return cookies_of


@pytest.fixture
def open_page(chromium: Browser, portal: LocalSuite, signed_in: Callable[[str], StorageState]) -> Iterator[PageOpener]:
    """More pages, each in a context of its own, closed at the end of the test."""
    with ExitStack() as opened:

        def opener(email: str = "", *, javascript: bool = True, width: int = WIDTH) -> Page:
            context = opened.enter_context(
                chromium.new_context(
                    base_url=portal.ports.portal_url,
                    viewport={"width": width, "height": SIZES[width]},
                    storage_state=signed_in(email) if email else None,
                    java_script_enabled=javascript,
                    locale="en-US",
                    timezone_id="America/Chicago",
                    reduced_motion="reduce",  # a screenshot is of the page at rest
                )
            )
            watch_context(context, frozenset({portal.ports.portal_url, portal.ports.page_url}))
            return context.new_page()

        yield opener
        for context in list(WATCHES.values()):
            WATCHES.pop(id(context.context), None)


@pytest.fixture
def visitor(open_page: PageOpener) -> Page:
    """A page of nobody in particular."""
    return open_page()


@pytest.fixture
def producer(open_page: PageOpener) -> Page:
    """A page of the demo's producer, signed in."""
    return open_page("producer@example.com")


@pytest.fixture
def delegate(open_page: PageOpener) -> Page:
    """A page of the demo's delegate, signed in."""
    return open_page("delegate@example.com")


def watch_context(context: BrowserContext, origins: frozenset[str]) -> None:
    context.set_default_timeout(PATIENCE)
    WATCHES[id(context)] = Watch.start(context, origins)


def sign_in(page: Page, email: str) -> None:
    """Sign in on the page where one signs in."""
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def outlast_cache(page: Page) -> None:
    """The second for which a process of the portal believes what it read of a session or an access."""
    page.wait_for_timeout(1_200)
