"""The pieces of parts.html: as they stand, with errors, and the dialogs, with the portal's own files around them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Page, Route, expect

from chassis.identity import CallerKind
from chassis.kernel import InvalidInput, Problem
from gateway.edge.middleware import SECURITY_HEADERS
from gateway.identity.sessions import Session, SessionTransport
from gateway.pages.error_summary import complete_error_summary
from gateway.pages.render import environment
from gateway.user import User
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener

GALLERY = (Path(__file__).parent / "gallery.html").read_text()
TERMS = """{% extends "base.html" %}{% block main %}
<div data-dialog-body><h1>Terms</h1><p>All of them.</p></div>
{% endblock %}"""
SOMEBODY = Session(
    secret="made-up",
    transport=SessionTransport.COOKIE,
    user=User("made-up", "producer@example.com", "Calvin Fritz", CallerKind.PRODUCER, numbers=()),
    ends_at=datetime.max.replace(tzinfo=UTC),
)
WRONG = (
    Problem("agreed", "Agree to the terms."),
    Problem("languages", "Choose a language."),
    Problem("remark", "Use up to 500 characters."),
    Problem("people[0].sex", "Choose one."),
    Problem("people[0].county", "Choose the county."),
    Problem("people[0].date_of_birth", "Enter a date, for example 4/28/1986."),
    Problem("people[0].zip", "Enter five digits."),
    Problem("home.street", "Enter the street."),
)


def serve(page: Page, refusal: InvalidInput | None = None) -> Page:
    """The gallery at /gallery, and another page that it opens as a dialog."""
    errors = {problem.field: problem.message for problem in refusal.problems} if refusal else {}
    shared = {"session": SOMEBODY, "unread": 0, "path": "/gallery", "idle_seconds": 900, "seconds_left": 900}
    context = {**shared, "refusal": refusal, "errors": errors}

    def answer(route: Route) -> None:
        template = TERMS if route.request.url.endswith("terms") else GALLERY
        html = complete_error_summary(environment.from_string(template).render(context))
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=dict(SECURITY_HEADERS))

    page.route("**/gallery*", answer)
    page.goto("/gallery")
    return page


def test_parts_keep_the_rules_at_every_width(visitor: Page) -> None:
    check_page(serve(visitor), "parts")


def test_parts_with_errors_keep_the_rules_at_every_width(visitor: Page) -> None:
    serve(visitor, InvalidInput("Some answers are missing.", problems=WRONG))
    check_page(visitor, "parts-errors")


@pytest.mark.parametrize("javascript", [True, False])
def test_error_summary_has_the_focus_and_follows_the_page(open_page: PageOpener, javascript: bool) -> None:
    page = serve(open_page(javascript=javascript), InvalidInput("Some answers are missing.", problems=WRONG))
    expect(page).to_have_title("Error: Parts · Producer Portal")
    expect(page.locator(".error-summary")).to_be_focused()
    texts = page.locator(".error-summary li").all_inner_texts()
    assert [text.partition(":")[0] for text in texts] == [
        "ZIP code", "Date of birth", "Choose the county.", "Sex", "Languages", "Remark",
        "I have read the terms and agree to them", "Home, street",
    ]  # fmt: skip  # reads across, as a table
    page.get_by_role("link", name="ZIP code: Enter five digits.").click()
    expect(page.get_by_label("ZIP code")).to_be_focused()


def test_dialog_of_the_page_opens_closes_and_gives_the_focus_back(visitor: Page) -> None:
    opener = serve(visitor).get_by_role("link", name="Cancel Application")
    opener.focus()
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("dialog", name="Cancel the application?")).to_be_visible()
    check_page(visitor, "dialog")
    visitor.get_by_role("button", name="No").click()
    expect(visitor.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_page_opens_as_a_dialog_and_escape_closes_it(visitor: Page) -> None:
    opener = serve(visitor).get_by_role("link", name="Terms")
    opener.click()
    expect(visitor.get_by_role("dialog", name="Terms")).to_be_visible()
    check_page(visitor, "dialog-of-a-page")
    visitor.keyboard.press("Escape")
    expect(visitor.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_link_leads_to_the_page_without_javascript(open_page: PageOpener) -> None:
    page = serve(open_page(javascript=False))
    page.get_by_role("link", name="Terms").click()
    expect(page.get_by_role("heading", name="Terms", level=1)).to_be_visible()


def test_the_main_button_is_at_the_right_end_and_above_the_others_on_a_phone(open_page: PageOpener) -> None:
    def places(width: int) -> list[FloatRect]:
        page = serve(open_page(width=width))
        page.get_by_role("link", name="Cancel Application").click()
        boxes = [page.get_by_role("button", name=name).bounding_box() for name in ("Yes, Cancel", "No, Keep It")]
        return [box for box in boxes if box]

    wide_main, wide_other = places(1280)
    assert wide_main["y"] == wide_other["y"] and wide_main["x"] > wide_other["x"]
    main, other = places(320)
    assert main["y"] < other["y"]
