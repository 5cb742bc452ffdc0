"""The producer's side of client reviews: send, see what came of it, send again, close, download the consent record."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, Problem
from gateway.edge.context import require_session
from gateway.edge.file_response import file_response
from gateway.edge.methods import Handler
from gateway.edge.problems import status_of
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_details.form_fields import Issue, issue_of
from gateway.pages.application_fields.labels import label_of_field
from gateway.pages.application_fields.links import link_to_field
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page
from gateway.pages.review.page_texts import texts_in

LANGUAGES = {"en": "English", "es": "Spanish"}
DAYS = (7, 14, 30, 60)
PROOFS = {"born": pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME, "code": pb.REVIEW_PROOF_CODE}
_SEND_AGAIN = "Send the application again for review."


@dataclass(frozen=True, slots=True)
class _StatusText:
    """``badge``: of the design system. ``advice``: what is done next, of the newest review of an open application."""

    word: str
    badge: str
    meaning: str
    advice: str = ""


_STATUSES: Mapping[int, _StatusText] = {
    pb.REVIEW_STATUS_SENT: _StatusText("Sent", "info", "The client has not opened the link yet."),
    pb.REVIEW_STATUS_OPENED: _StatusText("Opened", "info", "The client has opened the link and not answered yet."),
    pb.REVIEW_STATUS_RETURNED: _StatusText(
        "Needs correction", "warn", "The client marked something as wrong.", f"Correct it. {_SEND_AGAIN}"
    ),
    pb.REVIEW_STATUS_SIGNED: _StatusText(
        "Signed", "success", "The client reviewed the whole application and signed it."
    ),
    pb.REVIEW_STATUS_OUTDATED: _StatusText(
        "Needs a new review", "warn", "The application changed after the client signed it.", _SEND_AGAIN
    ),
    pb.REVIEW_STATUS_WITHDRAWN: _StatusText(
        "Consent withdrawn",
        "alert",
        "The client withdrew the consent.",
        f"Do no more for the client without a new consent. {_SEND_AGAIN}",
    ),
    pb.REVIEW_STATUS_REVOKED: _StatusText("Link closed", "", "The link no longer works."),
    pb.REVIEW_STATUS_LOCKED: _StatusText(
        "Link locked",
        "alert",
        "Too many wrong answers to the identity question.",
        "Check who has the link, then send a new one.",
    ),
    pb.REVIEW_STATUS_EXPIRED: _StatusText("Expired", "", "The link was not answered in time.", _SEND_AGAIN),
}
_UNKNOWN = _StatusText("Unknown", "", "")
_NOT_SIGNED_ANY_MORE = "The application can no longer be signed."
# Instead, where the application can no longer be sent for review. A later consent is recorded by the producer
# (45 CFR 155.220(j)(2)(iii)): a review by link is one before submission ((j)(2)(ii)).
_ADVICE_WHEN_CLOSED = {
    pb.REVIEW_STATUS_SENT: _NOT_SIGNED_ANY_MORE,
    pb.REVIEW_STATUS_OPENED: _NOT_SIGNED_ANY_MORE,
    pb.REVIEW_STATUS_WITHDRAWN: "Do no more for the client without a new consent. This application can no longer be "
    "sent for review: obtain the consent outside the portal, such as by a signature on paper, a recorded call or a "
    "written reply, and keep it for ten years.",
}
_NOT_CANCELLED = " Coverage that was applied for is not cancelled."
_OPEN = (pb.REVIEW_STATUS_SENT, pb.REVIEW_STATUS_OPENED)
_HOLDING = (pb.REVIEW_STATUS_SIGNED, pb.REVIEW_STATUS_OUTDATED)


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What the client wrote, and the way to its field."""

    label: str
    remark: str
    href: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """``closes``: what the button that ends it says; empty where nothing is left to end."""

    review: pb.ClientReview
    word: str
    badge: str
    meaning: str
    advice: str
    language: str
    closes: str
    remarks: Sequence[RemarkRow]


@dataclass(frozen=True, slots=True)
class ReviewPanel:
    """The section on an application's page. ``key``: what makes a second click send nothing again."""

    rows: Sequence[ReviewRow]
    key: str
    can_send: bool

    @property
    def newest(self) -> ReviewRow | None:
        return self.rows[0] if self.rows else None


async def list_reviews(request: Request) -> Sequence[pb.ClientReview]:
    """Newest first."""
    answer = await ask_service(
        request,
        ENROLLMENT["ListReviews"],
        pb.ListReviewsRequest(record_number=request.path_params["record_number"]),
        pb.ListReviewsResponse,
    )
    return answer.reviews


def build_panel(application: application_pb2.Application, reviews: Sequence[pb.ClientReview]) -> ReviewPanel:
    rows = [_row(application, review, newest=not place) for place, review in enumerate(reviews)]
    return ReviewPanel(rows, secrets.token_urlsafe(16), application.status in application_reads.EDITABLE)


