"""Domain: what an answer of the carrier means for the policies that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from chassis.kernel import Money
from services.documents.domain.edi.acknowledgments import (
    Acceptance,
    GroupAcknowledgment,
    InterchangeAcknowledgment,
    TransactionAcknowledgment,
)
from services.documents.domain.edi.carrier_answers import CarrierAnswer, CarrierEnding, Effectuation, UnexpectedAnswer


class PolicyState(StrEnum):
    """Where a transaction stands with its carrier. ``SET_ASIDE``: it stayed out of the file, and nobody was told."""

    SET_ASIDE = "set_aside"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted_with_errors"
    REJECTED = "rejected"
    EFFECTUATED = "effectuated"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


# A later answer never takes back what an earlier one of a higher rank said: files may come in another order than sent.
_RANKS = {
    PolicyState.SET_ASIDE: 0,
    PolicyState.SENT: 0,
    PolicyState.RECEIVED: 1,
    PolicyState.ACCEPTED: 2,
    PolicyState.ACCEPTED_WITH_ERRORS: 2,
    PolicyState.REJECTED: 2,
    PolicyState.EFFECTUATED: 3,
    PolicyState.CANCELLED: 4,
    PolicyState.TERMINATED: 4,
}
_BY_ACCEPTANCE = {
    Acceptance.ACCEPTED: PolicyState.ACCEPTED,
    Acceptance.WITH_ERRORS: PolicyState.ACCEPTED_WITH_ERRORS,
    Acceptance.REJECTED: PolicyState.REJECTED,
}


def advance_state(state: PolicyState, told: PolicyState) -> PolicyState:
    return told if _RANKS[told] > _RANKS[state] else state


@dataclass(frozen=True, slots=True)
class SentPolicy:
    """What the carrier was told last of a policy, by the transaction that told it. ``last_day``: of a termination."""

    control_number: int
    policy_id: str
    subscriber_id: str
    plan_id: str
    begins_on: date
    premium: Money
    last_day: date | None = None


class SentFiles(Protocol):
    """What left the suite. Each raises nothing; None or nothing for a number that was never given out."""

    def find_interchange(self, control_number: int) -> Sequence[int] | None:
        """The control numbers of its transactions."""
        ...

    def find_group(self, control_number: int) -> Sequence[int] | None: ...

    def find_policy(self, control_number: int) -> SentPolicy | None: ...


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """A transaction takes a new state. ``why``: codes of the carrier, for what it did not take."""

    control_number: int
    state: PolicyState
    why: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """An answer to an interchange, group or transaction that nobody knows."""

    kind: str
    control_number: int
    answer: CarrierAnswer


@dataclass(frozen=True, slots=True)
class PolicyDifference:
    """The carrier has another policy than the one applied for. It keeps its state until somebody decides."""

    control_number: int
    fields: tuple[str, ...]
    answer: Effectuation | CarrierEnding


LedgerEntry = PolicyOutcome | NotSent | PolicyDifference | UnexpectedAnswer


def judge_answer(answer: CarrierAnswer, sent: SentFiles) -> tuple[LedgerEntry, ...]:
    """At least one entry for every answer."""
    match answer:
        case InterchangeAcknowledgment():
            return _judge_interchange(answer, sent)
        case GroupAcknowledgment():
            return _judge_group(answer, sent)
        case Effectuation():
            return (_judge_effectuation(answer, sent),)
        case CarrierEnding():
            return (_judge_ending(answer, sent),)
    return (answer,)


def _judge_interchange(answer: InterchangeAcknowledgment, sent: SentFiles) -> tuple[LedgerEntry, ...]:
    """TA1 says that the file came and has a sound envelope; what is in it is for the 999."""
    transactions = sent.find_interchange(answer.control_number)
    if not transactions:
        return (NotSent("interchange", answer.control_number, answer),)
    if answer.acceptance is Acceptance.REJECTED:
        return tuple(PolicyOutcome(number, PolicyState.REJECTED, f"TA1 {answer.note}") for number in transactions)
    why = "" if answer.acceptance is Acceptance.ACCEPTED else f"TA1 {answer.note}"
    return tuple(PolicyOutcome(number, PolicyState.RECEIVED, why) for number in transactions)


def _judge_group(answer: GroupAcknowledgment, sent: SentFiles) -> tuple[LedgerEntry, ...]:
    """The transactions that it names, as it says of each; the others as of the group."""
    transactions = sent.find_group(answer.control_number)
    if not transactions:
        return (NotSent("group", answer.control_number, answer),)
    named = {one.control_number: one for one in answer.transactions}
    known = frozenset(transactions)
    told = (_judge_transaction(number, named.get(number), answer) for number in transactions)
    return (*told, *(NotSent("transaction", number, answer) for number in named if number not in known))


def _judge_transaction(
    number: int, named: TransactionAcknowledgment | None, group: GroupAcknowledgment
) -> PolicyOutcome:
    """A rejected group takes all its transactions along; in one taken in part, what is not named is accepted."""
    errors = named.errors if named else ()
    why = ", ".join(f"{error.segment} {error.place}: {error.code}" for error in errors)
    if group.acceptance is Acceptance.REJECTED:
        return PolicyOutcome(number, PolicyState.REJECTED, why or f"AK9 {' '.join(group.notes)}".strip())
    acceptance = named.acceptance if named else group.acceptance
    return PolicyOutcome(number, _BY_ACCEPTANCE.get(acceptance, PolicyState.ACCEPTED), why)


def _judge_effectuation(answer: Effectuation, sent: SentFiles) -> LedgerEntry:
    policy = sent.find_policy(answer.reference)
    if policy is None:
        return NotSent("transaction", answer.reference, answer)
    compared = {
        "policy_id": (answer.policy_id, policy.policy_id),
        "subscriber_id": (answer.subscriber_id, policy.subscriber_id),
        "plan_id": (answer.plan_id, policy.plan_id),
        "begins_on": (answer.begins_on, policy.begins_on),
        # A carrier need not repeat the premium.
        "premium": (policy.premium if answer.premium is None else answer.premium, policy.premium),
        # Coverage that was to end is in force: somebody has to ask.
        "last_day": (None, policy.last_day),
    }
    if fields := tuple(name for name, (told, meant) in compared.items() if told != meant):
        return PolicyDifference(policy.control_number, fields, answer)
    return PolicyOutcome(policy.control_number, PolicyState.EFFECTUATED)


def _judge_ending(answer: CarrierEnding, sent: SentFiles) -> LedgerEntry:
    """Coverage that ends by the day it would have begun never was: a cancellation, whatever it is called.

    What answers a termination ends on the day that we told.
    """
    policy = sent.find_policy(answer.reference)
    if policy is None:
        return NotSent("transaction", answer.reference, answer)
    compared = {
        "policy_id": answer.policy_id == policy.policy_id,
        "subscriber_id": answer.subscriber_id == policy.subscriber_id,
        "ends_on": answer.ends_on is not None and policy.last_day in (None, answer.ends_on),
    }
    fields = tuple(name for name, fits in compared.items() if not fits)
    if fields or answer.ends_on is None:
        return PolicyDifference(policy.control_number, fields, answer)
    never_was = policy.last_day is None and answer.ends_on <= policy.begins_on
    state = PolicyState.CANCELLED if never_was else PolicyState.TERMINATED
    return PolicyOutcome(policy.control_number, state, " ".join(filter(None, (answer.reason, answer.additional))))
