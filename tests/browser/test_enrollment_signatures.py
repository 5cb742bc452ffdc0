"""Who signs and what is disclosed: a child alone in Illinois with a guardian, Texas with and without its disclosure."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from deploy.local.demo.api import Api
from tests.browser.checks import check_page
from tests.browser.enrollment import Enrollment, choose_plan
from tests.browser.prepared import ADA, CAL, Prepared, prepare

WITH_DISCLOSURE, WITHOUT = "Blue Choice Preferred Gold PPO 204", "Blue Advantage Gold HMO 207"
GUARDIAN = "Parent/Legal Guardian Information"


def open_signatures(page: Page, prepared: Prepared) -> Enrollment:
    page.goto(f"{prepared.path}/steps/signatures")
    return Enrollment(page, prepared.number)


def test_child_alone_in_illinois_is_signed_for_by_a_guardian(producer: Page, api: Api) -> None:
    child = prepare(api, people=[{**CAL, "relationship": "self"}])
    child.plans("Blue Precision Silver", "BlueCare Dental 1D")
    child.rest()
    enrollment = open_signatures(producer, child)
    expect(producer.get_by_role("region", name="Disclosure")).to_have_count(0)
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()
    producer.locator(".error-summary a").first.click()
    expect(enrollment.field_of("First Name", GUARDIAN)).to_be_focused()
    check_page(producer, "guardian-missing")
    enrollment.fill_all({"First Name": "Gwen", "Last Name": "Sample"}, GUARDIAN)
    enrollment.next("Signatures and Payment")
    expect(enrollment.field_of("First Name", GUARDIAN)).to_have_value("Gwen")
    expect(producer.locator(".error-summary li")).to_have_count(1)
    enrollment.fill("Relationship to Applicant", "Mother", GUARDIAN)
    enrollment.next("Check Your Answers")
    expect(producer.get_by_text("Gwen Sample, Mother")).to_be_visible()
    check_page(producer, "child-only-answers")
    enrollment.press("Submit Application")
    expect(producer.locator(".facts dd").first).to_have_text("Submitted")


def test_texas_asks_for_its_disclosure_with_each_plan_that_needs_it(producer: Page, api: Api) -> None:
    texan = prepare(api, "TX", people=[ADA])
    texan.plans(WITH_DISCLOSURE)
    texan.rest()
    enrollment = open_signatures(producer, texan)
    expect(producer.get_by_role("region", name=GUARDIAN)).to_have_count(0)
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()
    check_page(producer, "texas-disclosure-missing")
    enrollment.follow("Consumer Choice Disclosure", "Disclosure")
    dialog = producer.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Continue")).to_be_disabled()
    check_page(producer, "texas-disclosure")
    dialog.get_by_text("My client has read this and agrees to it").click()
    dialog.get_by_role("button", name="Continue").click()
    expect(producer.locator("#consumer_choice_agreed")).to_be_checked()
    enrollment.next("Check Your Answers")
    answer = producer.locator(".answers__row").filter(has_text="Consumer Choice Disclosure")
    expect(answer).to_contain_text("Agreed")

    producer.get_by_role("link", name=f"Change {WITH_DISCLOSURE}").click()
    choose_plan(enrollment, "Select Medical Coverage", WITHOUT)
    enrollment.next("Check Your Answers", "Save and Return")
    expect(answer).to_have_count(0)
    open_signatures(producer, texan)
    expect(producer.get_by_role("region", name="Payment Information")).to_be_visible()
    expect(producer.get_by_role("region", name="Disclosure")).to_have_count(0)
    enrollment.next("Check Your Answers")
    enrollment.press("Submit Application")
    expect(producer.locator(".facts dd").first).to_have_text("Submitted")
