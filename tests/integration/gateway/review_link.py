"""A client's link to review an application, as enrollment answers it, and what a test sends to its pages."""

from __future__ import annotations

import re
from typing import Any

from suite.common.v1 import common_pb2
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import application_pb2, records_pb2
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Caller, Forbidden, InvalidInput, NotFound, Problem
from tests.browser.page_forms import read_page
from tests.integration.gateway.harness import GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
TOKEN = "A" * 50
PATH = f"/review/{TOKEN}"
ACCESS = "B" * 50
BORN = {"month": "6", "day": "14", "year": "1987", "last_name": "Sample"}
HOUSEHOLD, PLANS = application_pb2.STEP_HOUSEHOLD, application_pb2.STEP_PLANS


def review(status: Any = pb.REVIEW_STATUS_OPENED, **changes: Any) -> pb.ReadReviewResponse:
    born = pb.ReviewLine(
        step=HOUSEHOLD,
        field="people[0].date_of_birth",
        label="date_of_birth",
        kind=pb.REVIEW_VALUE_DATE,
        value="1987-06-14",
    )
    name = pb.ReviewLine(
        step=HOUSEHOLD,
        field="people[0].first_name",
        label="name",
        kind=pb.REVIEW_VALUE_TEXT,
        value="<b>Ada</b> Sample",
    )
    spouse = pb.ReviewLine(
        step=HOUSEHOLD, field="people[0].relationship", label="relationship", kind=pb.REVIEW_VALUE_WORD, value="self"
    )
    home = pb.ReviewLine(
        step=HOUSEHOLD, label="home_address", kind=pb.REVIEW_VALUE_TEXT, value="Chicago, IL 60601", county="Cook"
    )
    premium = pb.ReviewLine(step=PLANS, label="monthly_premium", kind=pb.REVIEW_VALUE_MONEY, value="1412.50")
    shown = pb.ReadReviewResponse(
        status=status,
        record_number="A-0638",
        state="IL",
        producer=common_pb2.Producer(name="FRITZ, CALVIN C"),
        sections=[
            pb.ReviewSection(key="plans", lines=[premium]),
            pb.ReviewSection(key="person", person=1, lines=[name, spouse, born]),
            pb.ReviewSection(key="contact", lines=[home]),
        ],
        sha256="c" * 64,
        texts=[records_pb2.ReviewedText(kind="client-review", version="2026.1")],
        signers=[pb.ExpectedSigner(signer=records_pb2.REVIEW_SIGNER_APPLICANT, name="Ada Sample")],
        **changes,
    )
    shown.expires_at.FromJsonString("2026-06-03T15:00:00Z")
    return shown


def consent() -> records_pb2.ReviewConsent:
    found = records_pb2.ReviewConsent(signer_name="Ada Sample", producer_name="FRITZ, CALVIN C", sha256="c" * 64)
    found.signed_at.FromJsonString("2026-05-21T02:00:00Z")  # the evening before in Illinois
    return found


def open_link(request: pb.OpenReviewRequest, caller: Caller) -> pb.OpenReviewResponse:
    """As enrollment answers a link in Spanish that asks for date of birth and last name."""
    assert (caller.is_service, caller.subject) == (True, "gateway")
    if request.token != TOKEN:
        raise NotFound("This link has expired or was withdrawn.")
    proof = pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME
    if not request.date_of_birth:
        return pb.OpenReviewResponse(language="es", proof=proof)
    if request.date_of_birth != "1987-06-14":
        raise InvalidInput("wrong", code="proof_differs", problems=(Problem("last_name", "wrong"),))
    return pb.OpenReviewResponse(language="es", proof=proof, access=ACCESS)


def read_link(request: pb.ReadReviewRequest, _caller: Caller) -> pb.ReadReviewResponse:
    if request.review.access != ACCESS:
        raise Forbidden("Again.", code="review_access_ended")
    return review()


PLANS_REMARK = {"plans-field": "", "plans-remark": "Too dear."}
PERSON_REMARK = {"person-1-field": "people[0].date_of_birth", "person-1-remark": "The 15th."}


def answer_link(harness: GatewayHarness) -> None:
    """Enrollment and documents answer for the link from now on."""
    harness.fake_services.answers |= {
        "OpenReview": open_link,
        "ReadReview": read_link,
        "GetText": lambda request, _: texts_pb2.GetTextResponse(
            text=texts_pb2.LegalText(
                kind=request.kind, version=request.text_version, title=f"A text in {request.language}"
            )
        ),
    }


def follow(harness: GatewayHarness, answer: Any) -> Any:
    """The page that a refused form leads to, so that Back sends nothing again."""
    assert answer.status_code == 303
    return harness.client.get(answer.headers["location"])


def asked(harness: GatewayHarness) -> list[str]:
    return [name for name, _, _ in harness.fake_services.asked]


def post(harness: GatewayHarness, rest: str, **fields: str) -> Any:
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get(PATH).text)
    data = {"csrf": found[1] if found else "", **fields}
    return harness.client.post(PATH + rest, data=data, headers=SAME_ORIGIN)


def typed_on(page: str, address: str) -> dict[str, str]:
    """What a form of the page holds, by the name of the field."""
    return {name: one for name, [one] in read_page(page, PATH).form(address).fields().items() if one}
