from typing import Any, cast

from google.protobuf.message import Message
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.bus.client import BusClient
from services.documents.remote.applications import EnrollmentApplications
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
