"""Contact details of a submitted application are changed in the portal: the form, what it sends, what Details shows."""

from __future__ import annotations

import re
from html import unescape

import pytest
from google.protobuf.message import Message
from suite.enrollment.v1 import after_submission_pb2, steps_pb2
from suite.enrollment.v1 import application_pb2 as app

from chassis.identity import Caller
from chassis.kernel import Conflict, InvalidInput, Problem, Stale
from tests.integration.gateway.application_answers import tell_application, whole_application
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page, post, sign_in

DETAILS = "/applications/A-0638"
CONTACT = f"{DETAILS}/contact"
KEY = "a-key-of-this-form"
MAILING = {
    "mailing_address.street": "PO Box 1200",
    "mailing_address.unit": "",
    "mailing_address.city": "Chicago",
    "mailing_address.state": "IL",
    "mailing_address.zip": "60601",
}
WHOLE = {
    "key": KEY,
    "version": "4",
    "contact.phone": "312-555-0143",
    "contact.phone_type": "landline",
    "contact.email": "",
    "mailing_differs": "no",
}


def changed() -> app.Application:
    """To another number, and letters to a post office box."""
    found = whole_application()
    found.contact_change.changed_on = "2026-05-20"
    found.contact_change.contact.CopyFrom(steps_pb2.Contact(phone="3125550143", phone_type="landline"))
    found.contact_change.mailing_address.CopyFrom(
        steps_pb2.Address(street="PO Box 1200", city="Chicago", state="IL", zip="60601")
    )
    return found


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    sign_in(gateway_portal, "producer@example.com")
    tell_application(gateway_portal.fake_services, whole_application())
    return gateway_portal


def was_asked(browser: GatewayHarness) -> bool:
    return any(name == "ChangeContact" for name, _, _ in browser.fake_services.asked)


def test_a_change_sends_the_whole_contact_and_the_version_that_was_read(browser: GatewayHarness) -> None:
    assert post(browser, CONTACT, WHOLE)[:2] == (303, f"{DETAILS}#contact")
    sent = browser.fake_services.last("ChangeContact")
    assert (sent.idempotency_key, sent.record_number, sent.version) == (KEY, "A-0638", 4)
    assert sent.contact == steps_pb2.Contact(phone="312-555-0143", phone_type="landline")
    assert not sent.HasField("mailing_address")


def test_a_mailing_address_is_sent_where_letters_go_elsewhere(browser: GatewayHarness) -> None:
    assert post(browser, CONTACT, {**WHOLE, "mailing_differs": "yes", **MAILING})[0] == 303
    sent = browser.fake_services.last("ChangeContact").mailing_address
    assert (sent.street, sent.city, sent.state, sent.zip) == ("PO Box 1200", "Chicago", "IL", "60601")


def test_the_form_begins_with_what_was_submitted(browser: GatewayHarness) -> None:
    shown = page(browser, CONTACT)
    assert 'value="312-555-0142"' in shown and 'value="jessica@example.com"' in shown
    assert re.search(r'name="contact.phone_type" value="mobile" checked', shown)
    assert re.search(r'name="mailing_differs" value="no" checked', shown)
    assert "stay as submitted" in shown and "1200 W Madison St" in shown
    assert f'href="{DETAILS}/texts/text-messages"' in shown and f'href="{DETAILS}/texts/electronic-delivery"' in shown


def test_the_form_begins_with_the_newest_change(browser: GatewayHarness) -> None:
    tell_application(browser.fake_services, changed())
    shown = page(browser, CONTACT)
    assert 'value="3125550143"' in shown and 'value="jessica@example.com"' not in shown
    assert re.search(r'name="mailing_differs" value="yes" checked', shown) and 'value="PO Box 1200"' in shown


def test_a_mailing_address_that_was_typed_and_not_asked_for_is_not_lost(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, CONTACT, {**WHOLE, **MAILING})
    assert status == 422 and "Answer Yes, or clear it." in shown and 'value="PO Box 1200"' in shown
    assert not was_asked(browser)


def test_whether_letters_go_elsewhere_has_to_be_answered(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, CONTACT, {**WHOLE, "mailing_differs": "bogus"})
    assert status == 422 and 'id="mailing_differs-error"' in shown and not was_asked(browser)


def test_a_refused_field_is_named_and_what_was_typed_is_kept(browser: GatewayHarness) -> None:
    problems = (
        Problem("contact.phone", "Enter ten digits."),
        Problem("mailing_address.zip", "This ZIP code is not in IL."),
    )
    browser.fake_services.answers["ChangeContact"] = InvalidInput("Check.", problems=problems)
    typed = {**WHOLE, "mailing_differs": "yes", **MAILING, "contact.phone": "555", "mailing_address.zip": "59601"}
    status, _, shown = post(browser, CONTACT, typed)
    assert status == 422 and 'id="contact.phone-error">Enter ten digits.' in shown
    assert 'href="#mailing_address.zip"' in shown and 'value="555"' in shown and 'value="59601"' in shown
    assert f'value="{KEY}"' in shown


