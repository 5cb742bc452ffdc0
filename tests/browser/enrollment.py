"""Filling in an application as a person does: by the labels on the page, one entry after the other, and counted."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import check_page

# Labels of text fields, as the guide names them (R46-R49).
HOME = {"Address": "1200 W Madison St", "City": "Chicago", "Zip Code": "60601"}


def make_applicant() -> dict[str, str]:
    """A made-up applicant with a number of her own: a second application for one number needs a reason."""
    ssn = f"219-09-{secrets.randbelow(9_000) + 1_000}"
    return {"First Name": "Mary-Jo", "Last Name": "O'Brien", "Date of Birth": "03141986", "SSN": ssn}


@dataclass
class Enrollment:
    """An application in a browser. ``entries`` counts each field filled, each choice, each button or link."""

    page: Page
    number: str = ""
    entries: list[str] = field(default_factory=list)
    # When given, each page of the flow is held against the rules as it is left, under this name.
    checked_as: str = ""
    checked: set[str] = field(default_factory=set)

    def fill(self, label: str, text: str, part: str = "") -> None:
        self.field_of(label, part).fill(text)
        self.entries.append(label)

    def fill_all(self, fields: Mapping[str, str], part: str = "") -> None:
        for label, text in fields.items():
            self.fill(label, text, part)

    def select(self, label: str, option: str, part: str = "") -> None:
        self.field_of(label, part).select_option(label=option)
        self.entries.append(label)

    def choose(self, question: str, answer: str, part: str = "") -> None:
        """One answer of a question with several; ``question`` and ``answer`` are how they begin."""
        named = re.compile("^" + re.escape(question))
        group = (
            self.part(part).get_by_role("group", name=named).or_(self.part(part).get_by_role("radiogroup", name=named))
        )
        group.locator("label").filter(has_text=re.compile(r"^\s*" + re.escape(answer))).first.click()
        self.entries.append(question)

    def tick(self, text: str, part: str = "") -> None:
        """A box, at its left edge: links in its text lead elsewhere."""
        self.part(part).locator("label").filter(has_text=text).first.click(position={"x": 8, "y": 12})
        self.entries.append(text)

    def press(self, name: str, part: str = "") -> None:
        self.part(part).get_by_role("button", name=name, exact=True).click()
        self.entries.append(name)

    def follow(self, name: str, part: str = "") -> None:
        self.part(part).get_by_role("link", name=name).first.click()
        self.entries.append(name)

    def next(self, heading: str, button: str = "Next") -> None:
        """Leave a page and arrive at another, or at the same one with what is missing."""
        self.check()
        self.press(button)
        self.arrive(heading)

    def arrive(self, heading: str) -> None:
        try:
            expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        except AssertionError:
            raise AssertionError(f"{heading} did not open: {self.page.url} {self.errors()}") from None

    def check(self, name: str = "") -> None:
        """Hold the page as it stands against the rules, once for each name; the page is called by its heading."""
        if not self.checked_as:
            return
        heading = name or self.page.get_by_role("heading", level=1).inner_text()
        shot = f"{self.checked_as}-{re.sub('[^a-z]+', '-', heading.lower()).strip('-')}"
        if shot not in self.checked:
            self.checked.add(shot)
            check_page(self.page, shot)

    def part(self, heading: str) -> Page | Locator:
        """The section under a heading, where a label stands on the page more than once."""
        return self.page.get_by_role("region", name=heading, exact=True) if heading else self.page

    def field_of(self, label: str, part: str = "") -> Locator:
        exactly = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        return self.part(part).get_by_label(exactly).first

    def errors(self) -> list[str]:
        return self.page.locator(".error-summary li").all_inner_texts()

    def open_step(self, slug: str) -> None:
        self.page.goto(f"/applications/{self.number}/steps/{slug}")


def start_application(page: Page, state: str = "Illinois", checked_as: str = "") -> Enrollment:
    """A new application of a producer's first writing number in a state, open at its first step (R23)."""
    page.goto("/applications/new")
    enrollment = Enrollment(page, checked_as=checked_as)
    enrollment.choose("State and producer", state)
    enrollment.press("Start Application")
    enrollment.arrive("General Information")
    enrollment.number = find_number(page)
    return enrollment


def find_number(page: Page) -> str:
    found = re.search(r"A-\d{4,}", page.url)
    assert found, page.url
    return found[0]


def add_life_event(enrollment: Enrollment, kind: str, date: str, attest: str = "") -> None:
    """R27-R31."""
    enrollment.next("Life Event", "Add Life Event")
    enrollment.select("Life Event", kind)
    enrollment.fill("Date of Event", date)
    if attest:
        enrollment.tick(attest)
    enrollment.next("General Information", "Save")


def agree_to_terms(enrollment: Enrollment) -> None:
    """The terms, in the dialog that the answer opens (R40)."""
    enrollment.choose("Authorization", "I am assisting my client in person")
    dialog = enrollment.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Continue")).to_be_disabled()
    enrollment.check("terms")
    dialog.locator("label").filter(has_text="My client has read this").click()
    enrollment.entries.append("My client has read this")
    dialog.get_by_role("button", name="Continue").click()
    enrollment.entries.append("Continue")
    expect(dialog).to_have_count(0)


def add_person(enrollment: Enrollment, button: str, fields: Mapping[str, str], sex: str, tobacco: str = "") -> None:
    """A spouse or a dependent on a page of their own (R58-R60)."""
    enrollment.next(button.removeprefix("+ "), button)
    enrollment.fill_all(fields)
    enrollment.choose("Sex", sex)
    if tobacco:
        enrollment.choose("Within the past six months", tobacco)
    enrollment.next("Applicant Information", "Save")


def choose_plan(enrollment: Enrollment, coverage: str, name: str) -> None:
    """The first plan of a coverage whose card says ``name``."""
    group = enrollment.page.get_by_role("group", name=coverage)
    group.locator("label").filter(has_text=name).first.click()
    enrollment.entries.append(coverage)
