"""Contract: reviews by link, as proto messages; what a client sends, out of them."""

from __future__ import annotations

from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import records_pb2

from chassis.kernel import InvalidInput
from chassis.mapping import REST, ToProto
from services.enrollment.contract.step_protos import producer
from services.enrollment.contract.to_domain import parse_day
from services.enrollment.contract.to_proto import consent_to_proto
from services.enrollment.domain.canonical_form import read_canonical_form
from services.enrollment.domain.client_review import ClientReview, ReviewProof, ReviewRemark, ReviewSettings
from services.enrollment.domain.first_payment import total_due
from services.enrollment.domain.review_signing import ExpectedSigner
from services.enrollment.domain.reviewed_content import ReviewLine, ReviewSection
from services.enrollment.usecases.open_review import GivenProof
from services.enrollment.usecases.read_review import ShownReview
from services.enrollment.usecases.reviews import LinkCredentials, ReviewView
from services.enrollment.wire.enums import enum_from_proto, enum_to_proto
from services.enrollment.wire.values import money_to_proto, months_due

_line = ToProto(
    ReviewLine,
    pb.ReviewLine,
    value=lambda line: line.split_county()[0],
    county=lambda line: line.split_county()[1],
)
_section = ToProto(ReviewSection, pb.ReviewSection)
remark_to_proto = ToProto(ReviewRemark, pb.ReviewRemark)
_signer = ToProto(ExpectedSigner, pb.ExpectedSigner)
_review = ToProto(
    ClientReview,
    pb.ClientReview,
    at_call=("status", "remarks", "consent"),
    unsent=("writing_number", "wrong_proofs", "revoked_at", "shown"),
)
shown_to_proto = ToProto(
    ShownReview,
    pb.ReadReviewResponse,
    status=lambda shown: enum_to_proto(shown.view.status),
    record_number="application.record_number",
    state="application.state",
    producer=lambda shown: producer(shown.application.producer),
    remarks=lambda shown: [remark_to_proto(one) for one in shown.view.review.remarks],
    consent=lambda shown: consent_of(shown.view),
    expires_at=lambda shown: review_to_proto(shown.view).expires_at,
    monthly_premium=lambda shown: money_to_proto(shown.application.monthly_premium),
    first_payment_months=lambda shown: months_due(shown.months_due),
    first_payment=lambda shown: money_to_proto(total_due(shown.months_due)),
    unsent=REST,
)


def consent_of(view: ReviewView) -> records_pb2.ReviewConsent | None:
    return consent_to_proto(view.review.consent, view.state) if view.review.consent else None


def review_to_proto(view: ReviewView) -> pb.ClientReview:
    """What a client is still writing is not told."""
    review = view.review
    remarks = [remark_to_proto(one) for one in review.remarks] if review.answered_at else []
    return _review(review, status=enum_to_proto(view.status), remarks=remarks, consent=consent_of(view))


def review_with_content(view: ReviewView) -> pb.GetReviewResponse:
    form = view.review.shown
    sections = [_section(one) for one in read_canonical_form(form)]
    return pb.GetReviewResponse(review=review_to_proto(view), sections=sections, canonical_form=form)


def read_settings(request: pb.SendForReviewRequest) -> ReviewSettings:
    proof = enum_from_proto(ReviewProof, request.proof) if request.proof else ReviewProof.BIRTH_DATE_AND_LAST_NAME
    if proof is None:
        raise InvalidInput.at("proof", "Choose how the client opens the link.")
    return ReviewSettings(request.language, proof, request.days)


def read_proof(request: pb.OpenReviewRequest) -> GivenProof:
    return GivenProof(parse_day("date_of_birth", request.date_of_birth), request.last_name, request.code)


def read_credentials(access: pb.ReviewAccess) -> LinkCredentials:
    return LinkCredentials(access.token, access.access)
