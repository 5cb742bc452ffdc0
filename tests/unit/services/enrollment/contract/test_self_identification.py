"""Answers on language, ethnicity and identity reach nobody who does not need them (R54-R57, rules.md 9)."""

from typing import Any, cast

import pytest
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import records_pb2 as records
from suite.payment.v1 import payment_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Caller, CallerKind
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.remote.payments import RemotePayments
from services.enrollment.remote.providers import RemoteProviders
from services.enrollment.remote.quotes import RemoteQuotes
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

ANSWERS = records.SelfIdentification(
    spoken_language="nv", written_language="gu", ethnicities=["chicano"], identities=["samoan"]
)
CODES = {'"nv"', '"gu"', "chicano", "samoan", "hhs-4302"}
DOCUMENTS = Caller(CallerKind.SERVICE, "documents")


class RecordingBus:
    """Keeps every request and answers with as little as the adapters read."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def call(self, _service: Any, method: str, request: Message, response: type[Message]) -> Message:
        self.sent.append(f"{method} {MessageToJson(request)}")
        answer: Any = response()
        if method == "OpenPayment":
            answer.payment.status = payment_pb2.PAYMENT_STATUS_NOT_STARTED
        return cast(Message, answer)


@pytest.fixture
def bus(harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch) -> RecordingBus:
    """Everything that the stand-ins are asked also goes over the real adapters."""
    recording = RecordingBus()
    client = cast(BusClient, recording)
    real = {
        "quotes": (RemoteQuotes(client), "price"),
        "providers": (RemoteProviders(client), "assign"),
        "payments": (RemotePayments(client), "open"),
    }
    for name, (remote, method) in real.items():
        stand_in = getattr(harness, name)
        asked, answered = getattr(remote, method), getattr(stand_in, method)

        def both(*arguments: Any, asked: Any = asked, answered: Any = answered) -> Any:
            asked(*arguments)
            return answered(*arguments)

        monkeypatch.setattr(stand_in, method, both)
    return recording


def submitted(harness: EnrollmentHarness) -> Any:
    people = samples.household().people
    for person in people:
        person.self_identification.CopyFrom(ANSWERS)
    return harness.submit(harness.complete(people=people))


def read(harness: EnrollmentHarness, app: Any, caller: Caller, printing: bool = False) -> bool:
    """Whether the answers come along."""
    request = service.GetApplicationRequest(record_number=app.record_number, with_self_identification=printing)
    found: pb.Application = harness.call("GetApplication", request, caller).application
    return any(person.HasField("self_identification") for person in found.household.people)


def test_no_event_and_no_call_to_another_service_carries_them(harness: EnrollmentHarness, bus: RecordingBus) -> None:
    app = submitted(harness)
    assert app.status == pb.APPLICATION_STATUS_SUBMITTED
    assert {line.split()[0] for line in bus.sent} >= {"PriceSelection", "AssignProviders", "OpenPayment"}
    told = [*bus.sent, *(MessageToJson(event_to_proto(event).message) for event in harness.work.events)]
    assert len(told) > 5
    for line in told:
        assert not [code for code in CODES if code in line]
    assert all(code in MessageToJson(app) for code in CODES), "the answers were there to be told"


def test_they_go_to_people_and_to_the_printer_that_asks(harness: EnrollmentHarness) -> None:
    app = submitted(harness)
    assert read(harness, app, samples.PRODUCER)
    assert read(harness, app, DOCUMENTS, printing=True)
    assert not read(harness, app, DOCUMENTS)
    assert not read(harness, app, Caller(CallerKind.SERVICE, "payment"), printing=True)


def test_the_timeline_tells_none_of_them(harness: EnrollmentHarness) -> None:
    app = submitted(harness)
    request = service.GetTimelineRequest(record_number=app.record_number)
    told = MessageToJson(harness.call("GetTimeline", request))
    assert not [code for code in CODES if code in told]
