"""What holds of all pages: 200 % zoom, 320 px, nothing that jumps, focus that is seen, contrast in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize

from deploy.local.suite import LocalSuite
from tests.browser.checks import WATCHES, axe_violations, shift_problems, sideways_problems
from tests.browser.conftest import watch_context
from tests.browser.every_page import EveryPage, prepare_pages
from tests.browser.keyboard import walk_stops
from tests.browser.page_addresses import (
    CLIENT,
    PAYER,
    STATUSES,
    STATUSES_OF_A_DELEGATE,
    VISITOR,
)
from tests.browser.page_addresses import DELEGATE as DELEGATES
from tests.browser.page_addresses import PRODUCER as PRODUCERS
from tests.browser.prepared import signed_in as api_of

# A laptop's 1280 px at 200 % zoom (WCAG 1.4.4), and the narrowest that content has to reflow to (WCAG 1.4.10).
SIZES = {(640, 400, 2): "200 % zoom", (320, 256, 1): "320 px"}
LAPTOP = (1280, 800, 1)
PRODUCER, DELEGATE = "producer@example.com", "delegate@example.com"

WHO = {
    "producer": (PRODUCER, PRODUCERS, STATUSES),
    "delegate": (DELEGATE, DELEGATES, STATUSES_OF_A_DELEGATE),
    "visitor": ("", VISITOR, STATUSES),
}

_TEXT_IS_LIGHT = "() => Math.min(...getComputedStyle(document.body).color.match(/\\d+/g)) > 127"

SignedIn = Callable[[str], StorageState]
Walk = Callable[[EveryPage, Page], Iterator[tuple[str, str]]]
WALKS = [
    pytest.param(EveryPage.walk_review, CLIENT, id="client"),
    pytest.param(EveryPage.walk_payment, PAYER, id="payer"),
]


@pytest.fixture(scope="module")
def pages(portal: LocalSuite) -> Iterator[EveryPage]:
    with api_of(portal, PRODUCER) as api:
        yield prepare_pages(api, portal.ports.portal_url, portal.ports.page_url)


@contextmanager
def opened(
    chromium: Browser, portal: LocalSuite, state: StorageState | None, size: tuple[int, int, int]
) -> Iterator[Page]:
    width, height, scale = size
    viewport = ViewportSize(width=width, height=height)
    address = portal.ports.portal_url
    with chromium.new_context(
        base_url=address, viewport=viewport, device_scale_factor=scale, storage_state=state, reduced_motion="reduce"
    ) as context:
        watch_context(context, frozenset({address, portal.ports.page_url}))
        yield context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=SIZES.values())
@pytest.mark.parametrize("who", WHO)
def test_no_page_scrolls_sideways_jumps_or_asks_another_origin(
    chromium: Browser, portal: LocalSuite, signed_in: SignedIn, pages: EveryPage, who: str, size: tuple[int, int, int]
) -> None:
    found = []
    email, addresses, statuses = WHO[who]
    with opened(chromium, portal, signed_in(email) if email else None, size) as page:
        for pattern in addresses:
            found += look_at(page, f"{pages.portal}{pages.address(pattern)}", statuses.get(pattern, 200))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", SIZES, ids=SIZES.values())
@pytest.mark.parametrize(("walk", "addresses"), WALKS)
def test_no_page_of_a_client_or_payer_scrolls_sideways_jumps_or_asks_another_origin(
    chromium: Browser,
    portal: LocalSuite,
    pages: EveryPage,
    walk: Walk,
    addresses: tuple[str, ...],
    size: tuple[int, int, int],
) -> None:
    found, seen = [], set()
    with opened(chromium, portal, None, size) as page:
        for pattern, address in walk(pages, page):
            seen.add(pattern)
            found += look_at(page, address, STATUSES.get(pattern, 200))
    assert not found, "\n".join(found)
    assert seen == set(addresses)


# A delegate's pages are made of the same parts as a producer's.
@pytest.mark.parametrize("who", ["producer", "visitor"])
def test_every_page_is_dark_with_contrast_and_prints_light(
    chromium: Browser, portal: LocalSuite, signed_in: SignedIn, pages: EveryPage, who: str
) -> None:
    found = []
    email, addresses, statuses = WHO[who]
    with opened(chromium, portal, signed_in(email) if email else None, LAPTOP) as page:
        page.emulate_media(color_scheme="dark")
        for pattern in addresses:
            found += look_at(page, f"{pages.portal}{pages.address(pattern)}", statuses.get(pattern, 200), dark_problems)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("walk", "addresses"), WALKS)
def test_every_page_of_a_client_or_payer_is_dark_with_contrast_and_prints_light(
    chromium: Browser, portal: LocalSuite, pages: EveryPage, walk: Walk, addresses: tuple[str, ...]
) -> None:
    found, seen = [], set()
    with opened(chromium, portal, None, LAPTOP) as page:
        page.emulate_media(color_scheme="dark")
        for pattern, address in walk(pages, page):
            seen.add(pattern)
            found += look_at(page, address, STATUSES.get(pattern, 200), dark_problems)
    assert not found, "\n".join(found)
    assert seen == set(addresses)


def layout_problems(page: Page) -> list[str]:
    return [*sideways_problems(page), *shift_problems(page)]


def dark_problems(page: Page) -> list[str]:
    """Of a page in the dark color scheme, which is for screens: paper is white."""
    found = axe_violations(page)
    if not page.evaluate(_TEXT_IS_LIGHT):
        found.append("is not dark")
    page.emulate_media(media="print", color_scheme="dark")
    if page.evaluate(_TEXT_IS_LIGHT):
        found.append("prints light text")
    page.emulate_media(media="screen", color_scheme="dark")
    return found


def look_at(
    page: Page, address: str, status: int, problems_of: Callable[[Page], list[str]] = layout_problems
) -> list[str]:
    """What is wrong with the page at an address, which has to be the one that was meant."""
    answer = page.goto(address)
    assert answer and (answer.status, page.url) == (status, address), (address, answer and answer.status, page.url)
    found = [*problems_of(page), *WATCHES[id(page.context)].take_problems()]
    return [f"{address}: {one}" for one in found]


def test_the_focus_is_seen_at_every_stop_of_a_page_of_each_kind(producer: Page, pages: EveryPage) -> None:
    addresses = ["/", "/quotes/new", "/quotes/{quote}", "/quotes/{quote}/plans", "/enroll?tab=incomplete", "/clients"]
    addresses += ["/clients/{client}", "/my-hierarchy", "/my-hierarchy/access", "/deadlines", "/applications/new"]
    addresses += ["/resources", "/reporting", "/applications/{submitted}", "/applications/{draft}/check-answers"]
    addresses += [f"/applications/{{draft}}/steps/{step}" for step in ("general", "household", "plans", "signatures")]
    found = []
    for address in addresses:
        producer.goto(pages.address(address))
        found += focus_problems(producer)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("walk", "addresses"), WALKS)
def test_the_focus_is_seen_at_every_stop_of_a_clients_and_a_payers_pages(
    visitor: Page, pages: EveryPage, walk: Walk, addresses: tuple[str, ...]
) -> None:
    found = []
    for _, address in walk(pages, visitor):
        visitor.goto(address)
        found += focus_problems(visitor)
        visitor.goto(address)  # the walk goes on as if nobody had pressed a key
    assert not found, "\n".join(found)


def focus_problems(page: Page) -> list[str]:
    stops, wrong = walk_stops(page)
    if stops < 2:
        wrong.append(f"Tab reaches {stops} things")
    return [f"{page.url}: {one}" for one in wrong]
