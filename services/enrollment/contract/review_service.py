"""Contract: the rpcs of client reviews. The gateway alone may ask those that a client's link leads to."""

from __future__ import annotations

from typing import Protocol

from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.contract import command_of
from chassis.kernel import Caller
from services.enrollment.contract import review_protos
from services.enrollment.usecases.get_review import GetReview
from services.enrollment.usecases.list_reviews import ListReviews
from services.enrollment.usecases.open_review import OpenReview
from services.enrollment.usecases.read_review import ReadReview
from services.enrollment.usecases.return_review import ReturnReview
from services.enrollment.usecases.revoke_review import RevokeReview
from services.enrollment.usecases.save_review_remark import ReviewField, SaveReviewRemark
from services.enrollment.usecases.send_for_review import SendForReview
from services.enrollment.usecases.sign_review import ReviewSignature, SignReview
from services.enrollment.usecases.withdraw_review import WithdrawReview
from services.enrollment.wire.enums import enum_to_proto


class ReviewUseCases(Protocol):
    """Those of ``contract.service.UseCases`` that these methods call."""

    @property
    def send_for_review(self) -> SendForReview: ...
    @property
    def list_reviews(self) -> ListReviews: ...
    @property
    def get_review(self) -> GetReview: ...
    @property
    def revoke_review(self) -> RevokeReview: ...
    @property
    def open_review(self) -> OpenReview: ...
    @property
    def read_review(self) -> ReadReview: ...
    @property
    def save_review_remark(self) -> SaveReviewRemark: ...
    @property
    def return_review(self) -> ReturnReview: ...
    @property
    def sign_review(self) -> SignReview: ...
    @property
    def withdraw_review(self) -> WithdrawReview: ...


class ReviewMethods:
    """Part of ``EnrollmentContract``."""

    _use_cases: ReviewUseCases

    def send_for_review(self, request: pb.SendForReviewRequest, caller: Caller) -> pb.SendForReviewResponse:
        command = command_of(caller, "send_for_review", request.idempotency_key, request)
        sent = self._use_cases.send_for_review(command, request.record_number, review_protos.read_settings(request))
        return pb.SendForReviewResponse(review=review_protos.review_to_proto(sent.view), url=sent.url, code=sent.code)

    def list_reviews(self, request: pb.ListReviewsRequest, caller: Caller) -> pb.ListReviewsResponse:
        found = self._use_cases.list_reviews(caller, request.record_number)
        return pb.ListReviewsResponse(reviews=map(review_protos.review_to_proto, found))

    def get_review(self, request: pb.GetReviewRequest, caller: Caller) -> pb.GetReviewResponse:
        view = self._use_cases.get_review(caller, request.record_number, request.review_id)
        return review_protos.review_with_content(view)

    def revoke_review(self, request: pb.RevokeReviewRequest, caller: Caller) -> pb.RevokeReviewResponse:
        self._use_cases.revoke_review(caller, request.record_number, request.review_id)
        return pb.RevokeReviewResponse()

    def open_review(self, request: pb.OpenReviewRequest, _caller: Caller) -> pb.OpenReviewResponse:
        opened = self._use_cases.open_review(request.token, review_protos.read_proof(request))
        proof = enum_to_proto(opened.review.proof)
        return pb.OpenReviewResponse(language=opened.review.language, proof=proof, access=opened.access)

    def read_review(self, request: pb.ReadReviewRequest, _caller: Caller) -> pb.ReadReviewResponse:
        return review_protos.shown_to_proto(self._use_cases.read_review(review_protos.read_credentials(request.review)))

    def save_review_remark(self, request: pb.SaveReviewRemarkRequest, _caller: Caller) -> pb.SaveReviewRemarkResponse:
        place = ReviewField(request.section, request.person, request.field)
        credentials = review_protos.read_credentials(request.review)
        remarks = self._use_cases.save_review_remark(credentials, place, request.remark)
        return pb.SaveReviewRemarkResponse(remarks=map(review_protos.remark_to_proto, remarks))

    def return_review(self, request: pb.ReturnReviewRequest, _caller: Caller) -> pb.ReturnReviewResponse:
        self._use_cases.return_review(review_protos.read_credentials(request.review))
        return pb.ReturnReviewResponse()

    def sign_review(self, request: pb.SignReviewRequest, _caller: Caller) -> pb.SignReviewResponse:
        signature = ReviewSignature(request.sha256, request.language, request.agreed, request.signature)
        signed = self._use_cases.sign_review(review_protos.read_credentials(request.review), signature)
        return pb.SignReviewResponse(consent=review_protos.consent_of(signed))

    def withdraw_review(self, request: pb.WithdrawReviewRequest, _caller: Caller) -> pb.WithdrawReviewResponse:
        self._use_cases.withdraw_review(review_protos.read_credentials(request.review))
        return pb.WithdrawReviewResponse()
