"""Application Details tells the whole story, in every state of an application (R94)."""

from __future__ import annotations

import re
from typing import TypeAlias

import pytest
from suite.documents.v1.proof_documents_pb2 import ListProofDocumentsResponse
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment

from chassis.kernel import Conflict, NotFound
from tests.integration.gateway.application_answers import proof, tell_application, whole_application
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page, sign_in

DETAILS = "/applications/A-0638"
Status: TypeAlias = app.ApplicationStatus.ValueType


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    sign_in(gateway_portal, "producer@example.com")
    tell_application(gateway_portal.fake_services, whole_application())
    return gateway_portal


def tell(browser: GatewayHarness, status: Status) -> None:
    tell_application(browser.fake_services, whole_application(status))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_submitted_application_names_people_providers_address_event_agreements_and_documents(
    browser: GatewayHarness,
) -> None:
    shown = text_of(page(browser, DETAILS))
    for told in (
        "Ann Sample Jr.",
        "Spouse",
        "age 38",
        "Ages are those on the effective date.",
        "Dr. Okafor (assigned by the carrier)",
        "Left to the carrier: nobody who fits within 60 miles of the home",
        "Dr. Lindqvist, medical group 207 (chosen)",
        "1200 W Madison St, Apt 4",
        "Cook County",
        "(312) 555-0142",
        "Birth of a child",
        "coverage begins on 5/10/2026, the day of the event",
        "Due 6/19/2026",
        "Birth certificate",
        "Terms and Agreements",
        "recorded by Dana Delegate",
        "First payment",
        "December 2026 to January 2027",
    ):
        assert told in shown, told


def test_activity_names_people_instead_of_sign_in_names_and_services(browser: GatewayHarness) -> None:
    whole = page(browser, DETAILS)
    shown = text_of(whole[whole.index("<main") : whole.index("</main>")])
    assert "Calvin Fritz" in shown and "Dana Delegate" in shown and "Producer Portal" in shown
    assert "@example.com" not in shown.replace("jessica@example.com", "")
    assert "2 changes" in shown


def test_other_coverage_signers_and_the_hra_are_told(browser: GatewayHarness) -> None:
    told = whole_application()
    told.household.hra.kind = "ICHRA"
    told.household.hra.employer_name = "Sample Bakery"
    told.household.hra.start_date = "2026-01-01"
    told.household.hra.monthly_contribution.cents = 25_000
    told.other_coverage.replaced.add(
        person_id="p-1", insurer="Acme Health", policy_number="P-1", termination_date="2026-05-31"
    )
    told.other_coverage.others.add(person_id="p-2", name_on_policy="Ann Sample", member_number="M-1")
    signer = told.signatures.authorized_representative
    signer.first_name, signer.last_name, signer.relationship_to_applicant = "Rae", "Sample", "Sister"
    tell_application(browser.fake_services, told)
    shown = text_of(page(browser, DETAILS))
    for line in (
        "ICHRA of Sample Bakery from 1/1/2026, $250.00 a month",
        "Replaced coverage of Jessica Tester Acme Health, P-1, ends 5/31/2026",
        "Other policy of Ann Sample Ann Sample, M-1",
        "Authorized representative Rae Sample, Sister",
    ):
        assert line in shown, line


def test_parent_agrees_for_a_child_who_is_alone(browser: GatewayHarness) -> None:
    told = whole_application()
    tell_application(browser.fake_services, told)
    assert "Jessica Tester · " in text_of(page(browser, DETAILS))
    guardian = told.signatures.guardian
    guardian.first_name, guardian.last_name, guardian.relationship_to_applicant = "Pat", "Tester", "Mother"
    tell_application(browser.fake_services, told)
    assert "Pat Tester, for Jessica Tester · " in text_of(page(browser, DETAILS))


def test_a_notice_of_readiness_is_shown(browser: GatewayHarness) -> None:
    notice = app.Notice(step=app.STEP_PLANS, field="monthly_premium", message="The premium has changed.")
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    browser.fake_services.answers["GetReadiness"] = enrollment.GetReadinessResponse(ready=True, notices=[notice])
    assert "The premium has changed." in page(browser, DETAILS)


