"""What can be done with an application after Submit: proof documents, cancellation, duplicates; and its start."""

from __future__ import annotations

import re
from html import unescape

import pytest
from suite.documents.v1 import proof_documents_pb2 as proofs
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import clients_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment

from chassis.kernel import Conflict, InvalidInput, Problem
from gateway.pages.application_details.proofs import MOST_BYTES, READ_BYTES
from tests.integration.gateway.application_answers import proof, tell_application, whole_application
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, post, sign_in

DETAILS = "/applications/A-0638"
UPLOAD = f"{DETAILS}/proof-documents"
KEY = "a-key-of-this-form"
PDF = b"%PDF-1.7 made up"


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    sign_in(gateway_portal, "producer@example.com")
    tell_application(gateway_portal.fake_services, whole_application())
    return gateway_portal


def upload(browser: GatewayHarness, file: tuple[str, bytes, str] | None, **fields: str) -> tuple[int, str, str]:
    found = re.search(r'name="csrf" value="(\w+)"', page(browser, UPLOAD))
    assert found
    data = {"csrf": found[1], "key": KEY, "kind": "birth_certificate", **fields}
    files = {"file": file} if file else {"file": ("", b"", "application/octet-stream")}
    answer = browser.client.post(UPLOAD, data=data, files=files, headers=SAME_ORIGIN)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_a_document_is_sent_with_its_kind_and_type(browser: GatewayHarness) -> None:
    assert upload(browser, ("scan.pdf", PDF, "application/pdf"))[:2] == (303, f"{DETAILS}#documents")
    sent = browser.fake_services.last("AddProofDocument")
    assert (sent.record_number, sent.kind, sent.media_type) == ("A-0638", "birth_certificate", "application/pdf")
    assert (sent.content, sent.idempotency_key) == (PDF, KEY)


def test_an_upload_without_a_file_or_a_kind_says_both_beside_the_fields(browser: GatewayHarness) -> None:
    status, _, shown = upload(browser, None, kind="")
    assert status == 422
    assert 'id="file-error">Choose a file.' in shown and 'id="kind-error">Choose the type of document.' in shown
    assert f'value="{KEY}"' in shown
    assert all(name != "AddProofDocument" for name, _, _ in browser.fake_services.asked)


def test_an_empty_file_is_said_to_be_empty(browser: GatewayHarness) -> None:
    status, _, shown = upload(browser, ("scan.pdf", b"", "application/pdf"))
    assert status == 422 and 'id="file-error">The file is empty.' in shown


def test_a_refused_file_is_explained_beside_the_field_and_the_kind_is_kept(browser: GatewayHarness) -> None:
    problem = Problem("media_type", "Upload a PDF, PNG or JPG file.")
    browser.fake_services.answers["AddProofDocument"] = InvalidInput("Check.", problems=(problem,))
    status, _, shown = upload(browser, ("a.txt", b"x", "text/plain"))
    assert status == 422 and 'id="file-error">Upload a PDF, PNG or JPG file.' in shown and 'href="#file"' in shown
    assert re.search(r'value="birth_certificate" required checked', shown)


def test_a_file_that_is_too_large_is_refused_beside_the_field_and_never_sent_on(browser: GatewayHarness) -> None:
    status, _, shown = upload(browser, ("a.pdf", b"x" * (MOST_BYTES + 1), "application/pdf"))
    assert status == 422 and "larger than 10 MB" in shown
    assert all(name != "AddProofDocument" for name, _, _ in browser.fake_services.asked)


def test_a_file_beyond_what_is_read_is_cut_off(browser: GatewayHarness) -> None:
    assert upload(browser, ("a.pdf", b"x" * READ_BYTES, "application/pdf"))[0] == 413


def test_a_document_for_an_application_that_takes_none_says_why(browser: GatewayHarness) -> None:
    browser.fake_services.answers["AddProofDocument"] = Conflict("No proof is needed.", code="no_proof_asked")
    status, _, shown = upload(browser, ("scan.pdf", PDF, "application/pdf"))
    assert status == 409 and "No proof is needed." in shown


