"""An enrollment with the keyboard alone: everything that is used can be reached, and the focus is seen there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.enrollment import HOME, Enrollment, make_applicant, start_application
from tests.browser.keyboard import Keyboard


def test_enrollment_with_the_keyboard_alone(producer: Page) -> None:
    enrollment = start_application(producer)
    keyboard = Keyboard(producer)
    enter_event(enrollment, keyboard)
    enter_applicant(enrollment, keyboard)
    finish(enrollment, keyboard)


def enter_event(enrollment: Enrollment, keyboard: Keyboard) -> None:
    page = enrollment.page
    keyboard.press("Add Life Event")
    enrollment.arrive("Life Event")
    keyboard.press("Save")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(enrollment.field_of("Life Event")).to_be_focused()
    keyboard.select(enrollment.field_of("Life Event"), "Marriage")
    keyboard.fill(enrollment.field_of("Date of Event"), "5/2/2026")
    keyboard.tick(page.locator('input[type=checkbox][name$="prior_coverage_attested"]'))
    keyboard.press("Save")
    enrollment.arrive("General Information")
    keyboard.press("Calculate Effective Date")
    expect(page.get_by_role("region", name="Effective Date", exact=True)).to_contain_text("6/1/2026")
    keyboard.press("Next")
    enrollment.arrive("Applicant Information")


def enter_applicant(enrollment: Enrollment, keyboard: Keyboard) -> None:
    page = enrollment.page
    keyboard.select(enrollment.field_of("Application Form Type"), "Medical")
    keyboard.choose("authorization", "in_person")
    agree_in_dialog(page, keyboard)
    for label, text in make_applicant().items():
        keyboard.fill(enrollment.field_of(label), text)
    keyboard.choose("people[0].sex", "female")
    keyboard.choose("people[0].tobacco_use", "no")
    keyboard.fill(enrollment.field_of("Address", "Home Address"), HOME["Address"])
    keyboard.fill(enrollment.field_of("City", "Home Address"), HOME["City"])
    keyboard.select(enrollment.field_of("State", "Home Address"), "Illinois")
    keyboard.fill(enrollment.field_of("Zip Code", "Home Address"), HOME["Zip Code"])
    expect(enrollment.field_of("County")).to_have_value(re.compile("17031"))
    keyboard.fill(enrollment.field_of("Primary Phone"), "312 555 0142")
    keyboard.choose("contact.phone_type", "mobile")
    keyboard.press("Next")
    enrollment.arrive("Plan Selection")


def agree_in_dialog(page: Page, keyboard: Keyboard) -> None:
    """The dialog keeps the focus, Escape closes it, and the focus is back where it was."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#authorization-in_person")).to_be_focused()
    keyboard.reach(page.get_by_role("link", name="Terms and Agreements"))
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    keyboard.tick(page.locator("#dialog-agree"))
    keyboard.press("Continue")
    expect(dialog).to_have_count(0)
    expect(page.locator("#terms_agreed")).to_be_checked()
    expect(page.get_by_role("link", name="Terms and Agreements")).to_be_focused()


def finish(enrollment: Enrollment, keyboard: Keyboard) -> None:
    page = enrollment.page
    plans = page.locator("input[name=medical_plan_id]")
    keyboard.reach(plans.first)
    page.keyboard.press("ArrowDown")
    keyboard.press("Next")
    enrollment.arrive("Other Coverage and Proxy")
    keyboard.press("Next")
    enrollment.arrive("Signatures and Payment")
    keyboard.choose("payment_choice", "pay_later")
    keyboard.press("Next")
    enrollment.arrive("Check Your Answers")
    keyboard.press("Submit Application")
    expect(page.locator(".facts dd").first).to_have_text("Submitted")
