"""Coverage that has begun is terminated in the portal: what the page offers, sends and says, and what Details shows."""

from __future__ import annotations

import re
from html import unescape

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as app
from suite.payment.v1 import payment_pb2

from chassis.kernel import Conflict, InvalidInput, Problem
from tests.integration.gateway.application_answers import payment, tell_application, whole_application
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.page_answers import AT
from tests.integration.gateway.test_pages import page, post, sign_in

DETAILS = "/applications/A-0638"
TERMINATION = f"{DETAILS}/termination"
KEY = "a-key-of-this-form"
AUTOPAY = payment_pb2.Autopay(method="Visa ending 4242", agreed_at=AT)
WHOLE = {
    "key": KEY,
    "coverages": "dental",
    "last_day": "6/30/2026",
    "reason": "other_coverage",
    "asked_by": "client",
}


def begun(*coverages: common.Coverage.ValueType) -> app.Application:
    """Coverage has begun, and can be terminated under these plans."""
    found = whole_application()
    found.cancellation_refusal = "Coverage has started. Terminate it instead."
    if coverages:
        found.termination_choice.coverages.extend(coverages)
        found.termination_choice.earliest_last_day = "2026-06-03"
        found.termination_choice.earliest_last_day_deceased = "2026-05-10"
        found.termination_choice.latest_last_day = "2026-12-31"
    else:
        found.termination_refusal = "An end is set already: dental coverage on 6/30/2026."
    return found


def ended(last_day: str = "2026-06-30") -> app.Application:
    found = begun()
    found.terminations.add(
        coverage=common.COVERAGE_DENTAL,
        requested_on="2026-05-20",
        last_day=last_day,
        reason=app.TERMINATION_REASON_OTHER_COVERAGE,
        asked_by=app.CANCEL_PARTY_CLIENT,
    )
    return found


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    sign_in(gateway_portal, "producer@example.com")
    tell_application(gateway_portal.fake_services, begun(common.COVERAGE_MEDICAL, common.COVERAGE_DENTAL))
    return gateway_portal


def was_asked(browser: GatewayHarness) -> bool:
    return any(name == "TerminateCoverage" for name, _, _ in browser.fake_services.asked)


def test_a_termination_sends_coverage_day_reason_and_who_asked(browser: GatewayHarness) -> None:
    assert post(browser, TERMINATION, WHOLE)[:2] == (303, DETAILS)
    sent = browser.fake_services.last("TerminateCoverage")
    assert (sent.idempotency_key, sent.record_number) == (KEY, "A-0638")
    assert (list(sent.coverages), sent.last_day) == ([common.COVERAGE_DENTAL], "2026-06-30")
    assert (sent.reason, sent.asked_by) == (app.TERMINATION_REASON_OTHER_COVERAGE, app.CANCEL_PARTY_CLIENT)


def test_both_coverages_are_sent_where_both_are_chosen(browser: GatewayHarness) -> None:
    assert post(browser, TERMINATION, {**WHOLE, "coverages": ["medical", "dental"]})[0] == 303
    assert list(browser.fake_services.last("TerminateCoverage").coverages) == [
        common.COVERAGE_MEDICAL,
        common.COVERAGE_DENTAL,
    ]


def test_the_page_says_the_days_that_can_be_typed_and_what_follows(browser: GatewayHarness) -> None:
    shown = page(browser, TERMINATION)
    assert (
        "from 06/03/2026 to 12/31/2026. If the applicant has died: the date of death, from 05/10/2026 to today."
        in shown
    )
    assert "for everybody in the plan at the end of the last day. This cannot be undone." in shown
    assert "Premiums are due until then." in shown and "Automatic payments" not in shown
    assert 'type="checkbox" id="coverages-medical"' in shown and 'type="checkbox" id="coverages-dental"' in shown
    assert "data-dialog-body" in shown


def test_the_one_coverage_left_is_said_and_not_asked(browser: GatewayHarness) -> None:
    tell_application(browser.fake_services, begun(common.COVERAGE_MEDICAL))
    shown = page(browser, TERMINATION)
    assert "Medical coverage ends for everybody" in shown and 'type="checkbox"' not in shown
    assert 'type="hidden" name="coverages" value="medical"' in shown


def test_at_the_end_of_the_plan_year_only_a_death_can_be_told(browser: GatewayHarness) -> None:
    late = begun(common.COVERAGE_MEDICAL)
    late.termination_choice.earliest_last_day = ""
    tell_application(browser.fake_services, late)
    shown = page(browser, TERMINATION)
    assert (
        "MM/DD/YYYY: the date of death, from 05/10/2026 to today." in shown
        and "Coverage ends by itself on 12/31/2026." in shown
    )
    assert 'value="deceased"' in shown and 'value="moved"' not in shown


