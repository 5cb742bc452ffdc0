"""Short ways to send an application for review, and to act as the client who holds the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from suite.enrollment.v1 import application_pb2, steps_pb2
from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service

from chassis.kernel import Caller, CallerKind
from tests.unit.services.enrollment.harness import EnrollmentHarness

GATEWAY = Caller(CallerKind.SERVICE, "gateway")
BORN, NAME = "1987-06-14", "Sample"


@dataclass
class Client:
    """Who holds a link of an application."""

    harness: EnrollmentHarness
    sent: pb.SendForReviewResponse
    access: str = ""

    @property
    def token(self) -> str:
        return self.sent.url.rpartition("/")[2]

    @property
    def credentials(self) -> pb.ReviewAccess:
        return pb.ReviewAccess(token=self.token, access=self.access)

    def open(self, born: str = BORN, name: str = NAME, **proof: str) -> pb.OpenReviewResponse:
        asked = pb.OpenReviewRequest(token=self.token, date_of_birth=born, last_name=name, **proof)
        found: pb.OpenReviewResponse = self.harness.call("OpenReview", asked, GATEWAY)
        self.access = found.access
        return found

    def read(self) -> pb.ReadReviewResponse:
        found: pb.ReadReviewResponse = self.harness.call(
            "ReadReview", pb.ReadReviewRequest(review=self.credentials), GATEWAY
        )
        return found

    def mark(self, section: str, field: str, remark: str, person: int = 0) -> pb.SaveReviewRemarkResponse:
        asked = pb.SaveReviewRemarkRequest(
            review=self.credentials, section=section, person=person, field=field, remark=remark
        )
        found: pb.SaveReviewRemarkResponse = self.harness.call("SaveReviewRemark", asked, GATEWAY)
        return found

    def give_back(self) -> None:
        self.harness.call("ReturnReview", pb.ReturnReviewRequest(review=self.credentials), GATEWAY)

    def sign(self, name: str = "Ada Sample", **changes: Any) -> Any:
        sha256 = changes.pop("sha256", None) or self.read().sha256
        values = {"language": "en", "agreed": True, **changes}
        asked = pb.SignReviewRequest(review=self.credentials, sha256=sha256, signature=name, **values)
        return self.harness.call("SignReview", asked, GATEWAY).consent

    def withdraw(self) -> None:
        self.harness.call("WithdrawReview", pb.WithdrawReviewRequest(review=self.credentials), GATEWAY)


def send(harness: EnrollmentHarness, app: application_pb2.Application, **settings: Any) -> Client:
    asked = pb.SendForReviewRequest(idempotency_key=harness.key(), record_number=app.record_number, **settings)
    return Client(harness, harness.call("SendForReview", asked))


def opened(harness: EnrollmentHarness, app: application_pb2.Application, **settings: Any) -> Client:
    client = send(harness, app, **settings)
    client.open()
    return client


def by_review(harness: EnrollmentHarness, **changes: Any) -> application_pb2.Application:
    """Complete but for the client's signature."""
    return harness.complete(authorization=steps_pb2.AUTHORIZATION_CLIENT_REVIEW, **changes)


def reviews(harness: EnrollmentHarness, app: application_pb2.Application) -> list[pb.ClientReview]:
    found = harness.call("ListReviews", pb.ListReviewsRequest(record_number=app.record_number))
    return list(found.reviews)


def messages(harness: EnrollmentHarness, record_number: str) -> list[str]:
    """What readiness says is missing."""
    answer = harness.call("GetReadiness", service.GetReadinessRequest(record_number=record_number))
    return [one.message for one in answer.missing]
