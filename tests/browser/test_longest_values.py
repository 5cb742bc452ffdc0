"""The longest values that are taken, each in one piece: no page that shows them is wider than its screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from deploy.local.demo.api import Api
from tests.browser.checks import SIZES, sideways_problems
from tests.browser.prepared import ADA, BEN, HOMES, Prepared, prepare

NAMES = {"first_name": "Wolfe" * 12, "last_name": "Sample" * 10}
PAGES = ("", "/check-answers", "/steps/household", "/steps/plans", "/steps/other-coverage", "/steps/signatures")


@pytest.fixture(scope="module")
def longest(api: Api) -> Prepared:
    # in Texas, where no other story looks for people of such names
    prepared = prepare(api, "TX", people=[ADA])
    prepared.save(
        "household",
        form_type="medical_dental",
        authorization="paper",
        people=[{**ADA, **NAMES}, {**BEN, **NAMES}],
        home_address={**HOMES["TX"], "street": "S" * 100, "city": "C" * 60},
        hra={
            "kind": "QSEHRA",
            "start_date": "2026-06-01",
            "employer_name": "E" * 100,
            "monthly_contribution": "250.00",
        },
        contact={"phone": "312-555-0142", "phone_type": "mobile", "email": f"{'a' * 60}@{'b' * 60}.example.com"},
    )
    prepared.plans(medical="Blue")
    ada, ben = (one["person_id"] for one in prepared.application["household"]["people"])
    replaced = {"insurer": "I" * 100, "policy_number": "P" * 60, "termination_date": "2026-05-31"}
    other = {"name_on_policy": "N" * 60, "member_number": "M" * 60, "group_id": "G" * 60}
    prepared.save(
        "other-coverage",
        replaces_coverage=True,
        replaced=[{"person_id": ada, **replaced}],
        has_other_coverage=True,
        others=[{"person_id": ben, **other}],
    )
    return prepared


@pytest.mark.parametrize("page", [*PAGES, "home"])
def test_no_page_is_wider_than_its_screen_for_the_longest_values(producer: Page, longest: Prepared, page: str) -> None:
    producer.goto("/" if page == "home" else f"{longest.path}{page}")
    assert "WolfeWolfe" in producer.locator("main").inner_html()
    for width, height in SIZES.items():
        producer.set_viewport_size({"width": width, "height": height})
        assert sideways_problems(producer) == []
