"""One step in two windows: what the other one changed is named on the page, and a conflict is decided by a person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from tests.browser.prepared import ADA, Prepared, prepare, signed_in


@pytest.fixture(scope="module")
def api(portal: LocalSuite) -> Iterator[Api]:
    with signed_in(portal) as client:
        yield client


@pytest.fixture
def windows(producer: Page, api: Api) -> tuple[Prepared, Page, Page]:
    """Step 2 of one application in both."""
    prepared, other = prepare(api, people=[ADA]), producer.context.new_page()
    for window in (producer, other):
        window.goto(f"{prepared.path}/steps/household")
    return prepared, producer, other


def fill(window: Page, field: str, text: str) -> None:
    window.locator(f'[name="{field}"]').fill(text)


def save(window: Page) -> None:
    window.get_by_role("button", name="Next", exact=True).click()


def test_a_save_takes_over_and_names_what_another_window_changed(windows: tuple[Prepared, Page, Page]) -> None:
    prepared, one, other = windows
    fill(other, "home_address.unit", "Apt 7")
    save(other)
    expect(other.get_by_role("heading", level=1)).not_to_have_text("Applicant Information")

    fill(one, "contact.email", "ada@example.com")
    save(one)
    expect(one.get_by_role("heading", level=1)).to_have_text("Applicant Information")
    notice = one.locator("#changed-answers")
    expect(notice).to_contain_text("Changed in another window or by somebody else")
    expect(notice).to_contain_text("Apt 7")
    expect(notice).to_be_focused()
    expect(one.locator('[name="home_address.unit"]')).to_have_value("Apt 7")
    household = prepared.reload()["household"]
    assert (household["home_address"]["unit"], household["contact"]["email"]) == ("Apt 7", "ada@example.com")

    save(one)
    expect(one.get_by_role("heading", level=1)).not_to_have_text("Applicant Information")


def test_an_answer_that_both_windows_changed_is_asked_about_before_anything_is_saved(
    windows: tuple[Prepared, Page, Page],
) -> None:
    prepared, one, other = windows
    fill(other, "contact.phone", "312-555-0188")
    save(other)
    expect(other.get_by_role("heading", level=1)).not_to_have_text("Applicant Information")

    fill(one, "contact.phone", "312-555-0199")
    save(one)
    asked = one.locator("#conflicts")
    expect(asked).to_contain_text("312-555-0199")
    expect(asked).to_contain_text("312-555-0188")
    assert prepared.reload()["household"]["contact"]["phone"] == "312-555-0188"

    asked.locator("label").filter(has_text="What you entered").click()
    save(one)
    expect(one.get_by_role("heading", level=1)).not_to_have_text("Applicant Information")
    assert prepared.reload()["household"]["contact"]["phone"] == "312-555-0199"