def test_whatever_is_missing_links_to_its_field_and_is_named_as_the_form_names_it(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    shown = page(browser, DETAILS)
    links = re.findall(r'href="(/applications/A-0638/steps/[^"]*)"', shown)
    assert f"{DETAILS}/steps/general#life_events" in links
    assert f"{DETAILS}/steps/household/people/p-2#people-1-last_name" in links
    assert f"{DETAILS}/steps/signatures#payment_choice" in links
    assert "Last name of Ann Sample Jr." in shown and "Street of home address" in shown
    assert "people[1]" not in shown and "Ready to submit" not in shown


def test_an_incomplete_application_goes_on_at_its_current_step(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    shown = page(browser, DETAILS)
    assert f'href="{DETAILS}/steps/household">Continue Application' in shown
    assert "View Application PDF" not in shown and "Cancel this application" not in shown


def test_a_failed_application_goes_on_where_it_failed_by_its_address_too(browser: GatewayHarness) -> None:
    application = whole_application(app.APPLICATION_STATUS_FAILED)
    application.current_step = app.STEP_SIGNATURES  # nothing is missing
    browser.fake_services.answers["GetApplication"] = enrollment.GetApplicationResponse(application=application)
    browser.fake_services.answers["GetReadiness"] = enrollment.GetReadinessResponse(ready=True)
    answer = browser.client.get(f"{DETAILS}/resume", follow_redirects=False)
    assert answer.headers["location"] == f"{DETAILS}/steps/plans#pcp_choices-0-pcp_id"


def test_an_application_that_lacks_the_clients_signature_alone_goes_on_there(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    application = whole_application(app.APPLICATION_STATUS_INCOMPLETE)
    application.current_step = app.STEP_SIGNATURES
    browser.fake_services.answers["GetApplication"] = enrollment.GetApplicationResponse(application=application)
    gap = app.Shortcoming(field="client_review", message="The client has not signed yet.")
    browser.fake_services.answers["GetReadiness"] = enrollment.GetReadinessResponse(missing=[gap])
    shown = page(browser, DETAILS)
    assert f'href="{DETAILS}#client-review">Continue Application' in shown
    assert re.search(r"<h3[^>]*>Client Review</h3>", shown)
    answer = browser.client.get(f"{DETAILS}/resume", follow_redirects=False)
    assert answer.headers["location"] == f"{DETAILS}#client-review"


def test_an_application_with_nothing_missing_is_ready(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    browser.fake_services.answers["GetReadiness"] = enrollment.GetReadinessResponse(ready=True)
    assert "Ready to submit" in page(browser, DETAILS)
    # its last day has passed, and it is not marked yet
    browser.fake_services.answers["GetReadiness"] = enrollment.GetReadinessResponse()
    shown = page(browser, DETAILS)
    assert "Ready to submit" not in shown and "It could be submitted until" in shown


@pytest.mark.parametrize("status", [app.APPLICATION_STATUS_CANCELLED, app.APPLICATION_STATUS_EXPIRED])
def test_a_cancelled_or_expired_application_is_never_called_ready(browser: GatewayHarness, status: Status) -> None:
    tell(browser, status)
    shown = page(browser, DETAILS)
    assert "Ready to submit" not in shown and "Continue Application" not in shown
    assert ("View Application PDF" in shown) == (status == app.APPLICATION_STATUS_CANCELLED)


@pytest.mark.parametrize(
    ("status", "path", "tab"),
    [
        (app.APPLICATION_STATUS_EXPIRED, "", "expired"),
        (app.APPLICATION_STATUS_FAILED, "", "failed"),
        (app.APPLICATION_STATUS_FAILED, "/check-answers", "failed"),
        (app.APPLICATION_STATUS_FAILED, "/steps/household", "failed"),
        (app.APPLICATION_STATUS_EXPIRED, "/duplicates", "expired"),
        (app.APPLICATION_STATUS_SUBMITTED, "/cancellation", "completed"),
        (app.APPLICATION_STATUS_INCOMPLETE, "/steps/general/effective-date", "incomplete"),
    ],
)
def test_breadcrumbs_lead_to_the_list_that_holds_the_application(
    browser: GatewayHarness, status: Status, path: str, tab: str
) -> None:
    tell(browser, status)
    shown = page(browser, DETAILS + path)
    crumbs = shown[shown.index('aria-label="Breadcrumb"') :].partition("</nav>")[0]
    assert f'<a href="/enroll?tab={tab}">{tab.capitalize()} Applications</a>' in crumbs
    assert re.findall(r"tab=(\w+)", crumbs) == [tab]


def test_a_cancelled_application_says_why_and_who_asked(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_CANCELLED)
    shown = text_of(page(browser, DETAILS))
    assert "Cancelled on 5/21/2026" in shown and "The client has or gets other coverage" in shown
    assert "Completed Applications" in shown and "Asked for by The client" in shown


@pytest.mark.parametrize("early", [Conflict("It is being created.", code="not_ready"), NotFound("Not yet.")])
def test_a_pdf_that_is_being_made_is_asked_for_again_by_the_page(browser: GatewayHarness, early: Exception) -> None:
    browser.fake_services.answers["GetApplicationPdf"] = early
    answer = browser.client.get(f"{DETAILS}/application.pdf")
    assert (answer.status_code, answer.headers["refresh"]) == (200, "2")
    assert "is being created" in answer.text


def test_a_pdf_that_there_will_never_be_is_refused(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["GetApplicationPdf"] = Conflict("It could not be created.", code="document_not_made")
    assert browser.client.get(f"{DETAILS}/application.pdf").status_code == 409
    tell(browser, app.APPLICATION_STATUS_INCOMPLETE)
    answers["GetApplicationPdf"] = NotFound("No application.")
    assert browser.client.get(f"{DETAILS}/application.pdf").status_code == 404


def test_proof_documents_that_were_sent_are_listed(browser: GatewayHarness) -> None:
    browser.fake_services.answers["ListProofDocuments"] = ListProofDocumentsResponse(documents=[proof()])
    assert "Birth certificate" in page(browser, DETAILS)


def test_a_failed_submission_returns_to_its_field_or_to_the_failed_list(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_FAILED)
    for path in (DETAILS, f"{DETAILS}/submission-failed"):
        shown = page(browser, path)
        assert "Submission Failed" in shown and "The plan is not sold there." in shown
        assert f'href="{DETAILS}/steps/plans#pcp_choices-0-pcp_id"' in shown and "Return to Application" in shown
        assert 'href="/enroll?tab=failed">Proceed to Failed Applications' in shown
        assert "866-446-4353" in shown


def test_submission_failed_is_shown_of_a_failed_application_alone(browser: GatewayHarness) -> None:
    answer = browser.client.get(f"{DETAILS}/submission-failed")
    assert (answer.status_code, answer.headers["location"]) == (303, DETAILS)


def test_an_application_under_way_asks_until_it_has_an_outcome(browser: GatewayHarness) -> None:
    tell(browser, app.APPLICATION_STATUS_SUBMITTING)
    shown = page(browser, DETAILS)
    assert f'hx-get="{DETAILS}/submission-status" hx-trigger="every 1s"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert browser.client.get(f"{DETAILS}/submission-status").status_code == 204
    tell(browser, app.APPLICATION_STATUS_SUBMITTED)
    assert browser.client.get(f"{DETAILS}/submission-status").headers["hx-redirect"] == DETAILS
    tell(browser, app.APPLICATION_STATUS_FAILED)
    answer = browser.client.get(f"{DETAILS}/submission-status")
    assert answer.headers["hx-redirect"] == f"{DETAILS}/submission-failed"


def test_a_text_is_shown_in_the_version_that_was_agreed_to(browser: GatewayHarness) -> None:
    assert f'href="{DETAILS}/texts/terms/2026.1"' in page(browser, DETAILS)
    shown = page(browser, f"{DETAILS}/texts/terms/2026.1")
    assert "What you agree to" in shown and "This wording is a sample." in shown and "Version 2026.1" in shown
    asked = browser.fake_services.last("GetText")
    assert (asked.kind, asked.state, asked.text_version) == ("terms", "IL", "2026.1")
