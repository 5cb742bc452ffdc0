"""A submission that fails because the carrier withdrew the plan: what is shown, corrected and sent again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from tests.browser.checks import check_page
from tests.browser.enrollment import Enrollment, choose_plan
from tests.browser.prepared import ADA, Prepared, prepare, signed_in
from tests.integration.filings import changed_filing
from tests.integration.test_failed_submissions import withdraw

MEDICAL = "Select Medical Coverage"


def ids_of_medical_plans(prepared: Prepared) -> list[str]:
    return [one["plan_id"] for one in prepared.api.get(f"{prepared.path}/plans", coverage="medical")["plans"]]


def test_withdrawn_plan_fails_the_submission_and_another_one_is_chosen_and_sent(
    producer: Page, portal: LocalSuite, tmp_path: Path
) -> None:
    with signed_in(portal) as api:
        # in Oklahoma, where no other story of this suite enrolls anybody
        prepared = prepare(api, "OK", people=[ADA])
        offered = api.get(f"{prepared.path}/plans", coverage="medical")["plans"]
        prepared.plans(offered[0]["name"])
        prepared.rest()
        withdrawn = prepared.application["plans"]["medical_plan_id"]
        enrollment = Enrollment(producer, prepared.number)
        producer.goto(f"{prepared.path}/check-answers")
        with changed_filing(portal, tmp_path, 2026, lambda filing: withdraw(filing, withdrawn[:14])):
            enrollment.press("Submit Application")
            enrollment.arrive("Submission Failed")
            check_page(producer, "submission-failed-plan")
            enrollment.follow("Proceed to Failed Applications")
            expect(producer.get_by_role("link", name="Failed Applications")).to_have_attribute("aria-current", "page")
            row = producer.get_by_role("row").filter(has_text=prepared.number)
            row.get_by_role("link", name=prepared.number).click()
            enrollment.arrive(f"Application {prepared.number}")
            expect(producer.locator(".ds-c-alert--error")).to_contain_text("Choose one from the list")
            check_page(producer, "details-failed-plan")
            assert wait_until(lambda: withdrawn not in ids_of_medical_plans(prepared), 30)
            enrollment.follow("Return to Application")
            enrollment.arrive("Plan Selection")
            expect(producer.get_by_text(f"{offered[0]['name']}, which was chosen before, is not sold")).to_be_visible()
            check_page(producer, "plan-withdrawn")
            choose_plan(enrollment, MEDICAL, offered[1]["name"])
            enrollment.press("Next")
            enrollment.arrive("Other Coverage and Proxy")  # leaving at once would take back what is being sent
            producer.goto(f"{prepared.path}/check-answers")
            enrollment.press("Submit Application")
            expect(producer.locator(".facts dd").first).to_have_text("Submitted")
