"""A household of twenty, the most that an application covers (R61): every page of it stays usable and light."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from tests.browser.checks import check_page
from tests.browser.conftest import sign_in
from tests.browser.enrollment import Enrollment
from tests.browser.prepared import ADA, BEN, CAL, Person, Prepared, prepare
from tests.browser.test_weight import MAX_BYTES, transferred

NAMES = (
    "Ann",
    "Bea",
    "Cleo",
    "Dan",
    "Eve",
    "Fay",
    "Gil",
    "Hal",
    "Ida",
    "Jon",
    "Kai",
    "Liv",
    "Max",
    "Nia",
    "Oto",
    "Pia",
)
CHILDREN: list[Person] = [
    {**CAL, "first_name": name, "date_of_birth": f"{2008 + i}-04-{i + 10}"} for i, name in enumerate(NAMES)
]
TWENTY: list[Person] = [ADA, BEN, CAL, *CHILDREN, {**CAL, "first_name": "Zoe", "date_of_birth": "2025-01-02"}]
STEPS = ("general", "household", "plans", "other-coverage", "signatures")


@pytest.fixture(scope="module")
def twenty(api: Api) -> Prepared:
    prepared = prepare(api, people=TWENTY)
    prepared.plans("Blue Precision Silver", "BlueCare Dental 1D")
    prepared.rest()
    return prepared


def test_household_of_twenty_is_read_changed_and_submitted(producer: Page, twenty: Prepared) -> None:
    producer.goto(f"{twenty.path}/steps/household")
    enrollment = Enrollment(producer, twenty.number)
    rows = producer.locator("#people tbody tr")
    expect(rows).to_have_count(19)
    expect(producer.get_by_text("An application covers at most 20 people.")).to_be_visible()
    expect(producer.get_by_role("button", name="+ Add Dependent")).to_have_count(0)
    check_page(producer, "twenty-household")
    producer.get_by_role("button", name="Edit Oto Sample").click()
    enrollment.arrive("Edit Person")
    enrollment.fill("First Name", "Otto")
    enrollment.next("Applicant Information", "Save")
    producer.get_by_role("button", name="Remove Zoe Sample").click()
    enrollment.arrive("Remove Zoe Sample from the application?")
    check_page(producer, "remove-person")
    enrollment.press("Yes, Remove")
    expect(rows).to_have_count(18)
    expect(producer.get_by_role("row", name="Otto Sample")).to_be_visible()
    expect(producer.get_by_role("button", name="+ Add Dependent")).to_be_visible()
    enrollment.next("Plan Selection")
    expect(producer.locator(".pcp")).to_have_count(19)
    check_page(producer, "twenty-plans")
    producer.goto(f"{twenty.path}/check-answers")
    check_page(producer, "twenty-answers")
    enrollment.press("Submit Application")
    expect(producer.locator(".facts dd").first).to_have_text("Submitted")
    check_page(producer, "twenty-details")


def test_pages_of_a_household_of_twenty_transfer_less_than_60_kb_each(
    chromium: Browser, portal: LocalSuite, api: Api
) -> None:
    """Of pages after the first: what the browser kept travels once."""
    prepared = prepare(api, people=TWENTY)
    prepared.plans("Blue Precision Silver", "BlueCare Dental 1D")
    with chromium.new_context(base_url=portal.ports.portal_url) as context:
        page = context.new_page()
        sign_in(page, "producer@example.com")
        sent: list[Request] = []
        page.on("request", lambda request: sent.append(request))
        page.goto(f"{prepared.path}/steps/plans")
        transferred(page, sent)
        weights = {}
        for where in (*(f"steps/{slug}" for slug in STEPS), "check-answers"):
            sent.clear()
            page.goto(f"{prepared.path}/{where}")
            weights[where] = sum(transferred(page, sent).values())
    print(f"\nbytes of pages with a household of twenty: {weights}")  # noqa: T201  # the figures that the test is read for
    assert all(0 < weight < MAX_BYTES for weight in weights.values()), weights
