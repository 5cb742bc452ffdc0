"""Back, another language and Enter on the payment page: nothing is sent again and what was chosen stays."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.browser.checks import SIZES
from tests.browser.conftest import TODAY, PageOpener
from tests.browser.prepared import signed_in as api_of

HEADING = "Make a Payment"


@pytest.fixture
def link(portal: LocalSuite) -> str:
    with api_of(portal, "producer@example.com") as api:
        journey = Journey(api, date.fromisoformat(TODAY))
        journey.until_ready()
        journey.submit()
        return str(api.post(f"/applications/{journey.record_number}/payment")["url"])


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def type_card(page: Page, number: str = "4242 4242 4242 4242") -> None:
    page.locator("#method-card").check()
    page.locator("#card_number").fill(number)
    page.locator("#card_expires").fill("12/30")
    page.locator("#card_security_code").fill("123")


@pytest.mark.parametrize("javascript", [True, False])
def test_back_from_the_review_of_a_payment_shows_the_form_with_what_was_chosen(
    link: str, open_page: PageOpener, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto(link)
    type_card(page, "4242 4242 4242 4241")
    page.locator("#payer").select_option("tribe")
    page.locator("#accept_terms").check()
    page.get_by_role("button", name="Review Payment Details").click()
    expect(page.get_by_role("alert")).to_contain_text("exactly as it appears on the card")
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    type_card(page)
    page.get_by_role("button", name="Review Payment Details").click()
    heading(page, "Review Payment Details")

    page.go_back()
    heading(page, HEADING)
    expect(page.locator("#payer")).to_have_value("tribe")
    expect(page.locator("#method-card")).to_be_checked()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.go_forward()
    heading(page, "Review Payment Details")


def test_another_language_keeps_what_was_chosen_and_enter_sends_the_form(link: str, visitor: Page) -> None:
    visitor.goto(link)
    visitor.locator("#method-card").check()
    visitor.locator("#payer").select_option("trustee")
    visitor.get_by_role("button", name="Español").click()
    heading(visitor, "Hacer un pago")
    expect(visitor.locator("#payer")).to_have_value("trustee")
    expect(visitor.locator("#method-card")).to_be_checked()

    visitor.locator("#card_number").press("Enter")
    expect(visitor.get_by_role("alert")).to_contain_text("Escriba el número de tarjeta")
    visitor.get_by_role("button", name="English").click()
    heading(visitor, HEADING)
    expect(visitor.get_by_role("alert")).to_contain_text("Enter the card number")
    expect(visitor.locator("#payer")).to_have_value("trustee")


_ROOM_BELOW_GROUPS = """() => {
  const seen = (one) => one.checkVisibility();
  const groups = [...document.querySelectorAll("#payment-form > fieldset, #payment-form > .field")].filter(seen);
  return groups.slice(1, -1).map((group, i) => {
    const parts = [...groups[i].querySelectorAll("input, select, label, .hint")].filter(seen);
    const ends = Math.max(...parts.map((one) => one.getBoundingClientRect().bottom));
    return Math.round(group.getBoundingClientRect().top - ends);
  });
}"""


def test_every_group_of_fields_has_the_same_room_below_it(link: str, visitor: Page) -> None:
    visitor.goto(link)
    base = visitor.url.removesuffix("/pay")
    for language in ("es", "en"):
        visitor.goto(f"{base}/language/{language}?back=/pay")
        for width in SIZES:
            visitor.set_viewport_size({"width": width, "height": 900})
            for choice in ("#method", "#method-card", "#autopay"):
                visitor.locator(choice).check()
                room = visitor.evaluate(_ROOM_BELOW_GROUPS)
                assert len(room) >= 3 and len(set(room)) == 1, (language, width, choice, room)
            visitor.locator("#autopay").uncheck()
