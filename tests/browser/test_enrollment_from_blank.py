"""A family of four in Illinois, from a blank application to Application Details, every page looked at on the way."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.checks import check_page
from tests.browser.enrollment import (
    HOME,
    Enrollment,
    add_life_event,
    add_person,
    agree_to_terms,
    choose_plan,
    make_applicant,
    start_application,
)


def test_family_of_four_from_blank_to_application_details(producer: Page) -> None:
    enrollment = start_application(producer, checked_as="blank")
    enrollment.check("general-blank")
    enter_events_and_date(enrollment)
    enter_household(enrollment)
    select_plans(enrollment)
    enter_other_coverage(enrollment)
    sign_and_submit(enrollment)


def enter_events_and_date(enrollment: Enrollment) -> None:
    """Two life events give two dates, each with its reason; one is chosen (R28-R33)."""
    page = enrollment.page
    enrollment.next("Life Event", "Add Life Event")
    enrollment.press("Save")
    expect(page.locator(".error-summary")).to_be_focused()
    enrollment.check("life-event-errors")
    enrollment.press("Cancel")
    add_life_event(enrollment, "Birth", "5/10/2026")
    add_life_event(enrollment, "Marriage", "5/2/2026", attest="The applicant attests")
    enrollment.next("Effective Date", "Calculate Effective Date")
    enrollment.choose("Choose the first day of coverage", "6/1/2026")
    enrollment.next("General Information", "Use This Date")
    expect(page.get_by_role("region", name="Effective Date", exact=True)).to_contain_text("6/1/2026")
    enrollment.next("Applicant Information")


def enter_household(enrollment: Enrollment) -> None:
    page = enrollment.page
    enrollment.press("Next")
    expect(page.locator(".error-summary")).to_be_focused()
    enrollment.check("household-errors")
    enrollment.select("Application Form Type", "Medical/Dental Application")
    agree_to_terms(enrollment)
    enrollment.fill_all(make_applicant())
    enrollment.choose("Sex", "Female")
    enrollment.choose("Within the past six months", "No")
    enrollment.fill_all(HOME, "Home Address")
    enrollment.select("State", "Illinois", "Home Address")
    enrollment.select("County", "Cook County")
    enrollment.fill("Primary Phone", "312 555 0142")
    enrollment.choose("Phone Type", "Mobile")
    enrollment.fill("Email Address", "mary@example.com")
    spouse = {"First Name": "Pat", "Last Name": "O'Brien", "Date of Birth": "2/10/1988"}
    add_person(enrollment, "+ Add Spouse", spouse, "Male", "No")
    for name, born in (("Kim", "02042016"), ("Lee", "5/10/2026")):
        child = {"First Name": name, "Last Name": "O'Brien", "Date of Birth": born}
        add_person(enrollment, "+ Add Dependent", child, "Female")
    enrollment.next("Plan Selection")


def select_plans(enrollment: Enrollment) -> None:
    enrollment.check("plans-blank")
    choose_plan(enrollment, "Select Medical Coverage", "HMO")
    choose_plan(enrollment, "Select Dental Coverage", "BlueCare Dental")
    enrollment.next("Other Coverage and Proxy")


def enter_other_coverage(enrollment: Enrollment) -> None:
    page = enrollment.page
    enrollment.choose("Will this plan replace health coverage", "Yes")
    enrollment.next("Coverage to Be Replaced", "Add Coverage to Be Replaced")
    enrollment.select("Covered Person", "Mary-Jo O'Brien")
    replaced = {"Name of Insurance Company": "Acme Health", "Policy Number": "P-1", "Termination Date": "5/31/2026"}
    enrollment.fill_all(replaced)
    enrollment.next("Other Coverage and Proxy", "Save")
    enrollment.follow("Know Your Rights When You Replace Coverage")
    expect(page.get_by_role("dialog")).to_be_visible()
    enrollment.check("rights")
    page.keyboard.press("Escape")
    enrollment.tick("I showed my client")
    enrollment.choose("Does any person applying currently have", "Yes")
    enrollment.next("Other Coverage", "Add Other Coverage")
    enrollment.select("Applicant Name", "Pat O'Brien")
    enrollment.fill_all({"Member Number": "M-1", "Group ID": "G-1"})
    enrollment.next("Other Coverage and Proxy", "Save")
    enrollment.next("Signatures and Payment")


def sign_and_submit(enrollment: Enrollment) -> None:
    page = enrollment.page
    enrollment.tick("I am an authorized representative")
    enrollment.check("signatures-representative")
    enrollment.tick("I am an authorized representative")
    enrollment.choose("Payment will occur", "Pay Later")
    enrollment.next("Check Your Answers")
    enrollment.check()
    enrollment.press("Submit Application")
    expect(page.locator(".facts dd").first).to_have_text("Submitted")
    check_page(page, "blank-application-details")
