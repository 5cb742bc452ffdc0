"""Every field of every rpc that the bus serves, and of every event, arrives as it was sent, through the real codecs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from kombu.serialization import dumps, loads
from sqlalchemy import MetaData
from suite.enrollment.v1 import enrollment_events_pb2

from chassis.bus import worker
from chassis.bus.answer import WANTED
from chassis.bus.call_connection import Call
from chassis.bus.client import BusClient
from chassis.bus.delivery import ReceivedMessage
from chassis.bus.topology import EventQueue
from chassis.contract import Contract, is_client_streaming, response_class
from chassis.db.infrastructure_tables import infrastructure_tables
from chassis.db.unit_of_work import OutgoingEvent, PostgresUnitOfWork
from chassis.identity import Caller, TokenIssuer, generate_private_jwk
from tests.access_rules import EverybodyMay
from tests.contract_fields import SERVICES, contract_files, differences, every_field, filled_fields
from tests.filled_messages import filled_messages

KEY = generate_private_jwk("enrollment")
METHODS = [
    method
    for owner in SERVICES
    for file in contract_files(owner)
    for service in file.services_by_name.values()
    for method in service.methods
    if not is_client_streaming(method)  # the bus has no streams
]
EVENTS = [
    message
    for owner in SERVICES
    for file in contract_files(owner)
    if file.name.endswith("_events.proto")
    for message in file.message_types_by_name.values()
]


class Echo(Contract):
    """Keeps what it is asked, and answers what it was told to. Asks nothing of values: those that tell every field from
    every other are out of bounds.
    """

    def __init__(self, method: MethodDescriptor, answer: Message) -> None:
        self.asked: list[Message] = []
        self._answer = answer

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        self.asked.append(request)
        return self._answer


class ShortWay:
    """From the client straight to the worker of ``contract``, in the text that would lie in the queue.

    ``forgets``: what of the call's context the worker's release does not know.
    """

    def __init__(self, contract: Contract, method: MethodDescriptor, forgets: str = "") -> None:
        self._contract, self._method, self._forgets = contract, method, forgets

    def send(self, call: Call) -> dict[str, Any]:
        context = {name: value for name, value in call.context.items() if name != self._forgets}
        answer = worker._answer(self._contract, self._method, EverybodyMay(KEY), context, as_text(dict(call.argument)))
        assert ("@protobuf" in answer) is not bool(self._forgets)
        return {"result": as_text(answer), "error": None}

    def give_up_within(self, seconds: float) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is kept."""


def as_text(payload: dict[str, Any]) -> dict[str, Any]:
    content_type, encoding, body = dumps(payload, serializer="json")
    read: dict[str, Any] = loads(body, content_type, encoding, accept={content_type})
    return read


@pytest.mark.parametrize("forgets", ["", WANTED], ids=["as it is", "from an earlier release"])
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_field_of_a_call_and_of_its_answer_arrives(method: MethodDescriptor, forgets: str) -> None:
    requests, answers = filled_messages(method.input_type), filled_messages(method.output_type)
    for request in requests:
        for answer in answers:
            echo = Echo(method, answer)
            bus = BusClient(ShortWay(echo, method, forgets), TokenIssuer(KEY))
            received = bus.call(method.containing_service, method.name, request, response_class(method))
            assert echo.asked == [request]
            assert received == answer
    assert every_field(method.input_type) == filled_fields(requests)
    assert every_field(method.output_type) == filled_fields(answers)


def arrived(event: Any) -> Message:
    """What a subscriber gets: from the outbox row that is written of it."""
    rows: list[Any] = []
    session: Any = SimpleNamespace(execute=lambda _insert, row: rows.append(row))
    work = PostgresUnitOfWork(
        session, infrastructure_tables(MetaData()), lambda _: OutgoingEvent("enrollment.made.up.v1", "A-0001", event)
    )
    work.publish_event(object())
    queue = EventQueue("documents", "enrollment.made.up.v1")
    received: Message = ReceivedMessage.of(queue, rows[0]["body"], {}, "id-1", redelivered=False).parse(type(event))[1]
    return received


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.name)
def test_every_field_of_an_event_arrives_with_its_subscriber(kind: Any) -> None:
    events = filled_messages(kind)
    assert [arrived(event) for event in events] == events
    assert every_field(kind) == filled_fields(events)


def test_an_outbox_that_forgets_a_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json_format.MessageToJson

    def forgetful(message: Any, **options: Any) -> str:
        copy = type(message)()
        copy.CopyFrom(message)
        copy.ClearField("rule_pack")
        return whole(copy, **options)

    monkeypatch.setattr(json_format, "MessageToJson", forgetful)
    event = filled_messages(enrollment_events_pb2.ApplicationSubmitted.DESCRIPTOR)[0]
    assert list(differences(event, arrived(event))) == [
        ("suite.enrollment.v1.ApplicationSubmitted.rule_pack", "rule_pack")
    ]


def test_a_call_that_forgets_a_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json_format.MessageToDict

    def forgetful(message: Any, **options: Any) -> dict[str, Any]:
        return {name: value for name, value in whole(message, **options).items() if name != "zip"}

    monkeypatch.setattr(json_format, "MessageToDict", forgetful)
    (method,) = (one for one in METHODS if one.name == "PriceSelection")
    request, answer = filled_messages(method.input_type)[0], filled_messages(method.output_type)[0]
    echo = Echo(method, answer)
    bus = BusClient(ShortWay(echo, method), TokenIssuer(KEY))
    bus.call(method.containing_service, method.name, request, response_class(method))
    assert list(differences(request, echo.asked[0])) == [("suite.quote.v1.PriceSelectionRequest.zip", "zip")]