def test_autopay_that_goes_on_is_said_with_the_way_to_cancel_it(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_SUCCESSFUL, autopay=AUTOPAY)
    assert f'stay on until they are cancelled. <a href="{DETAILS}/autopay-cancellation">' in page(browser, TERMINATION)
    tell_application(browser.fake_services, ended())
    answers["GetPayment"] = payment(payment_pb2.PAYMENT_STATUS_SUCCESSFUL, autopay=AUTOPAY)
    assert f'stay on until they are cancelled. <a href="{DETAILS}/autopay-cancellation"' in page(browser, DETAILS)


def test_what_was_not_answered_is_asked_beside_each_field(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, TERMINATION, {"key": KEY, "coverages": "bogus", "reason": "bogus"})
    assert status == 422 and f'value="{KEY}"' in shown
    for field in ("coverages", "last_day", "reason", "asked_by"):
        assert f'id="{field}-error"' in shown and f'href="#{field}"' in shown
    assert not was_asked(browser)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("next week", "Enter the date as month, day and year"), ("30/6/2026", "There is no month 30.")],
)
def test_a_text_that_is_no_date_is_kept_and_explained(browser: GatewayHarness, typed: str, said: str) -> None:
    status, _, shown = post(browser, TERMINATION, {**WHOLE, "last_day": typed})
    assert status == 422 and f'id="last_day-error">{said}' in shown and f'value="{typed}"' in shown
    assert re.search(r'value="dental" checked', shown) and 'value="client" required checked' in shown
    assert not was_asked(browser)


def test_a_day_that_the_service_refuses_is_explained_beside_the_field_and_kept(browser: GatewayHarness) -> None:
    problem = Problem("last_day", "Choose a last day of coverage from 6/3/2026 to 12/31/2026.")
    browser.fake_services.answers["TerminateCoverage"] = InvalidInput("Check.", problems=(problem,))
    status, _, shown = post(browser, TERMINATION, {**WHOLE, "last_day": "5/21/2026"})
    assert status == 422 and f'id="last_day-error">{problem.message}' in shown and 'value="5/21/2026"' in shown


def test_a_termination_that_came_too_late_says_why(browser: GatewayHarness) -> None:
    page(browser, TERMINATION)
    done = ended()
    browser.fake_services.answers["TerminateCoverage"] = Conflict(done.termination_refusal, code="coverage_terminated")
    tell_application(browser.fake_services, done)
    status, _, shown = post(browser, TERMINATION, WHOLE)
    assert status == 409 and done.termination_refusal in unescape(shown) and "Yes, Terminate" not in shown


def test_a_termination_of_another_session_is_refused(browser: GatewayHarness) -> None:
    assert post(browser, TERMINATION, {**WHOLE, "csrf": "0" * 64})[0] == 403
    assert not was_asked(browser)


def test_coverage_that_has_begun_is_terminated_and_not_cancelled(browser: GatewayHarness) -> None:
    shown = page(browser, DETAILS)
    assert f'href="{TERMINATION}" data-dialog' in shown and "/cancellation" not in shown
    asked = page(browser, f"{DETAILS}/cancellation")
    assert "Coverage has started." in asked and f'href="{TERMINATION}">Terminate Coverage' in asked


def test_where_it_is_refused_the_reason_stands_in_its_place(browser: GatewayHarness) -> None:
    done = ended()
    tell_application(browser.fake_services, done)
    shown = page(browser, DETAILS)
    assert "/termination" not in shown and done.termination_refusal in unescape(shown)
    asked = page(browser, TERMINATION)
    assert done.termination_refusal in unescape(asked) and "Yes, Terminate" not in asked


def test_a_delegate_who_may_not_submit_is_not_offered_it(browser: GatewayHarness) -> None:
    sign_in(browser, "delegate@example.com")
    assert TERMINATION in page(browser, DETAILS)
    other = begun(common.COVERAGE_MEDICAL)
    other.general.producer.writing_number = "660001234"
    tell_application(browser.fake_services, other)
    assert TERMINATION not in page(browser, DETAILS)


@pytest.mark.parametrize(
    ("last_day", "said"), [("2026-06-30", "ends on 6/30/2026"), ("2026-05-19", "ended on 5/19/2026")]
)
def test_details_say_which_coverage_ends_when_why_and_at_whose_request(
    browser: GatewayHarness, last_day: str, said: str
) -> None:
    tell_application(browser.fake_services, ended(last_day))
    shown = page(browser, DETAILS)
    assert f"Dental coverage {said}." in shown and "Medical coverage" not in shown
    card = shown.partition('<h2 id="termination">')[2].partition("</section>")[0]
    for text in ("The client has or gets other coverage", "The client<", "5/20/2026"):
        assert text in card
