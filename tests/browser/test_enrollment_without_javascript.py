"""An enrollment with JavaScript off: every part is there with its question, dialogs are pages, nothing is lost."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageOpener
from tests.browser.enrollment import (
    HOME,
    Enrollment,
    add_life_event,
    add_person,
    choose_plan,
    make_applicant,
    start_application,
)

PRODUCER = "producer@example.com"


def test_enrollment_works_without_javascript(open_page: PageOpener) -> None:
    page = open_page(PRODUCER, javascript=False)
    enrollment = start_application(page)
    add_life_event(enrollment, "Marriage", "5/2/2026", attest="The applicant attests")
    enrollment.press("Calculate Effective Date")
    expect(page.get_by_role("region", name="Effective Date", exact=True)).to_contain_text("6/1/2026")
    enrollment.next("Applicant Information")
    find_terms_and_counties(enrollment)
    enter_applicant(enrollment)
    spouse = {"First Name": "Pat", "Last Name": "O'Brien", "Date of Birth": "2/10/1988"}
    add_person(enrollment, "+ Add Spouse", spouse, "Male", "No")
    enrollment.next("Plan Selection")
    choose_plan(enrollment, "Select Medical Coverage", "HMO")
    enter_provider(enrollment)
    enrollment.next("Other Coverage and Proxy")
    enrollment.next("Signatures and Payment")
    enrollment.choose("Payment will occur", "Pay Later")
    enrollment.next("Check Your Answers")
    enrollment.press("Submit Application")
    expect(page.locator(".facts dd").first).to_have_text("Submitted")


def enter_provider(enrollment: Enrollment) -> None:
    """The part on providers is there before the plan is saved (R68), and what is found for one person stays."""
    page = enrollment.page
    part = page.get_by_role("region", name="Primary Care Provider (PCP) Information")
    expect(part).to_contain_text("This part is for an HMO or POS plan.")
    part.get_by_role("button", name="Provider Finder for Mary-Jo O'Brien").click()
    page.get_by_role("button", name="Choose").first.click()
    expect(part).not_to_contain_text("This part is for an HMO or POS plan.")
    expect(part.get_by_label("Primary Care Provider (PCP) ID").first).not_to_have_value("")


def find_terms_and_counties(enrollment: Enrollment) -> None:
    """The terms are a page; the counties come with a button, and what was typed stays (R40, R52)."""
    page = enrollment.page
    for part in ("My client agrees to the", "Mailing Address"):
        expect(page.get_by_text(part).first).to_be_visible()
    expect(page.get_by_label("Address Search")).to_be_hidden()
    with page.expect_popup() as opened:
        enrollment.follow("Terms and Agreements")
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Terms")
    opened.value.close()
    enrollment.fill("First Name", "Mary-Jo")
    enrollment.fill("Zip Code", "60601", "Home Address")
    enrollment.press("Show Counties")
    expect(enrollment.field_of("First Name")).to_have_value("Mary-Jo")
    enrollment.select("County", "Cook County")


def enter_applicant(enrollment: Enrollment) -> None:
    enrollment.select("Application Form Type", "Medical/Dental Application")
    enrollment.choose("Authorization", "I am assisting my client in person")
    enrollment.tick("My client agrees to the")
    enrollment.fill_all(make_applicant())
    enrollment.choose("Sex", "Female")
    enrollment.choose("Within the past six months", "No")
    enrollment.fill_all(HOME, "Home Address")
    enrollment.select("State", "Illinois", "Home Address")
    enrollment.fill("Primary Phone", "312 555 0142")
    enrollment.choose("Phone Type", "Mobile")


def test_error_summary_has_the_focus_without_javascript(open_page: PageOpener) -> None:
    page: Page = open_page(PRODUCER, javascript=False)
    enrollment = start_application(page)
    enrollment.next("Life Event", "Add Life Event")
    enrollment.fill("Date of Event", "soon")
    enrollment.press("Save")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(enrollment.field_of("Date of Event")).to_have_value("soon")
    page.locator(".error-summary a").first.click()
    expect(page.locator("select:focus, input:focus")).to_have_count(1)