def test_a_change_meanwhile_is_told_with_what_is_saved_now(browser: GatewayHarness) -> None:
    page(browser, CONTACT)
    meanwhile = changed()
    meanwhile.version = 5
    tell_application(browser.fake_services, meanwhile)
    browser.fake_services.answers["ChangeContact"] = Stale("This application was saved in another window.")
    status, _, shown = post(browser, CONTACT, {**WHOLE, "contact.phone": "312-555-0199"})
    assert status == 412 and "saved in another window" in shown and 'value="312-555-0199"' in shown
    told = shown.partition("Saved now")[2].partition("</ul>")[0]
    assert "3125550143" in told and "PO Box 1200" in told and "landline" not in told
    assert 'name="version" value="5"' in shown


def test_a_refusal_keeps_the_version_that_was_read(browser: GatewayHarness) -> None:
    meanwhile = changed()
    meanwhile.version = 5
    tell_application(browser.fake_services, meanwhile)
    status, _, shown = post(browser, CONTACT, {**WHOLE, "mailing_differs": "yes", "mailing_address.zip": "606"})
    assert status == 422 and 'name="version" value="4"' in shown and not was_asked(browser)


def test_what_else_was_saved_meanwhile_does_not_hinder_a_change(browser: GatewayHarness) -> None:
    base = unescape(re.findall(r'name="base" value="([^"]*)"', page(browser, CONTACT))[0])
    paid = whole_application()
    paid.version = 5
    tell_application(browser.fake_services, paid)

    def save(asked: after_submission_pb2.ChangeContactRequest, _caller: Caller) -> Message:
        if asked.version != paid.version:
            raise Stale("This application was saved in another window.")
        return after_submission_pb2.ChangeContactResponse(application=paid)

    browser.fake_services.answers["ChangeContact"] = save
    assert post(browser, CONTACT, {**WHOLE, "base": base})[:2] == (303, f"{DETAILS}#contact")
    assert browser.fake_services.last("ChangeContact").version == 5


def test_a_change_of_nothing_says_so(browser: GatewayHarness) -> None:
    browser.fake_services.answers["ChangeContact"] = Conflict("Nothing differs.", code="nothing_changed")
    status, _, shown = post(browser, CONTACT, WHOLE)
    assert status == 409 and "Nothing differs." in shown and 'value="312-555-0143"' in shown


def test_a_change_of_another_session_is_refused(browser: GatewayHarness) -> None:
    assert post(browser, CONTACT, {**WHOLE, "csrf": "0" * 64})[0] == 403
    assert not was_asked(browser)


def test_where_it_is_refused_the_reason_is_shown(browser: GatewayHarness) -> None:
    refused = whole_application()
    refused.contact_change_refusal = "All coverage has ended."
    tell_application(browser.fake_services, refused)
    shown = page(browser, DETAILS)
    assert CONTACT not in shown and refused.contact_change_refusal in shown
    asked = page(browser, CONTACT)
    assert refused.contact_change_refusal in asked and 'name="contact.phone"' not in asked
    browser.fake_services.answers["ChangeContact"] = Conflict("All coverage has ended.", code="coverage_terminated")
    status, _, told = post(browser, CONTACT, WHOLE)
    assert status == 409 and refused.contact_change_refusal in told and 'name="contact.phone"' not in told


@pytest.mark.parametrize("status", [app.APPLICATION_STATUS_INCOMPLETE, app.APPLICATION_STATUS_CANCELLED])
def test_it_is_offered_after_submission_alone(browser: GatewayHarness, status: app.ApplicationStatus.ValueType) -> None:
    assert f'href="{CONTACT}"' in page(browser, DETAILS)
    tell_application(browser.fake_services, whole_application(status))
    assert CONTACT not in page(browser, DETAILS)


def test_a_delegate_who_may_not_submit_is_not_offered_it(browser: GatewayHarness) -> None:
    sign_in(browser, "delegate@example.com")
    assert CONTACT in page(browser, DETAILS)
    other = whole_application()
    other.general.producer.writing_number = "660001234"
    tell_application(browser.fake_services, other)
    assert CONTACT not in page(browser, DETAILS)


def test_details_show_the_new_contact_and_what_was_submitted(browser: GatewayHarness) -> None:
    assert "As submitted" not in page(browser, DETAILS)
    tell_application(browser.fake_services, changed())
    card = page(browser, DETAILS).partition('<h2 id="contact">')[2].partition("</section>")[0]
    now, _, submitted = card.partition("As submitted")
    assert "Contact details changed on 5/20/2026." in now and "stay as submitted" in now
    assert "(312) 555-0143 (landline)" in now and "PO Box 1200" in now and "jessica@example.com" not in now
    assert "(312) 555-0142 (mobile)" in submitted and "jessica@example.com" in submitted and "Same as home" in submitted
