"""The producer's side of a client review, on the application's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2, records_pb2, steps_pb2
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import NotReady, Problem
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, sign_in

PATH = "/applications/A-0638"
# As the page has them from the start.
CHOSEN = {"language": "en", "days": "14", "proof": "born"}
URL = "https://portal.example/review/" + "A" * 50


def application(status: Any = application_pb2.APPLICATION_STATUS_INCOMPLETE) -> application_pb2.Application:
    people = [
        steps_pb2.Person(relationship=common_pb2.RELATIONSHIP_SELF, first_name="Ada", last_name="Sample"),
        steps_pb2.Person(
            relationship=common_pb2.RELATIONSHIP_CHILD, first_name="Dee", last_name="Sample", person_id="p-2"
        ),
    ]
    household = steps_pb2.HouseholdStep(people=people, contact=steps_pb2.Contact(email="ada+1@example.com"))
    general = steps_pb2.GeneralStep(producer=common_pb2.Producer(name="FRITZ, CALVIN C", writing_number="220002580"))
    return application_pb2.Application(
        record_number="A-0638", state="IL", status=status, household=household, general=general
    )


def listed(status: Any, **changes: Any) -> pb.ListReviewsResponse:
    review = pb.ClientReview(review_id="r-1", record_number="A-0638", status=status, language="es", **changes)
    for moment in (review.sent_at, review.expires_at):
        moment.FromJsonString("2026-05-20T15:00:00Z")
    return pb.ListReviewsResponse(reviews=[review])


@pytest.fixture
def producer(gateway_portal: GatewayHarness) -> GatewayHarness:
    gateway_portal.fake_services.answers |= {
        "GetApplication": enrollment_service_pb2.GetApplicationResponse(application=application()),
    }
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


def page(harness: GatewayHarness) -> str:
    answer = harness.client.get(PATH)
    assert answer.status_code == 200, answer.text
    return answer.text


def post(harness: GatewayHarness, rest: str, **fields: str) -> Any:
    found = re.search(r'name="csrf" value="(\w+)"', page(harness))
    assert found
    return harness.client.post(PATH + rest, data={"csrf": found[1], **fields}, headers=SAME_ORIGIN)


def test_the_application_offers_to_send_it_to_the_client(producer: GatewayHarness) -> None:
    shown = page(producer)
    assert "Send to client for review" in shown and 'action="/applications/A-0638/reviews"' in shown


def test_sending_shows_the_link_and_the_code_once_with_a_message_to_the_client(producer: GatewayHarness) -> None:
    review = listed(pb.REVIEW_STATUS_SENT).reviews[0]
    producer.fake_services.answers["SendForReview"] = pb.SendForReviewResponse(review=review, url=URL, code="012345")
    answer = post(producer, "/reviews", key="key-number-1", language="es", proof="code", days="30")
    assert answer.status_code == 200
    assert URL in answer.text and "012345" in answer.text
    mail = re.search(r'href="(mailto:[^"]+)"', answer.text)
    assert mail and mail[1].startswith("mailto:ada%2B1@example.com?subject=Revise%20su%20solicitud")
    sent = producer.fake_services.last("SendForReview")
    assert (sent.record_number, sent.idempotency_key, sent.language) == ("A-0638", "key-number-1", "es")
    assert (sent.proof, sent.days) == (pb.REVIEW_PROOF_CODE, 30)
    assert URL not in page(producer)


@pytest.mark.parametrize(
    ("choice", "advice"),
    [("days", "Choose how long the link works."), ("proof", "Choose how the client opens the link.")],
)
def test_a_choice_that_the_page_does_not_offer_sends_nothing(
    producer: GatewayHarness, choice: str, advice: str
) -> None:
    answer = post(producer, "/reviews", key="key-number-1", **CHOSEN | {choice: "x"})
    assert answer.status_code == 422 and advice in answer.text
    assert "SendForReview" not in [rpc for rpc, _, _ in producer.fake_services.asked]


def test_an_incomplete_application_says_what_to_complete_with_a_link_to_each_field(producer: GatewayHarness) -> None:
    missing = Problem("household.people[0].sex", "Enter the sex.", "R46")
    producer.fake_services.answers["SendForReview"] = NotReady("Complete it first.", problems=(missing,))
    answer = post(producer, "/reviews", key="key-number-1", **CHOSEN)
    assert answer.status_code == 409
    assert "Enter the sex." in answer.text and "/applications/A-0638/steps/household" in answer.text


def test_remarks_lead_to_the_fields_that_they_are_about(producer: GatewayHarness) -> None:
    remark = pb.ReviewRemark(
        step=application_pb2.STEP_HOUSEHOLD,
        field="people[1].date_of_birth",
        section="person",
        person=2,
        remark="The <b>11th</b>.",
    )
    whole = pb.ReviewRemark(step=application_pb2.STEP_PLANS, section="plans", remark="Too dear.")
    producer.fake_services.answers["ListReviews"] = listed(pb.REVIEW_STATUS_RETURNED, remarks=[remark, whole])
    shown = page(producer)
    assert "Needs correction" in shown and "The &lt;b&gt;11th&lt;/b&gt;." in shown
    assert "/applications/A-0638/steps/household/people/p-2" in shown
    assert "Plans and premium" in shown and "Send again for review" in shown


@pytest.mark.parametrize(
    ("status", "said", "closes"),
    [
        (pb.REVIEW_STATUS_SENT, "The client has not opened the link yet.", "Close link"),
        (pb.REVIEW_STATUS_LOCKED, "Too many wrong answers", ""),
        (pb.REVIEW_STATUS_SIGNED, "signed it", "Record that the client withdrew the consent"),
        (pb.REVIEW_STATUS_OUTDATED, "Needs a new review", "Record that the client withdrew the consent"),
        (pb.REVIEW_STATUS_WITHDRAWN, "The client withdrew the consent.", ""),
    ],
)
def test_the_status_says_what_to_do_and_what_can_be_ended(
    producer: GatewayHarness, status: Any, said: str, closes: str
) -> None:
    signed = records_pb2.ReviewConsent(signer_name="Ada Sample")
    producer.fake_services.answers["ListReviews"] = listed(status, consent=signed)
    shown = page(producer)
    assert said in shown
    assert ("/reviews/r-1/revoke" in shown) is bool(closes) and closes in shown
    assert "/reviews/r-1/consent.pdf" in shown


def test_a_submitted_application_keeps_its_review_and_is_not_sent_again(producer: GatewayHarness) -> None:
    submitted = application(application_pb2.APPLICATION_STATUS_SUBMITTED)
    producer.fake_services.answers["GetApplication"] = enrollment_service_pb2.GetApplicationResponse(
        application=submitted
    )
    assert "client-review" not in page(producer).replace("client-reviews.css", "")
    producer.fake_services.answers["ListReviews"] = listed(pb.REVIEW_STATUS_SIGNED)
    shown = page(producer)
    assert 'id="client-review"' in shown and "Send again for review" not in shown


@pytest.mark.parametrize(
    "status",
    [
        application_pb2.APPLICATION_STATUS_SUBMITTED,
        application_pb2.APPLICATION_STATUS_CANCELLED,
        application_pb2.APPLICATION_STATUS_EXPIRED,
    ],
)
@pytest.mark.parametrize(
    ("review", "meaning"),
    [
        (pb.REVIEW_STATUS_RETURNED, "The client marked something as wrong."),
        (pb.REVIEW_STATUS_OUTDATED, "The application changed after the client signed it."),
        (pb.REVIEW_STATUS_LOCKED, "Too many wrong answers to the identity question."),
        (pb.REVIEW_STATUS_EXPIRED, "The link was not answered in time."),
        (pb.REVIEW_STATUS_WITHDRAWN, "obtain the consent outside the portal"),
        (pb.REVIEW_STATUS_SENT, "The application can no longer be signed."),
    ],
)
def test_a_review_of_a_closed_application_advises_nothing_that_can_not_be_done(
    producer: GatewayHarness, status: Any, review: Any, meaning: str
) -> None:
    remark = pb.ReviewRemark(step=application_pb2.STEP_PLANS, section="plans", remark="Too dear.")
    producer.fake_services.answers["ListReviews"] = listed(review, remarks=[remark])
    shown = page(producer)
    if review not in (pb.REVIEW_STATUS_SENT,):
        assert "Send the application again" in shown or "send a new one" in shown
    closed = enrollment_service_pb2.GetApplicationResponse(application=application(status))
    producer.fake_services.answers["GetApplication"] = closed
    shown = page(producer)
    assert meaning in shown
    assert "Send the application again" not in shown and "send a new one" not in shown
    assert "/steps/plans" not in shown
    applied = status == application_pb2.APPLICATION_STATUS_SUBMITTED
    assert ("is not cancelled" in shown) is (applied and review == pb.REVIEW_STATUS_WITHDRAWN)


def test_only_the_newest_review_says_what_to_do(producer: GatewayHarness) -> None:
    newest, earlier = listed(pb.REVIEW_STATUS_SENT).reviews[0], listed(pb.REVIEW_STATUS_EXPIRED).reviews[0]
    producer.fake_services.answers["ListReviews"] = pb.ListReviewsResponse(reviews=[newest, earlier])
    shown = page(producer)
    assert "The link was not answered in time." in shown and "Send the application again" not in shown


def test_a_link_that_is_shown_again_after_the_submission_is_not_to_be_sent(producer: GatewayHarness) -> None:
    sent = listed(pb.REVIEW_STATUS_SENT).reviews[0]
    producer.fake_services.answers["SendForReview"] = pb.SendForReviewResponse(review=sent, url=URL)
    submitted = application(application_pb2.APPLICATION_STATUS_SUBMITTED)
    found = re.search(r'name="csrf" value="(\w+)"', page(producer))
    assert found
    producer.fake_services.answers["GetApplication"] = enrollment_service_pb2.GetApplicationResponse(
        application=submitted
    )
    fields = {"csrf": found[1], "key": "key-number-1", **CHOSEN}
    shown = producer.client.post(f"{PATH}/reviews", data=fields, headers=SAME_ORIGIN).text
    assert "Do not send this link." in shown and "mailto:" not in shown
    assert "Completed Applications" in shown and "Incomplete Applications" not in shown


def test_closing_a_link_leads_back_to_the_section(producer: GatewayHarness) -> None:
    answer = post(producer, "/reviews/r-1/revoke")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#client-review")
    sent = producer.fake_services.last("RevokeReview")
    assert (sent.record_number, sent.review_id) == ("A-0638", "r-1")


def test_the_consent_record_is_downloaded_as_a_file(producer: GatewayHarness) -> None:
    producer.fake_services.answers["GetReviewPdf"] = documents_service_pb2.GetReviewPdfResponse(
        file_name="A-0638-consent.pdf", content=b"%PDF-1.7"
    )
    answer = producer.client.get(f"{PATH}/reviews/r-1/consent.pdf")
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF-1.7")


@pytest.mark.parametrize("rest", ["/reviews", "/reviews/r-1/revoke"])
def test_a_form_without_the_sessions_token_is_refused(producer: GatewayHarness, rest: str) -> None:
    producer.fake_services.asked.clear()
    answer = producer.client.post(PATH + rest, data={"csrf": "0" * 64}, headers=SAME_ORIGIN)
    assert (answer.status_code, producer.fake_services.asked) == (403, [])
