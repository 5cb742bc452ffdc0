"""The payment page in a browser: with the keyboard alone, every state in both languages at three widths."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser.checks import check_page
from tests.browser.conftest import TODAY
from tests.browser.keyboard import Keyboard
from tests.browser.prepared import signed_in as api_of


def check_both(paying: Page, name: str) -> None:
    """The page at its address in Spanish and in English."""
    parts = urlsplit(paying.url)
    for language in ("es", "en"):
        paying.goto(f"{parts.scheme}://{parts.netloc}/language/{language}?back={parts.path}")
        assert paying.locator("html").get_attribute("lang") == language
        check_page(paying, f"{name}-{language}")


def test_a_payment_with_the_keyboard_alone_and_each_page_is_right_in_both_languages(
    portal: LocalSuite, visitor: Page
) -> None:
    with api_of(portal, "producer@example.com") as api:
        journey = Journey(api, date.fromisoformat(TODAY))
        journey.until_ready()
        journey.submit()
        link = api.post(f"/applications/{journey.record_number}/payment")["url"]
    keyboard, page = Keyboard(visitor), portal.ports.page_url
    visitor.goto(link)
    check_both(visitor, "pay-form")
    keyboard.press("Review Payment Details")
    expect(visitor.get_by_role("alert")).to_contain_text("Choose a payment method")
    check_page(visitor, "pay-form-refused-en")
    keyboard.choose("method", "card")
    keyboard.fill(visitor.locator("#card_number"), "4242 4242 4242 4242")
    keyboard.fill(visitor.locator("#card_expires"), "12/30")
    keyboard.fill(visitor.locator("#card_security_code"), "123")
    keyboard.select(visitor.locator("#payer"), "Applicant or family member")
    keyboard.tick(visitor.locator("#accept_terms"))
    keyboard.press("Review Payment Details")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Review Payment Details")
    check_both(visitor, "pay-review")
    keyboard.press("Cancel")
    expect(visitor.locator("#cancel-dialog").get_by_role("button").first).to_be_focused()
    check_page(visitor, "pay-cancel-en")
    visitor.keyboard.press("Escape")
    keyboard.tick(visitor.locator("#agree"))
    keyboard.press("Submit Payment and Proceed")
    visitor.wait_for_url(lambda address: not address.startswith(page))
    visitor.goto(f"{page}/pay")
    check_both(visitor, "pay-outcome")
    for name in ("terms", "language-assistance"):
        visitor.goto(f"{page}/{name}")
        check_both(visitor, f"pay-{name}")
    visitor.goto(link)
    expect(visitor.get_by_role("main")).to_contain_text("This payment link was already used or has expired")
    expect(visitor.get_by_role("main")).to_contain_text("Choose Pay Now in the application again.")
    check_page(visitor, "pay-link-used")
