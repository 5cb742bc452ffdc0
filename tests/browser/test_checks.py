"""Negative controls: a page with a fault is caught, by the check that is there for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import keyboard
from tests.browser.checks import WATCHES, check_address, check_page
from tests.browser.conftest import watch_context
from tests.browser.keyboard import walk_stops

ORIGIN = "http://127.0.0.1:1"
FRAME = (
    '<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>Page</title>{head}</head>'
    "<body><main><h1>Page</h1>{main}</main></body></html>"
)
GROW = "setTimeout(() => document.querySelector('div').style.height = '300px', 300)"

FAULTS = {
    "no fault": ("", "", ""),
    "an image without a text": ("", "<img src='data:,'>", "axe image-alt"),
    "grey text on white": ("", "<p style='color:#bbb'>Hard to read</p>", "axe color-contrast"),
    "a field without a label": ("", "<input>", "axe label"),
    "a box wider than a phone": ("", "<div style='width:500px;height:9px'></div>", "320 px: scrolls sideways: 508 px"),
    "content that moves": ("", f"<div></div><p>{'Moved. ' * 99}</p><script>{GROW}</script>", "layout shift of 0."),
    "a script of another site": ("<script src='http://cdn.example/x.js'></script>", "", "leaves the origin: GET http"),
    "a style of another site": ("<link rel=stylesheet href='http://cdn.example/x.css'>", "", "leaves the origin"),
    "a message to another site": (
        "",
        "<script>fetch('http://t.example/').catch(() => 0)</script>",
        "leaves the origin",
    ),
    "an error in the console": ("", "<script>console.error('wrong')</script>", "console: wrong"),
    "a script that fails": ("", "<script>missing()</script>", "console: "),
    "a file that is missing": ("", "<script src='/missing.js'></script>", "console: Failed to load resource"),
}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(base_url=ORIGIN) as context:
        watch_context(context, frozenset({ORIGIN}))
        yield context.new_page()
        del WATCHES[id(context)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_page_is_found_and_named(page: Page, fault: str) -> None:
    head, main, expected = FAULTS[fault]
    page.route(
        "**/faulty", lambda route: route.fulfill(body=FRAME.format(head=head, main=main), content_type="text/html")
    )
    page.route("**/missing.js", lambda route: route.fulfill(status=404))
    page.goto("/faulty")
    page.wait_for_timeout(500)  # what moves does so after 0.3 s, as content that comes late
    if not expected:
        check_page(page, "control")
        check_address(page, "/faulty", "control")
        return
    with pytest.raises(AssertionError) as found:
        check_page(page, "control")
    assert expected in str(found.value)


def test_a_fault_is_told_once_and_not_of_the_page_after_it(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(body=FRAME.format(head="", main=""), content_type="text/html"))
    page.goto("/first")
    page.evaluate("console.error('wrong')")
    with pytest.raises(AssertionError, match="wrong"):
        check_page(page, "control")
    check_address(page, "/second", "control")


def test_an_error_page_is_not_taken_for_the_page_that_was_meant(page: Page) -> None:
    html = FRAME.format(head="", main="")
    page.route("**/*", lambda route: route.fulfill(status=503, body=html, content_type="text/html"))
    with pytest.raises(AssertionError, match="503"):
        check_address(page, "/away", "control")


LINKS = "".join(f'<a href="/{name}">{name} </a>' for name in ("First", "Second", "Third"))
STAYS = "<script>document.querySelectorAll('a')[{at}].onkeydown = (event) => {{ {act} }}</script>"
WALKS = {
    "nothing wrong": (LINKS, 3, []),
    "a group of radios": ("<input type=radio name=sex><input type=radio name=sex>" + LINKS, 4, []),
    "a date, which has parts": ("<input type=date>" + LINKS, 4, []),
    "what is closed, hidden or disabled": (
        f"<details><summary>More</summary><a href='/x'>x</a></details><button disabled>No</button>{LINKS}", 4, [],
    ),
    "a focus that is not seen": (LINKS + '<a href="/b" style="outline:none">b</a>', 4, ["looks as before"]),
    "a focus out of sight": (LINKS + '<a href="/c" style="position:absolute;left:-999px">c</a>', 4, ["out of sight"]),
    "a focus that hides the words": (
        LINKS + '<a href="/d" style="color:#ccc;background:#fff">d</a>', 4, ["cannot be read"],
    ),
    "a focus that stays": (
        LINKS + STAYS.format(at=1, act="event.preventDefault()"), 2, ["Tab goes back at", "Tab never comes to"],
    ),
    "a focus that turns back at the end": (
        LINKS + STAYS.format(at=2, act="event.preventDefault(); document.querySelectorAll('a')[1].focus()"),
        3, ["Tab goes back at"],
    ),
    "a focus that is lost": (
        LINKS + "<script>document.querySelectorAll('a')[1].onfocus = (event) => event.target.blur()</script>",
        1, ["Tab never comes to", "Tab never comes to"],
    ),
}  # fmt: skip  # reads across, as a table


@pytest.mark.parametrize("walk", WALKS)
def test_a_walk_with_the_keyboard_tells_what_is_wrong(page: Page, walk: str) -> None:
    main, stops, expected = WALKS[walk]
    serve(page, main)
    found, wrong = walk_stops(page)
    assert (found, [one.partition(":")[0] for one in wrong]) == (stops, expected)


def test_a_walk_that_does_not_come_to_its_end_is_told(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "MOST_STOPS", 2)
    serve(page, LINKS)
    stops, wrong = walk_stops(page)
    assert stops == 2
    assert [one.partition(":")[0] for one in wrong] == ["more than 2 stops", "Tab never comes to"]


def serve(page: Page, main: str) -> None:
    page.route("**/*", lambda route: route.fulfill(body=FRAME.format(head="", main=main), content_type="text/html"))
    page.goto("/walk")
