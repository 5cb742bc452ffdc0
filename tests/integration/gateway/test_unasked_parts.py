"""A part of a step that the answer above it does not ask for, as a browser without JavaScript sends it."""

from __future__ import annotations

import pytest
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import InvalidInput, Problem
from tests.integration.gateway.enrollment_desk import AT, Desk, change
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import browser, page

__all__ = ["browser"]

HOUSEHOLD, SIGNATURES, OTHER = (f"{AT}/steps/{step}" for step in ("household", "signatures", "other-coverage"))
SPOUSE = f"{HOUSEHOLD}/people/p2"


@pytest.mark.parametrize(
    ("path", "question", "typed", "told"),
    [
        (HOUSEHOLD, "hra.kind", {"hra.employer_name": "Example Works"}, "Choose ICHRA or QSEHRA, or clear them."),
        (HOUSEHOLD, "hra.kind", {"hra.monthly_contribution": "plenty"}, "Choose ICHRA or QSEHRA, or clear them."),
        (HOUSEHOLD, "mailing_differs", {"mailing_address.street": "PO Box 12"}, "Answer Yes, or clear it."),
        (HOUSEHOLD, "people-0-tobacco_use", {"people[0].tobacco_last_used": "5/1/2026"}, "Answer Yes, or clear it."),
        (SPOUSE, "people-1-tobacco_use", {"people[1].tobacco_last_used": "5/1/2026"}, "Answer Yes, or clear it."),
        (
            SIGNATURES,
            "has_representative",
            {"authorized_representative.last_name": "Sample"},
            "Check this box, or clear the fields.",
        ),
        (OTHER, "replaces_coverage", {"replacement_rights_shown": "yes"}, "Answer Yes, or clear it."),
    ],
)
def test_what_is_typed_below_an_answer_that_asks_for_nothing_is_kept_and_asked_about(
    browser: GatewayHarness, desk: Desk, path: str, question: str, typed: dict[str, str], told: str
) -> None:
    version = desk.application.version
    assert change(browser, path, **typed) == path
    shown = page(browser, path)
    error = shown.partition(f'id="{question}-error">')[2].partition("</p>")[0]
    assert error.endswith(told)
    (text,) = typed.values()
    assert text == "yes" or f'value="{text}"' in shown
    assert desk.application.version == version


def test_it_is_told_with_everything_else_that_is_wrong(browser: GatewayHarness, desk: Desk) -> None:
    said = Problem("people[0].first_name", "Use letters.")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    change(browser, HOUSEHOLD, **{"hra.employer_name": "Example Works", "people[0].first_name": "1"})
    shown = page(browser, HOUSEHOLD)
    assert 'id="hra.kind-error"' in shown and 'id="people-0-first_name-error">Use letters.' in shown
    asked = browser.fake_services.last("SaveStep")
    assert asked.validate_only and asked.HasField("missing_in")


def test_all_that_is_wrong_with_an_hra_of_no_type_is_told_at_once(browser: GatewayHarness, desk: Desk) -> None:
    lacks = [Problem("hra.kind", "Choose ICHRA or QSEHRA."), Problem("hra.employer_name", "Enter the name.")]
    wrong = [Problem("home_address.city", "Use letters."), Problem("hra.start_date", "Send the date as YYYY-MM-DD.")]
    amount = Problem("hra.monthly_contribution", "Enter the monthly contribution.")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields.", problems=(*wrong, *lacks, amount))
    typed = {"hra.start_date": "6/31/2026", "hra.monthly_contribution": "4oo", "home_address.city": "*"}
    change(browser, HOUSEHOLD, **typed)
    asked = browser.fake_services.last("SaveStep")
    assert asked.validate_only and asked.household.hra.start_date == "6/31/2026" and not asked.household.hra.kind
    shown = page(browser, HOUSEHOLD)
    told = {name: shown.partition(f'id="{name}-error">')[2].partition("</p>")[0] for name in (*typed, "hra.kind")}
    assert all(told.values()) and "Enter the name." in shown
    assert told["hra.kind"] == "Details of an HRA are entered below. Choose ICHRA or QSEHRA, or clear them."
    assert told["hra.monthly_contribution"].startswith("Enter an amount in dollars")
    assert all(f'value="{text}"' in shown for text in typed.values())


def test_an_amount_alone_below_no_type_of_hra_brings_what_else_an_hra_lacks(
    browser: GatewayHarness, desk: Desk
) -> None:
    change(browser, HOUSEHOLD, **{"hra.kind": "", "hra.monthly_contribution": "4oo"})
    asked = browser.fake_services.last("SaveStep")
    assert asked.validate_only and asked.household.HasField("hra")
    assert "Enter an amount in dollars" in page(browser, HOUSEHOLD)
    assert not desk.application.household.HasField("hra")


def test_an_answer_that_is_changed_takes_away_what_is_saved(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.household.hra.CopyFrom(steps_pb2.Hra(kind="ICHRA", employer_name="Example Works"))
    change(browser, HOUSEHOLD, **{"hra.kind": ""})
    assert not desk.application.household.HasField("hra")
