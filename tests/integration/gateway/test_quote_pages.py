"""The pages of saved quotes: plans, review, and the way into enrollment."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, clients_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_service_pb2

from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import browser, page, post, sign_in

__all__ = ["browser"]


def test_made_up_plans_are_labelled_and_selected_with_the_version_read(browser: GatewayHarness) -> None:
    shown = page(browser, "/quotes/q-1/plans")
    assert shown.count(">Illustrative<") >= 6 and "$3,340.10" in shown
    fields = {"medical_plan_id": "36096IL0760001-00", "dental_plan_id": "", "version": "2"}
    assert post(browser, "/quotes/q-1/plans", fields)[:2] == (303, "/quotes/q-1")
    sent = browser.fake_services.last("SelectPlans")
    assert (sent.medical_plan_id, sent.dental_plan_id, sent.version) == ("36096IL0760001-00", "", 2)


def test_enrollment_leads_to_the_application_the_question_or_the_exchange(browser: GatewayHarness) -> None:
    started = page_answers.application(application_pb2.APPLICATION_STATUS_INCOMPLETE, "A-0001")
    answers = browser.fake_services.answers
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(outcome="started", application=started)
    assert post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[1] == "/applications/A-0001/resume"
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(
        outcome="choice_needed", incomplete_record_number="A-0001"
    )
    shown = post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    assert "Create New Application" in shown and "Go To Incomplete Application" in shown
    post(browser, "/quotes/q-1/enrollment", {"key": "12345678", "choice": "create_new", "reason": "client_asked"})
    assert browser.fake_services.last("StartEnrollment").reason == clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(outcome="choice_needed")
    assert "Go To Incomplete Application" not in post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    answers["StartEnrollment"] = enrollment_service_pb2.StartEnrollmentResponse(
        outcome="on_exchange_redirect", exchange_target="ISP", exchange_url="https://exchange.example/sign-in"
    )
    shown = post(browser, "/quotes/q-1/enrollment", {"key": "12345678"})[2]
    assert 'href="https://exchange.example/sign-in" target="_blank"' in shown


def test_a_delegate_cannot_enroll_on_the_exchange(browser: GatewayHarness) -> None:
    on_exchange = page_answers.saved_quote()
    on_exchange.exchange = common_pb2.EXCHANGE_ON
    browser.fake_services.answers["GetQuote"] = quote_service_pb2.GetQuoteResponse(quote=on_exchange)
    assert "Enroll in Selected Plans" in page(browser, "/quotes/q-1")
    sign_in(browser, "delegate@example.com")
    assert "Enroll in Selected Plans" not in page(browser, "/quotes/q-1")
