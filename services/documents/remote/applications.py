"""Applications, fetched from enrollment over the bus."""

from __future__ import annotations

from suite.enrollment.v1 import application_pb2, client_review_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.client import BusClient
from services.documents.domain.proof import ApplicationSummary

ENROLLMENT = pb.DESCRIPTOR.services_by_name["EnrollmentService"]


class EnrollmentApplications:
    """The port ``typesetting.typesetter.ApplicationSource``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_application(self, record_number: str) -> application_pb2.Application:
        request = pb.GetApplicationRequest(record_number=record_number, with_self_identification=True)
        answer = self._bus.call(ENROLLMENT, "GetApplication", request, pb.GetApplicationResponse)
        return answer.application

    def get_review(self, record_number: str, review_id: str) -> client_review_pb2.GetReviewResponse:
        request = client_review_pb2.GetReviewRequest(record_number=record_number, review_id=review_id)
        return self._bus.call(ENROLLMENT, "GetReview", request, client_review_pb2.GetReviewResponse)


class EnrollmentApplicationSummaries:
    """The port ``usecases.ports.ApplicationSummaries``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_summary(self, record_number: str) -> ApplicationSummary:
        request = pb.GetApplicationRequest(record_number=record_number)
        answer = self._bus.call(ENROLLMENT, "GetApplication", request, pb.GetApplicationResponse)
        return to_summary(answer.application)


def to_summary(message: application_pb2.Application) -> ApplicationSummary:
    return ApplicationSummary(
        writing_number=message.general.producer.writing_number,
        submitted=message.status == application_pb2.APPLICATION_STATUS_SUBMITTED,
        special_enrollment=message.general.special_enrollment,
        asked=tuple(message.proofs_asked),
    )
