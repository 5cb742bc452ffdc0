"""Marked people typed into the pages themselves, by a browser that keeps what it wants to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from deploy.local.servers.chromium import choose_chromium, list_arguments
from deploy.local.suite import LocalSuite
from tests.browser.conftest import PATIENCE, WIDTH, sign_in
from tests.browser.enrollment import start_application
from tests.canary.people import MarkedPerson

_STORES = (
    "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state, document.title])"
)


@dataclass
class Visit:
    """What the browser asked for and kept; its profile is a folder of its own."""

    addresses: list[str] = field(default_factory=list)
    stores: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Links:
    """By which a client comes: to a review of one application, and to the payment of another."""

    review: str
    payment: str


def visit_pages(
    suite: LocalSuite,
    profile: Path,
    couple: tuple[MarkedPerson, MarkedPerson],
    links: Links,
    planted: MarkedPerson,
) -> Visit:
    """``couple``: of the application that is reviewed. ``planted``: whose numbers the browser keeps and tells by our
    own doing, so that a search has to find them.
    """
    visit = Visit()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=choose_chromium(profile.parent / "chromium.log"),
            args=list_arguments(),
            base_url=suite.ports.portal_url,
            viewport={"width": WIDTH, "height": 900},
            locale="en-US",
            timezone_id="America/Chicago",
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: visit.addresses.append(request.url))
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())  # leaves a page with what is not saved
        sign_in(page, "producer@example.com")
        for look in (_quote, _enroll, _search):
            look(page, couple)
            visit.stores.append(_stores(page, context))
        _review(page, links.review, couple[0])
        visit.stores.append(_stores(page, context))
        _pay(page, links.payment, couple[0])
        visit.stores.append(_stores(page, context))
        page.goto(f"/help?ssn={planted.ssn}")
        page.evaluate("text => localStorage.setItem('planted', text)", f"{planted.born:%m/%d/%Y} {planted.card}")
        visit.stores.append(_stores(page, context))
        context.close()
    return visit


def _stores(page: Page, context: BrowserContext) -> str:
    return f"{page.evaluate(_STORES)} {context.cookies()}"


def _quote(page: Page, couple: tuple[MarkedPerson, MarkedPerson]) -> None:
    page.goto("/quotes/new")
    page.get_by_label("State and writing number").select_option(index=1)
    page.get_by_label("ZIP code").fill("60601")
    page.get_by_role("button", name="+ Add Spouse", exact=True).last.click()
    for title, one in zip(("Primary applicant", "Spouse"), couple, strict=True):
        part = page.get_by_role("region", name=title, exact=True)
        part.get_by_label("First name").fill(one.first_name)
        part.get_by_label("Date of birth").fill(f"{one.born:%m/%d/%Y}")
    page.get_by_role("button", name="View Plans", exact=True).last.click()  # answers are missing
    expect(page.locator(".error-summary")).to_be_visible()


def _enroll(page: Page, couple: tuple[MarkedPerson, MarkedPerson]) -> None:
    enrollment = start_application(page)
    enrollment.open_step("household")
    one = couple[0]
    fields = {"First Name": one.first_name, "Last Name": one.last_name}
    enrollment.fill_all(fields | {"Date of Birth": f"{one.born:%m%d%Y}", "SSN": f"{one.ssn}9"})
    enrollment.press("Next")  # nine digits too many: the page comes again
    expect(page.locator(".error-summary")).to_be_visible()
    enrollment.fill("SSN", f"{one.ssn[:3]}-{one.ssn[3:5]}-{one.ssn[5:]}")
    enrollment.press("Next")
    page.wait_for_load_state()


def _search(page: Page, couple: tuple[MarkedPerson, MarkedPerson]) -> None:
    page.goto("/clients")
    page.get_by_label("Date of birth").fill(f"{couple[0].born:%m/%d/%Y}")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.wait_for_load_state()


def _review(page: Page, link: str, client: MarkedPerson) -> None:
    page.goto(link)
    for day in (client.born.day - 1, client.born.day):  # a wrong answer first
        page.get_by_label("Month", exact=True).select_option(index=client.born.month)
        page.get_by_label("Day", exact=True).fill(str(day))
        page.get_by_label("Year", exact=True).fill(str(client.born.year))
        page.get_by_label("Last").fill(client.last_name)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review your application")


def _pay(page: Page, link: str, payer: MarkedPerson) -> None:
    page.goto(link)
    page.locator("input[name=method][value=card]").check(force=True)
    page.locator("#card_number").fill(payer.card)
    page.locator("#card_expires").fill("12/39")
    page.locator("#card_security_code").fill("123")
    page.locator("#autopay").check(force=True)
    page.locator("#account_holder").fill(payer.first_name)
    page.locator("#routing_number").fill(payer.routing)
    page.locator("#account_number").fill(payer.account)
    page.get_by_role("button", name="Review Payment Details").click()  # what is missing is asked for
    expect(page.get_by_role("alert").first).to_be_visible()
