"""An answer with personal data is recorded before it leaves, and does not leave when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.contract import Contract, request_class, response_class
from chassis.db.access_log import Access, AccessLog, current_access
from chassis.identity import (
    Caller,
    CallerKind,
    TokenIssuer,
    TokenVerifier,
    WritingNumber,
    generate_private_jwk,
    public_jwks,
)
from chassis.kernel import DomainError, EmergencyAccess, FixedClock, InvalidInput, NotFound, Unavailable
from chassis.recorded_contract import RecordedContract

SERVICE = pb.DESCRIPTOR.services_by_name["EnrollmentService"]
GET, LIST = SERVICE.methods_by_name["GetApplication"], SERVICE.methods_by_name["ListApplications"]
RULES = SERVICE.methods_by_name["GetEnrollmentRules"]
FRITZ = Caller(CallerKind.PRODUCER, "fritz@example.com")
ONE = pb.GetApplicationRequest(record_number="A-0001")


class Answering(Contract):
    """Answers every call in one way."""

    descriptor = SERVICE

    def __init__(self, answer: Callable[[], Message]) -> None:
        self._answer = answer

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        return self._answer()


class RememberedLog(AccessLog):
    """Remembers what would be a row."""

    def __init__(self, refusal: DomainError | None = None) -> None:
        self.rows: list[tuple[list[str], str]] = []
        self.actors: list[tuple[str, str, str]] = []
        self.grants: list[str] = []
        self._refusal = refusal

    def write(self, access: Access) -> None:
        if self._refusal:
            raise self._refusal
        if access.subjects and not access.written:
            self.rows.append((access.subjects, access.outcome))
            self.actors.append((access.actor, access.actor_kind, access.on_behalf_of))
            self.grants.append(access.grant_id)


def record(answer: Callable[[], Message], log: RememberedLog) -> RecordedContract:
    return RecordedContract(Answering(answer), log, FixedClock.at("2026-04-01"))


def application(number: str = "A-0001") -> Message:
    return pb.GetApplicationResponse(application=application_pb2.Application(record_number=number))


def refuse(error: DomainError) -> Callable[[], Message]:
    def raise_it() -> Message:
        raise error

    return raise_it


def test_an_answer_with_personal_data_is_recorded_under_its_record() -> None:
    log = RememberedLog()
    record(application, log).handle(GET, ONE, FRITZ)
    assert log.rows == [(["A-0001"], "answered")]


@pytest.mark.parametrize(
    ("caller", "actor"),
    [
        (FRITZ, ("fritz@example.com", "producer", "")),
        (Caller(CallerKind.SERVICE, "documents"), ("documents", "service", "")),
        (replace(FRITZ, service="documents"), ("documents", "service", "fritz@example.com")),
    ],
    ids=["person", "service", "service for a person"],
)
def test_who_gets_the_answer_is_the_actor(caller: Caller, actor: tuple[str, str, str]) -> None:
    log = RememberedLog()
    record(application, log).handle(GET, ONE, caller)
    assert log.actors == [actor]


def test_a_list_is_one_row_with_everybody_on_it() -> None:
    log = RememberedLog()
    found = overview.ListApplicationsResponse(
        applications=[overview.ApplicationSummary(record_number=f"A-{n}") for n in range(50)]
    )
    record(lambda: found, log).handle(LIST, overview.ListApplicationsRequest(), FRITZ)
    assert log.rows == [([f"A-{n}" for n in range(50)], "answered")]


def test_an_answer_without_personal_data_costs_nothing() -> None:
    log = RememberedLog()
    contract = record(pb.GetApplicationResponse, log)
    contract.handle(RULES, pb.GetApplicationRequest(), FRITZ)
    assert not log.rows


def test_an_answer_that_cannot_be_recorded_does_not_leave() -> None:
    contract = record(application, RememberedLog(Unavailable("away")))
    with pytest.raises(Unavailable):
        contract.handle(GET, ONE, FRITZ)


def test_a_request_for_what_is_not_there_or_not_theirs_is_recorded_as_refused() -> None:
    log = RememberedLog()
    with pytest.raises(NotFound):
        record(refuse(NotFound("There is none.")), log).handle(GET, ONE, FRITZ)
    assert log.rows == [(["A-0001"], "not_found")]


def test_a_request_that_is_no_request_is_not_recorded() -> None:
    log = RememberedLog()
    with pytest.raises(InvalidInput):
        record(refuse(InvalidInput("No.")), log).handle(GET, ONE, FRITZ)
    assert not log.rows


def test_who_else_is_in_an_answer_gets_a_row_when_the_first_went_with_the_transaction() -> None:
    log = RememberedLog()

    def answer() -> Message:
        access = current_access()
        assert access is not None
        access.written = True  # as a transaction does that takes the row along
        return application("A-0002")

    record(answer, log).handle(GET, ONE, FRITZ)
    assert log.rows == [(["A-0002"], "answered")]


def test_bytes_that_are_no_request_are_refused() -> None:
    with pytest.raises(InvalidInput):
        record(application, RememberedLog()).handle_bytes(GET, b"\xff", FRITZ)


def test_a_call_leaves_nothing_behind_for_the_next() -> None:
    record(application, RememberedLog()).handle(GET, ONE, FRITZ)
    assert current_access() is None


NUMBER = WritingNumber("000000001", "IL", "", "")
ENDS = datetime(2026, 4, 1, 20, tzinfo=UTC)
HELPER = Caller(
    CallerKind.PRODUCER, "helper@example.com", emergencies=(EmergencyAccess("G-1", "A-0001", NUMBER, ENDS),)
)
SAVE, TIMELINE = SERVICE.methods_by_name["SaveStep"], SERVICE.methods_by_name["GetTimeline"]


class Seeing(Contract):
    """Answers with whether the caller may see the record's writing number."""

    descriptor = SERVICE

    def __init__(self) -> None:
        self.may: list[bool] = []

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        self.may.append(caller.may_see(NUMBER.number))
        return response_class(method)()


@pytest.mark.parametrize(
    ("method", "record", "now", "may"),
    [
        (GET, "A-0001", ENDS - timedelta(seconds=1), True),
        (TIMELINE, "A-0001", ENDS - timedelta(seconds=1), True),
        (GET, "A-0001", ENDS, False),
        (GET, "A-0002", ENDS - timedelta(seconds=1), False),
        (SAVE, "A-0001", ENDS - timedelta(seconds=1), False),
    ],
    ids=["look", "look at its timeline", "look when it is over", "look at another record", "change"],
)
def test_an_emergency_opens_one_record_to_look_at_until_it_ends(
    method: MethodDescriptor, record: str, now: datetime, may: bool
) -> None:
    log, contract = RememberedLog(), Seeing()
    request = request_class(method)(record_number=record)
    RecordedContract(contract, log, FixedClock(now)).handle_bytes(method, request.SerializeToString(), HELPER)
    assert contract.may == [may]
    assert ("G-1" in log.grants) is may


def test_an_emergency_travels_in_the_signed_token() -> None:
    key = generate_private_jwk("gateway")
    token = TokenIssuer(key).issue(HELPER)
    assert TokenVerifier(public_jwks([key])).verify(token) == HELPER
