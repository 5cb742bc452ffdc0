"""What an answer means for the policies that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from services.documents.domain.edi.carrier_answers import CarrierEnding, Effectuation, UnexpectedAnswer, read_answers
from services.documents.domain.edi.enrollment import Maintenance
from services.documents.domain.edi.policy_ledger import (
    LedgerEntry,
    NotSent,
    PolicyDifference,
    PolicyOutcome,
    PolicyState,
    SentPolicy,
    advance_state,
    judge_answer,
)
from tests.unit.services.documents.carrier_files import acknowledgment, effectuation, ending, interchange, ta1, taken
from tests.unit.services.documents.policies import BEGIN, make_policy

POLICY = make_policy()
LATER = BEGIN.replace(year=2027, month=3)
SENT = SentPolicy(1001, "A0638M", "1243", "12345IL099000600", BEGIN, POLICY.premium)


@dataclass(frozen=True)
class Sent:
    """Interchange 7 with group 501 of two transactions."""

    transactions: Sequence[int] = (1001, 1002)
    policies: dict[int, SentPolicy] = field(default_factory=lambda: {1001: SENT})

    def find_interchange(self, control_number: int) -> Sequence[int] | None:
        return self.transactions if control_number == 7 else None

    def find_group(self, control_number: int) -> Sequence[int] | None:
        return self.transactions if control_number == 501 else None

    def find_policy(self, control_number: int) -> SentPolicy | None:
        return self.policies.get(control_number)


def judge(*parts: str, sent: SentPolicy = SENT) -> list[LedgerEntry]:
    known = Sent(policies={1001: sent})
    return [entry for answer in read_answers([interchange(*parts)]) for entry in judge_answer(answer, known)]


def test_a_ta1_says_that_every_policy_of_the_file_came() -> None:
    assert judge(ta1()) == [PolicyOutcome(1001, PolicyState.RECEIVED), PolicyOutcome(1002, PolicyState.RECEIVED)]


def test_a_rejected_interchange_takes_every_policy_along() -> None:
    assert judge(ta1(7, "R", "006")) == [
        PolicyOutcome(1001, PolicyState.REJECTED, "TA1 006"),
        PolicyOutcome(1002, PolicyState.REJECTED, "TA1 006"),
    ]


def test_an_accepted_group_need_not_name_its_policies() -> None:
    assert judge(acknowledgment()) == [
        PolicyOutcome(1001, PolicyState.ACCEPTED),
        PolicyOutcome(1002, PolicyState.ACCEPTED),
    ]


def test_a_group_taken_in_part() -> None:
    assert judge(acknowledgment(*taken(1002, "R", "IK3*N4*23**8"), code="P")) == [
        PolicyOutcome(1001, PolicyState.ACCEPTED),
        PolicyOutcome(1002, PolicyState.REJECTED, "N4 23: 8"),
    ]


def test_a_policy_accepted_with_errors() -> None:
    assert judge(acknowledgment(*taken(1001, "E", "IK3*PER*20**8"), code="E")) == [
        PolicyOutcome(1001, PolicyState.ACCEPTED_WITH_ERRORS, "PER 20: 8"),
        PolicyOutcome(1002, PolicyState.ACCEPTED_WITH_ERRORS),
    ]


def test_a_rejected_group_takes_along_what_it_accepts_by_itself() -> None:
    assert judge(acknowledgment(*taken(1001), code="R", notes="*5")) == [
        PolicyOutcome(1001, PolicyState.REJECTED, "AK9 5"),
        PolicyOutcome(1002, PolicyState.REJECTED, "AK9 5"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        (ta1(9), "interchange", 9),
        (acknowledgment(group_number=777), "group", 777),
        (effectuation(make_policy(control_number=4711)), "transaction", 4711),
    ],
)
def test_an_answer_to_what_nobody_sent_is_kept_with_its_number(text: str, kind: str, number: int) -> None:
    (found,) = judge(text)
    assert isinstance(found, NotSent)
    assert (found.kind, found.control_number) == (kind, number)


def test_a_999_that_names_an_unknown_transaction_still_settles_the_known_ones() -> None:
    found = judge(acknowledgment(*taken(1001), *taken(4711)))
    assert found[:2] == [PolicyOutcome(1001, PolicyState.ACCEPTED), PolicyOutcome(1002, PolicyState.ACCEPTED)]
    assert isinstance(found[2], NotSent)
    assert (found[2].kind, found[2].control_number) == ("transaction", 4711)


def test_an_effectuation_as_applied_for() -> None:
    assert judge(effectuation(POLICY)) == [PolicyOutcome(1001, PolicyState.EFFECTUATED)]


@pytest.mark.parametrize(
    ("old", "new", "field_name"),
    [
        ("1080.30", "1080.31", "premium"),
        ("348*D8*20261201", "348*D8*20270101", "begins_on"),
        ("12345IL099000600", "12345IL099000700", "plan_id"),
        ("REF*1L*A0638M", "REF*1L*A0639M", "policy_id"),
        ("REF*0F*1243", "REF*0F*1244", "subscriber_id"),
    ],
)
def test_an_effectuation_of_something_else_waits_for_a_decision(old: str, new: str, field_name: str) -> None:
    (found,) = judge(effectuation(POLICY).replace(old, new))
    assert isinstance(found, PolicyDifference)
    assert (found.control_number, found.fields) == (1001, (field_name,))
    assert isinstance(found.answer, Effectuation)


def test_an_effectuation_need_not_repeat_the_premium() -> None:
    assert judge(effectuation(POLICY).replace("PRE AMT", "AMOUNT")) == [PolicyOutcome(1001, PolicyState.EFFECTUATED)]


def test_the_carriers_cancellation_for_a_payment_that_did_not_come() -> None:
    cancelled = make_policy(maintenance=Maintenance.CANCELLATION, reason="voluntary", effective_on=BEGIN)
    assert judge(ending(cancelled)) == [PolicyOutcome(1001, PolicyState.CANCELLED, "59 CANCEL")]


def test_coverage_that_had_begun_is_terminated() -> None:
    terminated = make_policy(maintenance=Maintenance.TERMINATION, reason="voluntary", effective_on=LATER)
    assert judge(ending(terminated, additional="TERM")) == [PolicyOutcome(1001, PolicyState.TERMINATED, "59 TERM")]


def test_a_termination_is_answered_with_its_last_day() -> None:
    for day in (LATER, BEGIN):  # who died on the first day was covered on it
        terminated = make_policy(maintenance=Maintenance.TERMINATION, reason="death", effective_on=day)
        found = judge(ending(terminated, "03", "TERM-PDM"), sent=replace(SENT, last_day=day))
        assert found == [PolicyOutcome(1001, PolicyState.TERMINATED, "03 TERM-PDM")]


@pytest.mark.parametrize(
    ("text", "field_name"),
    [
        (
            ending(make_policy(maintenance=Maintenance.TERMINATION, reason="voluntary", effective_on=BEGIN)),
            "ends_on",
        ),
        (effectuation(POLICY), "last_day"),
    ],
    ids=["another day", "in force"],
)
def test_another_answer_to_a_termination_waits_for_a_decision(text: str, field_name: str) -> None:
    (found,) = judge(text, sent=replace(SENT, last_day=LATER))
    assert isinstance(found, PolicyDifference)
    assert found.fields == (field_name,)


def test_an_ending_without_a_day_waits_for_a_decision() -> None:
    cancelled = make_policy(maintenance=Maintenance.CANCELLATION, reason="voluntary", effective_on=BEGIN)
    text = ending(cancelled).replace("DTP*357*", "DTP*356*")
    (found,) = judge(text)
    assert isinstance(found, PolicyDifference)
    assert found.fields == ("ends_on",)
    assert isinstance(found.answer, CarrierEnding)


def test_what_is_not_understood_is_an_entry_of_its_own() -> None:
    (found,) = judge("TA1**~")
    assert isinstance(found, UnexpectedAnswer)


@pytest.mark.parametrize(
    ("state", "told", "kept"),
    [
        (PolicyState.SENT, PolicyState.RECEIVED, PolicyState.RECEIVED),
        (PolicyState.ACCEPTED, PolicyState.RECEIVED, PolicyState.ACCEPTED),
        (PolicyState.EFFECTUATED, PolicyState.ACCEPTED, PolicyState.EFFECTUATED),
        (PolicyState.EFFECTUATED, PolicyState.CANCELLED, PolicyState.CANCELLED),
        (PolicyState.CANCELLED, PolicyState.EFFECTUATED, PolicyState.CANCELLED),
        (PolicyState.REJECTED, PolicyState.EFFECTUATED, PolicyState.EFFECTUATED),
    ],
)
def test_a_late_answer_takes_nothing_back(state: PolicyState, told: PolicyState, kept: PolicyState) -> None:
    assert advance_state(state, told) is kept
