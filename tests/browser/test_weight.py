"""How much travels: the first page that anybody sees, and the one after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from deploy.local.suite import LocalSuite
from tests.browser.conftest import sign_in

# Bodies as they were sent, headers not counted.
MAX_BYTES = 60_000
# Milliseconds without a request: the page has all that it asks for. It is networkidle, which never comes with a stream.
QUIET = 500


@pytest.fixture
def page(chromium: Browser, portal: LocalSuite) -> Iterator[Page]:
    """A page that is not watched: Playwright takes the cache from a context that has routes."""
    with chromium.new_context(base_url=portal.ports.portal_url) as context:
        yield context.new_page()


def transferred(page: Page, sent: list[Request]) -> Counter[str]:
    """Of everything that the page is made of; the stream of the bell has no end and is not waited for."""
    page.wait_for_load_state("load")
    seen, sizes = -1, Counter[str]()
    while seen != len(sent):
        seen, sizes = len(sent), Counter()
        for request in list(sent):
            if request.resource_type != "eventsource" and (response := request.response()):
                response.finished()
                sizes[request.url] += max(0, request.sizes()["responseBodySize"])  # below 0 when the browser had it
        page.wait_for_timeout(QUIET)
    return sizes


@pytest.fixture
def sent(page: Page) -> list[Request]:
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    return requests


def test_first_page_and_the_next_transfer_less_than_60_kb_each(page: Page, sent: list[Request]) -> None:
    page.goto("/sign-in")
    first = transferred(page, sent)
    assert sum(first.values()) < MAX_BYTES, first
    sign_in(page, "producer@example.com")
    sent.clear()
    page.goto("/enroll")
    second = transferred(page, sent)
    assert sum(second.values()) < MAX_BYTES, second
    styles = next(url for url in first if url.endswith("index.css"))
    assert first[styles] > 0 and second[styles] == 0, "kept by the browser"


def test_what_a_script_asks_for_after_the_page_is_loaded_is_counted(page: Page, sent: list[Request]) -> None:
    page.goto("/sign-in")
    page.evaluate("void setTimeout(() => fetch('/sign-in?late=1').then((late) => late.text()), 200)")
    assert next(size for url, size in transferred(page, sent).items() if url.endswith("late=1")) > 0