def test_an_upload_of_another_session_is_refused(browser: GatewayHarness) -> None:
    assert upload(browser, ("scan.pdf", PDF, "application/pdf"), csrf="0" * 64)[0] == 403


def test_documents_that_were_sent_can_be_downloaded(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    answers["ListProofDocuments"] = proofs.ListProofDocumentsResponse(documents=[proof(), proof(2)])
    for path in (DETAILS, UPLOAD):
        shown = page(browser, path)
        assert f'href="{UPLOAD}/d-2">Birth certificate 2' in shown and "PDF, 179 KB, 2 pages" in shown
    answers["GetProofDocument"] = proofs.GetProofDocumentResponse(
        file_name="A-0638-proof-1.pdf", content=PDF, media_type="application/pdf"
    )
    answer = browser.client.get(f"{UPLOAD}/d-1")
    assert answer.content == PDF and answer.headers["content-disposition"].startswith("attachment")


def test_a_cancellation_sends_reason_and_who_asked(browser: GatewayHarness) -> None:
    assert "Yes, Cancel Application" in page(browser, f"{DETAILS}/cancellation")
    fields = {"key": KEY, "reason": "moved", "asked_by": "client"}
    assert post(browser, f"{DETAILS}/cancellation", fields)[:2] == (303, DETAILS)
    sent = browser.fake_services.last("CancelApplication")
    assert (sent.reason, sent.asked_by) == (app.CANCEL_REASON_MOVED, app.CANCEL_PARTY_CLIENT)
    assert (sent.idempotency_key, sent.record_number) == (KEY, "A-0638")


def test_a_cancellation_without_an_answer_asks_for_both(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, f"{DETAILS}/cancellation", {"key": KEY, "reason": "bogus"})
    assert status == 422 and 'id="reason-error"' in shown and 'id="asked_by-error"' in shown
    assert all(name != "CancelApplication" for name, _, _ in browser.fake_services.asked)


def test_a_refused_cancellation_says_why_and_keeps_the_answers(browser: GatewayHarness) -> None:
    browser.fake_services.answers["CancelApplication"] = Conflict("Coverage has started.", code="coverage_has_begun")
    status, _, shown = post(
        browser, f"{DETAILS}/cancellation", {"key": KEY, "reason": "deceased", "asked_by": "producer"}
    )
    assert status == 409 and "Coverage has started." in shown
    assert 'value="deceased" required checked' in shown and 'value="producer" required checked' in shown


def test_the_question_stands_on_details_and_on_a_page_of_its_own(browser: GatewayHarness) -> None:
    shown = page(browser, DETAILS)
    assert f'href="{DETAILS}/cancellation" data-dialog' in shown
    assert "data-dialog-body" in page(browser, f"{DETAILS}/cancellation")


@pytest.mark.parametrize("status", [app.APPLICATION_STATUS_INCOMPLETE, app.APPLICATION_STATUS_CANCELLED])
def test_an_application_that_is_not_submitted_says_at_once_that_it_cannot_be_cancelled(
    browser: GatewayHarness, status: app.ApplicationStatus.ValueType
) -> None:
    application = whole_application(status)
    tell_application(browser.fake_services, application)
    assert "/cancellation" not in page(browser, DETAILS)
    shown = page(browser, f"{DETAILS}/cancellation")
    assert application.cancellation_refusal in unescape(shown) and "Yes, Cancel Application" not in shown


def test_coverage_that_has_begun_offers_no_cancellation(browser: GatewayHarness) -> None:
    begun = whole_application()
    begun.cancellation_refusal = "Coverage has begun. Terminate the coverage instead."
    tell_application(browser.fake_services, begun)
    shown = page(browser, DETAILS)
    assert "/cancellation" not in shown and begun.cancellation_refusal in shown
    asked = page(browser, f"{DETAILS}/cancellation")
    assert begun.cancellation_refusal in asked and "Yes, Cancel Application" not in asked


def test_a_second_cancellation_says_when_and_at_whose_request_it_was_cancelled(browser: GatewayHarness) -> None:
    cancelled = whole_application(app.APPLICATION_STATUS_CANCELLED)
    browser.fake_services.answers["CancelApplication"] = Conflict(
        cancelled.cancellation_refusal, code="application_cancelled"
    )
    fields = {"key": KEY, "reason": "moved", "asked_by": "client"}
    page(browser, f"{DETAILS}/cancellation")
    tell_application(browser.fake_services, cancelled)
    status, _, shown = post(browser, f"{DETAILS}/cancellation", fields)
    assert status == 409 and cancelled.cancellation_refusal in unescape(shown)
    assert "Yes, Cancel Application" not in shown


def test_a_duplicate_asked_about_is_reached_from_what_is_missing_and_explained(browser: GatewayHarness) -> None:
    answers = browser.fake_services.answers
    tell_application(browser.fake_services, whole_application(app.APPLICATION_STATUS_INCOMPLETE))
    issue = app.Shortcoming(
        step=app.STEP_HOUSEHOLD, field="people[0].ssn", message="Application A-0601 covers the same.", rule="R14"
    )
    answers["GetReadiness"] = enrollment.GetReadinessResponse(missing=[issue])
    assert f'href="{DETAILS}/duplicates"' in page(browser, DETAILS)
    answers["FindDuplicates"] = clients_pb2.FindDuplicatesResponse(
        duplicates=[
            clients_pb2.Duplicate(
                record_number="A-0601",
                status=app.APPLICATION_STATUS_SUBMITTED,
                matches=[clients_pb2.DUPLICATE_MATCH_SAME_SSN],
                effective_date="2026-06-01",
                applicant_name="Jessica Tester",
            )
        ]
    )
    shown = page(browser, f"{DETAILS}/duplicates")
    assert "A-0601" in shown and "same Social Security number" in shown and "6/1/2026" in shown
    assert post(browser, f"{DETAILS}/duplicates", {"version": "4", "reason": ""})[0] == 422
    sent = {"version": "4", "reason": "client_asked"}
    assert post(browser, f"{DETAILS}/duplicates", sent)[:2] == (303, DETAILS)
    asked = browser.fake_services.last("ExplainDuplicates")
    assert (asked.version, asked.reason) == (4, clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED)


def test_a_producer_sees_name_number_and_company_of_every_state_before_starting(browser: GatewayHarness) -> None:
    shown = page(browser, "/applications/new")
    assert shown.count('name="writing_number"') == 6
    assert "Illinois" in shown and "FRITZ BENEFITS GROUP" in shown and "CRAVEN, FAZILA" in shown
    assert "OTHER, OLGA" not in shown


def test_a_delegate_finds_a_number_by_typing_and_sees_name_company_and_state(browser: GatewayHarness) -> None:
    sign_in(browser, "delegate@example.com")
    assert 'name="writing_number"' not in page(browser, "/applications/new")
    for typed in ("2200", "fritz", "CRAVEN"):
        for path in ("/applications/new/numbers", "/applications/new"):
            assert 'name="writing_number"' in page(browser, f"{path}?q={typed}")
    one = page(browser, "/applications/new/numbers?q=1078")
    assert "<html" not in one and "CRAVEN, FAZILA" in one and "Texas" in one and "checked" in one
    assert "No Writing Producer Number of yours matches" in page(browser, "/applications/new/numbers?q=6600")


def test_a_start_without_a_number_asks_for_one_and_a_start_leads_to_the_application(browser: GatewayHarness) -> None:
    status, _, shown = post(browser, "/applications/new", {"key": KEY})
    assert status == 422 and "Choose the Writing Producer Number." in shown and f'value="{KEY}"' in shown
    started = enrollment.StartApplicationResponse(application=whole_application(app.APPLICATION_STATUS_INCOMPLETE))
    browser.fake_services.answers["StartApplication"] = started
    fields = {"key": KEY, "writing_number": "220002598"}
    assert post(browser, "/applications/new", fields)[1].startswith(DETAILS)
    asked = browser.fake_services.last("StartApplication")
    assert (asked.writing_number, asked.idempotency_key) == ("220002598", KEY)
