"""What comes out of a printer: letter paper, the whole page, nothing to click, and no sheet that is all but empty."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pypdf import PdfReader

from deploy.local.suite import LocalSuite
from tests.browser.checks import sideways_problems, take_screenshot
from tests.browser.every_page import EveryPage, prepare_pages
from tests.browser.prepared import signed_in

# Letter with margins of half an inch, at 96 px an inch.
PAPER = ViewportSize(width=720, height=960)
MARGIN = dict.fromkeys(("top", "right", "bottom", "left"), "0.5in")
# Menus and buttons; and the letters of a sheet that was worth the paper.
NOT_PRINTED, LEAST = "nav:visible, button:visible, .ds-c-button:visible, .menu:visible, .find:visible", 100
# Address, most sheets, and what the print has to say.
PRINTED = {
    "details": ("/applications/{submitted}", 6, ["Ada Sample", "Dee Sample", "Submitted", "$1,725.52"]),
    "check-answers": ("/applications/{draft}/check-answers", 4, ["Check Your Answers", "Dee Sample", "$1,725.52"]),
    "quote": ("/quotes/{quote}", 3, ["Review Selected Plans", "60601, Cook County", "$1,725.52"]),
    "plans": ("/quotes/{quote}/plans", 7, ["Medical coverage", "Dental coverage", "$1,725.52"]),
    "comparison": ("/quotes/{quote}/comparison?{compared}", 3, ["Compare Plans", "Specialty Drugs"]),
    "household": ("/applications/{draft}/steps/household", 5, ["Applicant Information"]),
    "text": ("/applications/{draft}/texts/terms", 3, ["Terms and Agreements", "Third party payments"]),
}


@pytest.fixture(scope="module")
def pages(portal: LocalSuite) -> Iterator[EveryPage]:
    with signed_in(portal) as api:
        yield prepare_pages(api, portal.ports.portal_url, portal.ports.page_url)


def print_problems(page: Page, name: str, most: int, said: list[str]) -> list[str]:
    # a font may print two letters as one sign, which NFKC takes apart
    texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in print_page(page).pages]
    sheets = [re.sub(r"\s+", " ", text) for text in texts]
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found = sideways_problems(page)
    found += [f"prints {one!r}" for one in page.locator(NOT_PRINTED).all_inner_texts()]
    take_screenshot(page, f"print-{name}")
    page.emulate_media(media="screen")
    if len(sheets) > most:
        found.append(f"takes {len(sheets)} sheets, not {most}")
    found += [f"sheet {place} is all but empty" for place, text in enumerate(sheets[:-1], 1) if len(text) < LEAST]
    found += [f"does not print {one!r}" for one in said if one not in " ".join(sheets)]
    return [f"{name}: {one}" for one in found]


def print_page(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(format="Letter", margin=MARGIN)))  # type: ignore[arg-type]  # four sides


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_of_a_producer_prints_whole_and_without_navigation(producer: Page, pages: EveryPage, name: str) -> None:
    address, most, said = PRINTED[name]
    producer.goto(pages.address(address))
    assert print_problems(producer, name, most, said) == []


def test_a_clients_review_prints_whole_and_without_navigation(visitor: Page, pages: EveryPage) -> None:
    walk = pages.walk_review(visitor)
    next(walk)
    assert print_problems(visitor, "review", 5, ["Review your application", "Dee Sample", "Your producer"]) == []
    next(walk)
    assert print_problems(visitor, "review-sign", 5, ["Read and sign", "Terms and Agreements"]) == []


def test_a_payment_prints_whole_and_without_navigation(visitor: Page, pages: EveryPage) -> None:
    visitor.goto(pages.payment_link())
    pages.enter_card(visitor, "4242 4242 4242 4242")
    assert print_problems(visitor, "payment-review", 1, ["Payment Confirmation Number", "Visa ending 4242"]) == []
    visitor.locator("#agree").check()
    visitor.get_by_role("button", name="Submit Payment and Proceed").click()
    visitor.wait_for_url(f"{pages.portal}/**")
    visitor.goto(f"{pages.payment_page}/pay")
    expect(visitor.get_by_role("heading", level=1)).to_be_visible()
    assert print_problems(visitor, "payment-confirmation", 1, ["Payment Confirmation Number", "Visa ending 4242"]) == []


def test_a_print_that_is_not_whole_is_found(visitor: Page) -> None:
    wide = "<div style='width:900px'>Wide</div><button>Send</button>"
    visitor.set_content(f"{wide}<p>First</p><p style='break-before:page'>{'Second. ' * 20}</p><p hidden>Last</p>")
    found = print_problems(visitor, "control", 1, ["First", "Last"])
    assert [one.split(": ")[1][:20] for one in found] == [
        "scrolls sideways", "prints 'Send'", "takes 2 sheets, not ", "sheet 1 is all but e", "does not print 'Last",
    ]  # fmt: skip  # reads across, as a table