async def send(request: Request) -> Response:
    """Shows the link, once. A reload sends the same key and so shows the same link: nothing is made twice."""
    session = await require_session(request)
    fields = await form_of(request, session)
    application = await application_reads.read_application(request)
    days = read_text(fields, "days")
    asked = pb.SendForReviewRequest(
        record_number=application.record_number,
        idempotency_key=read_text(fields, "key"),
        language=read_text(fields, "language"),
        proof=PROOFS.get(read_text(fields, "proof"), pb.REVIEW_PROOF_UNSPECIFIED),
        days=parse_number(days),
    )
    context: dict[str, Any] = {"application": application}
    try:
        _check(asked)
        sent = await ask_service(request, ENROLLMENT["SendForReview"], asked, pb.SendForReviewResponse)
    except DomainError as refusal:
        problems = [_problem(application, one.field, one.message) for one in refusal.problems]
        context |= {"refusal": refusal, "problems": problems}
        return await render_page(request, "client_reviews/refused.html", context, status_of(refusal))
    context |= {
        "sent": sent,
        "open": application.status in application_reads.EDITABLE,
        "mail": _mail(application, sent),
        "language": LANGUAGES[sent.review.language],
    }
    return await render_page(request, "client_reviews/sent.html", context)


def _check(asked: pb.SendForReviewRequest) -> None:
    """The contract has defaults for both; on the page each is chosen."""
    problems = []
    if not asked.days:
        problems.append(Problem("days", "Choose how long the link works."))
    if not asked.proof:
        problems.append(Problem("proof", "Choose how the client opens the link."))
    if problems:
        raise InvalidInput("Choose again how to send the application.", problems=tuple(problems))


async def revoke(request: Request) -> Response:
    session = await require_session(request)
    await form_of(request, session)
    record_number = request.path_params["record_number"]
    asked = pb.RevokeReviewRequest(record_number=record_number, review_id=request.path_params["review_id"])
    await ask_service(request, ENROLLMENT["RevokeReview"], asked, pb.RevokeReviewResponse)
    return redirect_to(f"/applications/{record_number}#client-review")


async def consent_pdf(request: Request) -> Response:
    """The consent record alone."""
    answer = await ask_service(
        request,
        DOCUMENTS["GetReviewPdf"],
        documents_service_pb2.GetReviewPdfRequest(
            record_number=request.path_params["record_number"], review_id=request.path_params["review_id"]
        ),
        documents_service_pb2.GetReviewPdfResponse,
    )
    return file_response(answer)


def _row(application: application_pb2.Application, review: pb.ClientReview, *, newest: bool) -> ReviewRow:
    text = _STATUSES.get(review.status, _UNKNOWN)
    open_still = application.status in application_reads.EDITABLE
    advice = text.advice if open_still else _ADVICE_WHEN_CLOSED.get(review.status, "")
    submitted = application.status == application_pb2.APPLICATION_STATUS_SUBMITTED
    if submitted and review.status == pb.REVIEW_STATUS_WITHDRAWN:
        advice += _NOT_CANCELLED
    closes = "Close link" if review.status in _OPEN else ""
    if review.status in _HOLDING:
        closes = "Record that the client withdrew the consent"
    remarks = [_remark(application, one) for one in review.remarks]
    said = text.word, text.badge, text.meaning, advice if newest else ""
    return ReviewRow(review, *said, LANGUAGES.get(review.language, ""), closes, remarks)


def _remark(application: application_pb2.Application, one: pb.ReviewRemark) -> RemarkRow:
    section = texts_in("en").form.section(one.section, one.person, "")
    label = label_of_field(one.field, application.household, application.plans) if one.field else section
    return RemarkRow(label, one.remark, link_to_field(application, one.step, one.field))


def _problem(application: application_pb2.Application, path: str, message: str) -> Issue:
    """A field of a step, as the refusal names it: "household.people[0].sex"."""
    step, _, field = path.partition(".")
    named = application_pb2.Shortcoming(field=field, message=message)
    if step in _STEPS:
        named.step = _STEPS[step]
    return issue_of(application, named)


_STEPS = {name.removeprefix("STEP_").lower(): number for name, number in application_pb2.Step.items()}


def _mail(application: application_pb2.Application, sent: pb.SendForReviewResponse) -> str:
    """A message in the producer's own mail program: to the client, in the client's language, with the link."""
    texts = texts_in(sent.review.language)
    address = quote(application.household.contact.email, safe="@")
    producer = application.general.producer.name
    body = texts.say("mail_body", producer=producer, url=sent.url)
    return f"mailto:{address}?subject={quote(texts.say('mail_subject'))}&body={quote(body)}"


CLIENT_REVIEW_ROUTES: dict[str, dict[str, Handler]] = {
    "/applications/{record_number}/reviews": {"POST": send},
    "/applications/{record_number}/reviews/{review_id}/revoke": {"POST": revoke},
    "/applications/{record_number}/reviews/{review_id}/consent.pdf": {"GET": consent_pdf},
}
