"""How much a producer does to enroll a family of four from a quote (docs/reference/portal-effort.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.local.demo.api import Api
from tests.browser.enrollment import Enrollment, add_life_event, agree_to_terms, find_number

EFFORT = Path(__file__).parents[2] / "docs" / "reference" / "portal-effort.md"
# Clicks and field entries, from the review of the quote to the outcome.
MOST_ENTRIES = 70
# What is known when a family is quoted: of the others than the applicant, no names (R62).
FAMILY = [
    {"relationship": "self", "date_of_birth": "1986-03-14", "sex": "female", "first_name": "Mary-Jo"},
    {"relationship": "spouse", "date_of_birth": "1988-02-10", "sex": "male"},
    {"relationship": "child", "date_of_birth": "2016-02-04", "sex": "female"},
    {"relationship": "child", "date_of_birth": "2026-05-10", "sex": "female"},
]


@pytest.fixture
def quote(api: Api) -> dict[str, Any]:
    """A saved quote of a family in Cook County with a medical HMO and a dental plan."""
    area = {"state": "IL", "zip": "60601", "county_fips": "17031", "effective_date": "2026-06-01"}
    members = [{"tobacco_use": False, **one} for one in FAMILY]
    saved = api.post("/quotes", {"writing_number": "220002580", **area, "members": members})
    chosen = {}
    for coverage in ("medical", "dental"):
        found = api.post("/plan-searches", {**area, "members": members, "coverage": coverage, "exchange": "off"})
        fitting = [one["plan_id"] for one in found["plans"] if coverage == "dental" or one["plan_type"] == "HMO"]
        chosen[f"{coverage}_plan_id"] = fitting[0]
    selected: dict[str, Any] = api.put(f"/quotes/{saved['quote_id']}/selection", chosen, saved["version"])
    return selected


def test_family_of_four_from_a_quote_takes_at_most_seventy_entries(producer: Page, quote: dict[str, Any]) -> None:
    producer.goto(f"/quotes/{quote['quote_id']}")
    enrollment = Enrollment(producer, checked_as="quote")
    enrollment.press("Enroll in Selected Plans")
    enrollment.arrive("General Information")
    enrollment.number = find_number(producer)
    add_life_event(enrollment, "Birth", "5/10/2026")
    enrollment.press("Calculate Effective Date")
    if producer.get_by_role("button", name="Use This Date").is_visible():
        enrollment.press("Use This Date")
    enrollment.next("Applicant Information")
    enter_what_the_quote_does_not_know(enrollment)
    enrollment.next("Other Coverage and Proxy")
    enrollment.next("Signatures and Payment")
    enrollment.choose("Payment will occur", "Pay Later")
    enrollment.next("Check Your Answers")
    enrollment.press("Submit Application")
    expect(producer.locator(".facts dd").first).to_have_text("Submitted")
    count = len(enrollment.entries)
    # the figure of the reference page, with what it is made of
    print(f"\n{count} clicks and field entries from a quote to submission: {', '.join(enrollment.entries)}")  # noqa: T201  # the count is what the test is read for
    assert count <= MOST_ENTRIES
    assert f"| **Entries** | **{count}** |" in EFFORT.read_text()


def enter_what_the_quote_does_not_know(enrollment: Enrollment) -> None:
    page = enrollment.page
    agree_to_terms(enrollment)
    enrollment.fill("Last Name", "O'Brien")
    enrollment.fill("Address", "1200 W Madison St", "Home Address")
    enrollment.fill("City", "Chicago", "Home Address")
    enrollment.fill("Primary Phone", "312 555 0142")
    enrollment.choose("Phone Type", "Mobile")
    for place, name in enumerate(("Pat", "Kim", "Lee"), start=1):
        page.locator(f"#people-{place}-edit").click()
        enrollment.entries.append("Edit")
        enrollment.arrive("Edit Person")
        enrollment.fill("First Name", name)
        enrollment.fill("Last Name", "O'Brien")
        enrollment.next("Applicant Information", "Save")
    enrollment.next("Plan Selection")
