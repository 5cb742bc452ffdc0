"""What is done once coverage has begun: it is terminated, one plan after the other, and contact details change."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from deploy.local.demo.api import Api
from deploy.local.waiting import wait_until
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener
from tests.browser.test_after_submit import PRODUCER, submitted
from tests.browser.test_print import print_problems

YES = "Yes, Terminate Coverage"
SAVE = "Save Contact Details"


def answer_why(page: Page) -> None:
    page.get_by_label("The client has or gets other coverage").check()
    page.get_by_label("The client", exact=True).check()


def acts(api: Api, number: str) -> list[str]:
    return [one["action"] for one in api.get(f"/applications/{number}/timeline")["entries"]]


def bells(api: Api, number: str) -> list[str]:
    found: list[dict[str, Any]] = api.get("/notifications")["notifications"]
    return [str(one["kind"]) for one in found if one["record_number"] == number]


def test_dental_coverage_is_terminated_and_medical_coverage_after_it(producer: Page, api: Api) -> None:
    number = submitted(api)
    details = f"/applications/{number}"
    producer.goto(details)
    expect(producer.get_by_role("link", name="Cancel this application")).to_have_count(0)
    producer.get_by_role("link", name="Terminate Coverage").focus()
    producer.keyboard.press("Enter")
    question = producer.get_by_role("dialog")
    expect(question).to_contain_text("from 06/03/2026 to 12/31/2026. If the applicant has died: the date of death,")
    expect(question).to_contain_text("from 05/10/2026 to today.")
    check_page(producer, "termination-dialog")
    question.get_by_role("button", name=YES).click()
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(producer.locator(".error-summary li")).to_have_count(4)
    check_page(producer, "termination-unanswered")

    producer.get_by_label("Dental").check()
    answer_why(producer)
    for typed, said in (("31/12/2026", "There is no month 31."), ("6/2/2026", "from 6/3/2026 to 12/31/2026")):
        producer.get_by_label("Last day of coverage").fill(typed)
        producer.get_by_role("button", name=YES).click()
        expect(producer.locator("#last_day-error")).to_contain_text(said)
        expect(producer.get_by_label("Last day of coverage")).to_have_value(typed)
        expect(producer.get_by_label("Dental")).to_be_checked()
    check_page(producer, "termination-bad-date")
    producer.get_by_label("Last day of coverage").fill("06302026")
    producer.get_by_role("button", name=YES).dblclick()
    producer.wait_for_url(f"**{details}")
    expect(producer.get_by_text("Dental coverage ends on 6/30/2026.")).to_be_visible()
    assert acts(api, number).count("coverage.terminated") == 1
    check_page(producer, "details-dental-ends")

    producer.get_by_role("link", name="Terminate Coverage").click()
    expect(question).to_contain_text("Medical coverage ends for everybody in the plan")
    expect(question.get_by_role("checkbox")).to_have_count(0)
    check_page(producer, "termination-medical")
    question.get_by_label("Last day of coverage").fill("12/31/2026")
    answer_why(producer)
    question.get_by_role("button", name=YES).click()
    expect(producer.get_by_text("Medical coverage ends on 12/31/2026.")).to_be_visible()
    expect(producer.get_by_role("link", name="Terminate Coverage")).to_have_count(0)
    expect(producer.get_by_text("An end is set already")).to_be_visible()
    check_page(producer, "details-all-ends")
    assert print_problems(producer, "details-all-ends", 7, ["Dental coverage ends on", "Termination"]) == []
    producer.goto(f"{details}/termination")
    expect(producer.get_by_role("heading", level=1)).to_have_text("Coverage cannot be terminated")
    check_page(producer, "termination-refused")
    assert wait_until(
        lambda: {"coverage.dental_terminated", "coverage.medical_terminated"} <= set(bells(api, number)), 30
    )


def test_both_coverages_are_terminated_on_a_page_without_javascript(open_page: PageOpener, api: Api) -> None:
    page = open_page(PRODUCER, javascript=False)
    number = submitted(api)
    page.goto(f"/applications/{number}/cancellation")
    page.get_by_role("link", name="Terminate Coverage").click()
    page.get_by_label("Medical").check()
    page.get_by_label("Dental").check()
    page.get_by_label("Last day of coverage").fill("5/15/2026")
    page.get_by_label("The applicant has died").check()
    page.get_by_label("The producer, for the client").check()
    page.get_by_role("button", name=YES).click()
    page.wait_for_url(f"**/applications/{number}")
    for coverage in ("Medical", "Dental"):
        expect(page.get_by_text(f"{coverage} coverage ended on 5/15/2026.")).to_be_visible()
    expect(page.get_by_role("link", name="Change Contact Details")).to_have_count(0)
    expect(page.get_by_text("Coverage ended on 5/15/2026. Tell the carrier directly.")).to_be_visible()
    assert acts(api, number).count("coverage.terminated") == 1


def test_contact_details_are_changed_and_what_was_submitted_stays_beside_them(producer: Page, api: Api) -> None:
    number = submitted(api)
    producer.goto(f"/applications/{number}")
    producer.get_by_role("link", name="Change Contact Details").click()
    phone = producer.get_by_label("Primary Phone")
    expect(phone).to_have_value("312-555-0142")
    expect(producer.get_by_text("automated informational text messages")).to_be_visible()
    expect(producer.get_by_label("Zip Code")).to_be_hidden()
    check_page(producer, "contact-change")
    producer.get_by_role("button", name=SAVE).click()
    expect(producer.locator(".error-summary")).to_contain_text("The carrier has these contact details already.")

    phone.fill("555")
    producer.get_by_label("Landline").check()
    expect(producer.get_by_text("automated informational text messages")).to_be_hidden()
    producer.get_by_label("Yes").check()
    producer.get_by_label("Zip Code").fill("99501")
    producer.get_by_label("State").fill("IL")
    producer.get_by_role("button", name=SAVE).click()
    summary = producer.locator(".error-summary")
    expect(summary).to_be_focused()
    for field in ("contact.phone", "mailing_address.street", "mailing_address.city"):
        expect(summary.locator(f'a[href="#{field}"]')).to_be_visible()
    expect(phone).to_have_value("555")
    check_page(producer, "contact-change-refused")

    phone.fill("312-555-0143")
    producer.get_by_label("Address", exact=True).fill("PO Box 1200")
    producer.get_by_label("City").fill("Chicago")
    producer.get_by_label("Zip Code").fill("60601")
    producer.get_by_role("button", name=SAVE).dblclick()
    producer.wait_for_url(f"**/applications/{number}#contact")
    card = producer.get_by_role("region", name="Address and contact")
    expect(card).to_contain_text("Contact details changed on 5/20/2026.")
    expect(card).to_contain_text(
        re.compile(r"PO Box 1200.*555-0143 \(landline\).*As submitted.*555-0142 \(mobile\)", re.S)
    )
    assert acts(api, number).count("contact.changed") == 1
    check_page(producer, "details-contact-changed")
    assert print_problems(producer, "details-contact-changed", 7, ["Contact details changed", "As submitted"]) == []
    assert wait_until(lambda: "contact.changed" in bells(api, number), 30)


def test_two_windows_change_contact_details_without_javascript(open_page: PageOpener, api: Api) -> None:
    first, second = open_page(PRODUCER, javascript=False), open_page(PRODUCER, javascript=False)
    number = submitted(api)
    for page in (first, second):
        page.goto(f"/applications/{number}/contact")
    first.get_by_label("Email Address").fill("ada.sample@example.com")
    first.get_by_role("button", name=SAVE).click()
    first.wait_for_url(f"**/applications/{number}#contact")
    second.get_by_label("Primary Phone").fill("312-555-0199")
    second.get_by_role("button", name=SAVE).click()
    expect(second.locator(".error-summary")).to_contain_text("saved in another window")
    expect(second.get_by_text("ada.sample@example.com")).to_be_visible()
    expect(second.get_by_label("Primary Phone")).to_have_value("312-555-0199")
    seen = api.get(f"/applications/{number}")["contact_change"]["contact"]
    assert (seen["phone"], seen["email"]) == ("312-555-0142", "ada.sample@example.com")
    second.get_by_label("Email Address").fill("ada.sample@example.com")
    second.get_by_role("button", name=SAVE).click()
    second.wait_for_url(f"**/applications/{number}#contact")
    now = api.get(f"/applications/{number}")["contact_change"]["contact"]
    assert (now["phone"], now["email"]) == ("312-555-0199", "ada.sample@example.com")
