"""An enrollment with the keyboard alone: everything that is used can be reached, and the focus is seen there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.enrollment import HOME, Enrollment, make_applicant, start_application

# More stops than any page of the flow has.
MOST_STOPS = 160
_HAS_FOCUS = "(element) => element === document.activeElement"
# What the focus draws: of a radio or a box on its label, of a plan on its card, of everything else on itself.
_SEEN = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "nothing has the focus";
  const drawn = [here, here.labels?.[0], here.closest("label")].filter(Boolean)
    .flatMap((one) => [getComputedStyle(one), getComputedStyle(one, "::before")]);
  const outlined = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0;
  return drawn.some((one) => outlined(one) || one.boxShadow !== "none")
    ? "" : here.outerHTML.slice(0, 160);
}"""


@dataclass
class Keyboard:
    """Tab, Space, Enter, arrows and letters; no mouse."""

    page: Page

    def reach(self, target: Locator) -> None:
        """Tab on until ``target`` has the focus, which has to be seen there."""
        target.wait_for(state="attached")
        for _ in range(MOST_STOPS):
            if target.evaluate(_HAS_FOCUS):
                unseen = self.page.evaluate(_SEEN)
                assert not unseen, f"focus is not seen: {unseen}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def press(self, name: str) -> None:
        self.reach(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def select(self, field: Locator, option: str) -> None:
        self.reach(field)
        self.page.keyboard.type(option)

    def choose(self, name: str, value: str) -> None:
        """A radio: Tab reaches the first of its group, arrows the others."""
        group = self.page.locator(f'input[name="{name}"]')
        stop = group.and_(self.page.locator(":checked"))
        self.reach(stop if stop.count() else group.first)
        if not stop.count():
            self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()


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
