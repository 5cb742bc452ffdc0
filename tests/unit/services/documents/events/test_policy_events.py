"""What enrollment tells of policies is noted for their carriers, and what carriers answer is told to enrollment."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import application_pb2, enrollment_events_pb2

from chassis.bus.envelope import Delivery
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance
from services.documents.domain.edi.submitted_policy import (
    CarrierDecision,
    ContactChange,
    CoverageTermination,
    PolicyDecided,
    ending_reason,
)
from services.documents.events.incoming import make_subscriptions
from services.documents.events.outgoing import event_to_proto
from tests.unit.services.documents.policies import PROFILE

APPLICATION: dict[str, Any] = {
    "record_number": "A-0638",
    "client_app_id": 1243,
    "state": "IL",
    "writing_number": "220002580",
}


def hear(event: Message) -> list[tuple[object, ...]]:
    """What is noted of it."""
    noted: list[tuple[object, ...]] = []
    subscriptions = make_subscriptions(cast(Any, None), cast(Any, None), *[lambda *told: noted.append(told)] * 4)
    (subscription,) = (one for one in subscriptions if isinstance(event, one.message))
    subscription.handler(Delivery("m-1", subscription.event_type, "q", 1), event)
    return noted


def test_a_termination_is_noted_for_the_policy_that_it_ends() -> None:
    event = enrollment_events_pb2.CoverageTerminated(
        **APPLICATION,
        coverage=common_pb2.COVERAGE_DENTAL,
        plan_id="36096IL9900010-00",
        requested_on="2027-03-10",
        last_day="2027-03-31",
        reason=application_pb2.TERMINATION_REASON_MOVED,
        asked_by=application_pb2.CANCEL_PARTY_CLIENT,
    )
    expected = CoverageTermination("A0638D", date(2027, 3, 10), date(2027, 3, 31), "moved")
    assert hear(event) == [(expected,)]


def test_a_contact_change_is_noted_for_the_application() -> None:
    event = enrollment_events_pb2.ContactChanged(**APPLICATION, change=2, changed_on="2027-03-10")
    assert hear(event) == [(ContactChange("A-0638", 2, date(2027, 3, 10)),)]


def test_each_reason_of_a_termination_is_one_that_carriers_know() -> None:
    given = [one.removeprefix("TERMINATION_REASON_").lower() for one in application_pb2.TerminationReason.keys()[1:]]
    told = {one: ending_reason(Maintenance.TERMINATION, one) for one in given}
    assert told == {
        "no_longer_wanted": "voluntary",
        "other_coverage": "other_coverage",
        "moved": "not_eligible",
        "deceased": "death",
    }
    assert set(told.values()) <= PROFILE.endings[Maintenance.TERMINATION].keys()


def test_who_moves_before_coverage_begins_takes_the_application_back() -> None:
    assert ending_reason(Maintenance.CANCELLATION, "moved") == "voluntary"


@pytest.mark.parametrize(
    ("maintenance", "answers", "of_cancellation"),
    [
        (Maintenance.INITIAL, documents_events_pb2.CARRIER_TRANSACTION_ENROLLMENT, False),
        (Maintenance.CANCELLATION, documents_events_pb2.CARRIER_TRANSACTION_CANCELLATION, True),
        (Maintenance.TERMINATION, documents_events_pb2.CARRIER_TRANSACTION_TERMINATION, True),
        (Maintenance.CHANGE, documents_events_pb2.CARRIER_TRANSACTION_CONTACT_CHANGE, False),
    ],
)
def test_a_decision_says_what_it_answers(maintenance: Maintenance, answers: int, of_cancellation: bool) -> None:
    """Who reads of_cancellation alone never takes the answer to an ending for one to the enrollment."""
    decided = PolicyDecided(
        record_number="A-0638",
        writing_number="220002580",
        carrier="SAMPLE CARRIER",
        line=InsuranceLine.DENTAL,
        plan_id="36096IL9900010-00",
        decision=CarrierDecision.REJECTED,
        reason="NM1 8: 8",
        answers=maintenance,
    )
    sent = cast(documents_events_pb2.PolicyDecided, event_to_proto(decided).message)
    assert (sent.answers, sent.of_cancellation) == (answers, of_cancellation)
