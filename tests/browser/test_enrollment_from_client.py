"""Other ways into an application: from a client, and from blank with a delegate's view of General Information."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from deploy.local.suite import LocalSuite
from tests.browser.checks import check_page
from tests.browser.enrollment import Enrollment, add_life_event, find_number
from tests.browser.prepared import ADA, HOMES, WRITING_NUMBERS, prepare, signed_in

PRODUCER_FACTS = ("Producer Name", "Writing Producer Number", "Company Name", "State")


def test_client_is_found_and_enrolled_with_what_is_known_of_her(producer: Page, portal: LocalSuite) -> None:
    with signed_in(portal) as api:
        known = prepare(api, people=[{**ADA, "first_name": "Cora", "last_name": "Rowan"}])
    producer.goto("/clients")
    producer.get_by_label("Name", exact=True).fill("rowan")
    producer.get_by_role("main").get_by_role("button", name="Search").click()
    producer.get_by_role("link", name="Cora Rowan").click()
    producer.get_by_role("button", name="Start enrollment").click()
    expect(producer.get_by_role("heading", level=1)).to_have_text("Cora Rowan already has an application")
    check_page(producer, "client-enrollment-started")
    producer.get_by_label("Reason for a second application").select_option(index=1)
    producer.get_by_role("button", name="Create New Application").click()
    producer.wait_for_url("**/steps/general*")
    enrollment = Enrollment(producer, find_number(producer))
    assert enrollment.number != known.number
    add_life_event(enrollment, "Marriage", "5/2/2026", attest="attest")
    enrollment.press("Calculate Effective Date")
    enrollment.next("Applicant Information")
    filled = {
        "First Name": "Cora",
        "Last Name": "Rowan",
        "Date of Birth": "06/14/1987",
        "Primary Phone": "312-555-0142",
    }
    for label, text in filled.items():
        expect(enrollment.field_of(label)).to_have_value(text)
    expect(enrollment.field_of("Address", "Home Address")).to_have_value(HOMES["IL"]["street"])
    expect(enrollment.field_of("County")).to_have_value("17031")
    check_page(producer, "household-from-client")
    enrollment.fill("First Name", "Coralie")
    enrollment.select("Application Form Type", "Dental Application")
    enrollment.choose("Authorization", "My client has completed")
    enrollment.choose("Within the past six months", "No")
    enrollment.next("Plan Selection")
    expect(producer.locator(".general")).to_contain_text("Coralie Rowan")


def test_delegate_types_a_number_and_sees_whose_it_is(delegate: Page, portal: LocalSuite) -> None:
    with signed_in(portal, "delegate@example.com") as api:
        prepared = prepare(api, people=[ADA])
    delegate.goto(f"{prepared.path}/steps/general")
    enrollment = Enrollment(delegate, prepared.number)
    section = delegate.get_by_role("region", name="Producer Information")
    shown = section.locator("dl:visible")
    expect(shown).to_contain_text("FRITZ, CALVIN C")
    check_page(delegate, "general-delegate")
    enrollment.fill("Writing Producer Number", WRITING_NUMBERS["TX"])
    expect(shown).to_contain_text("CRAVEN, FAZILA")
    expect(shown).to_contain_text("Texas")
    assert shown.locator("dt").all_inner_texts() == list(PRODUCER_FACTS)
    enrollment.press("Next")
    expect(delegate.locator(".error-summary")).to_be_focused()
    check_page(delegate, "general-delegate-other-state")
    enrollment.fill("Writing Producer Number", "999999999")
    enrollment.press("Next")
    expect(delegate.locator(".error-summary")).to_be_focused()
    expect(enrollment.field_of("Writing Producer Number")).to_have_value("999999999")
    enrollment.fill("Writing Producer Number", WRITING_NUMBERS["IL"])
    enrollment.next("Applicant Information")
