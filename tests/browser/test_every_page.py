"""What holds of all pages: 200 % zoom, 320 px, nothing that jumps, focus that is seen, a page that prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize

from deploy.local.suite import LocalSuite
from tests.browser.checks import WATCHES, shift_problems, sideways_problems, take_screenshot
from tests.browser.conftest import watch_context
from tests.browser.every_page import EveryPage, collect_pages
from tests.browser.keyboard import walk_stops
from tests.browser.prepared import signed_in as api_of

# A laptop's 1280 px at 200 % zoom (WCAG 1.4.4), and the narrowest that content has to reflow to (WCAG 1.4.10).
ZOOMED, NARROWEST = (640, 400, 2), (320, 256, 1)
# Letter with margins of half an inch, at 96 px an inch.
PAPER = ViewportSize(width=720, height=960)
PRODUCER, DELEGATE = "producer@example.com", "delegate@example.com"

SignedIn = Callable[[str], StorageState]


@pytest.fixture(scope="module")
def pages(portal: LocalSuite) -> EveryPage:
    with api_of(portal, PRODUCER) as api:
        return collect_pages(api)


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


@pytest.mark.parametrize("size", [ZOOMED, NARROWEST], ids=["200 % zoom", "320 px"])
@pytest.mark.parametrize("who", ["producer", "delegate", "visitor"])
def test_no_page_scrolls_sideways_jumps_or_asks_another_origin(
    chromium: Browser, portal: LocalSuite, signed_in: SignedIn, pages: EveryPage, who: str, size: tuple[int, int, int]
) -> None:
    found = []
    state = signed_in({"producer": PRODUCER, "delegate": DELEGATE}[who]) if who != "visitor" else None
    with opened(chromium, portal, state, size) as page:
        for address in getattr(pages, who):
            answer = page.goto(address)
            assert answer and answer.status < 500, address
            found += [f"{address}: {one}" for one in (*sideways_problems(page), *shift_problems(page))]
            found += [f"{address}: {one}" for one in WATCHES[id(page.context)].take_problems()]
    assert not found, "\n".join(found)


def test_the_focus_is_seen_at_every_stop_of_a_page_of_each_kind(producer: Page, pages: EveryPage) -> None:
    at = pages.draft
    addresses = ["/", "/quotes/new", pages.quote, f"{pages.quote}/plans", "/enroll?tab=incomplete", "/clients"]
    addresses += ["/my-hierarchy/access", "/deadlines", "/applications/new", pages.submitted, f"{at}/check-answers"]
    addresses += [f"{at}/steps/{step}" for step in ("general", "household", "plans", "signatures")]
    addresses += [pages.review, pages.payment]
    found = []
    for address in addresses:
        producer.goto(address)
        stops, unseen = walk_stops(producer)
        found += [f"{address}: {one}" for one in unseen]
        if stops < 2:
            found.append(f"{address}: Tab reaches {stops} things")
    assert not found, "\n".join(found)


def test_important_pages_print_whole_and_without_navigation(producer: Page, pages: EveryPage) -> None:
    found = []
    compared = next(one for one in pages.producer if "/comparison" in one)
    for name, address in {
        "details": pages.submitted,
        "check-answers": f"{pages.draft}/check-answers",
        "quote": pages.quote,
        "comparison": compared,
        "household": f"{pages.draft}/steps/household",
        "review": pages.review,
    }.items():
        producer.goto(address)
        producer.emulate_media(media="print")
        producer.set_viewport_size(PAPER)
        found += [f"{name}: {one}" for one in sideways_problems(producer)]
        shown = producer.locator("nav:visible, button:visible, .menu:visible, .find:visible").all_inner_texts()
        found += [f"{name} prints {one!r}" for one in shown]
        take_screenshot(producer, f"print-{name}")
        producer.emulate_media(media="screen")
    assert not found, "\n".join(found)
