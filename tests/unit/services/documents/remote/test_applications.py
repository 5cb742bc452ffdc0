from typing import Any, cast

import pytest
from google.protobuf.message import Message
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.client import BusClient
from services.documents.domain.proof import ApplicationSummary
from services.documents.remote.applications import EnrollmentApplications, EnrollmentApplicationSummaries
from tests.unit.services.documents.samples import full


class FakeBus:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.application = full()

    def call(self, service: Any, method: str, request: Any, response: type[Message]) -> Message:
        self.asked.append((service.full_name, method, request.record_number))
        return pb.GetApplicationResponse(application=self.application)


def test_the_application_is_fetched_from_enrollment_by_its_record_number() -> None:
    bus = FakeBus()
    found = EnrollmentApplications(cast(BusClient, bus)).get_application("A-0638")
    assert bus.asked == [("suite.enrollment.v1.EnrollmentService", "GetApplication", "A-0638")]
    assert found == full()


@pytest.mark.parametrize("submitted", [True, False])
@pytest.mark.parametrize("special_enrollment", [True, False])
def test_the_summary_of_an_application_holds_what_proof_depends_on(submitted: bool, special_enrollment: bool) -> None:
    bus = FakeBus()
    status = (application_pb2.APPLICATION_STATUS_INCOMPLETE, application_pb2.APPLICATION_STATUS_SUBMITTED)[submitted]
    general = bus.application.general
    general.producer.writing_number, general.special_enrollment = "107864325", special_enrollment
    bus.application.status = status
    bus.application.proofs_asked[:] = ["birth_certificate", "adoption_decree"]
    found = EnrollmentApplicationSummaries(cast(BusClient, bus)).get_summary("A-0638")
    assert bus.asked == [("suite.enrollment.v1.EnrollmentService", "GetApplication", "A-0638")]
    assert found == ApplicationSummary(
        "107864325", submitted, special_enrollment, ("birth_certificate", "adoption_decree")
    )
