"""How much travels: the first page that anybody sees, and the one after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response

from deploy.local.suite import LocalSuite
from tests.browser.conftest import sign_in

# Issue 11's bound for a page; bodies as they were sent, headers not counted.
MAX_BYTES = 60_000


@pytest.fixture
def page(chromium: Browser, portal: LocalSuite) -> Iterator[Page]:
    """A page that is not watched: Playwright takes the cache from a context that has routes."""
    with chromium.new_context(base_url=portal.ports.portal_url) as context:
        yield context.new_page()


def transferred(page: Page, seen: list[Response]) -> dict[str, int]:
    """Of everything that the page is made of; the stream of the bell has no end and is not waited for."""
    page.wait_for_load_state("load")
    loaded = [response for response in seen if response.request.resource_type != "eventsource"]
    sizes = {response.url.rpartition("/")[2]: response.request.sizes()["responseBodySize"] for response in loaded}
    return {name: max(0, size) for name, size in sizes.items()}  # below zero when it came from the cache


def test_first_page_and_the_next_transfer_less_than_60_kb_each(page: Page) -> None:
    seen: list[Response] = []
    page.on("response", lambda response: seen.append(response))
    page.goto("/sign-in")
    first = transferred(page, seen)
    assert sum(first.values()) < MAX_BYTES, first
    sign_in(page, "producer@example.com")
    seen.clear()
    page.goto("/enroll")
    second = transferred(page, seen)
    assert sum(second.values()) < MAX_BYTES, second
    assert first["index.css"] > 0 and second.get("index.css", 0) == 0, "kept by the browser"
