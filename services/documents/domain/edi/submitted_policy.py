"""Domain: the policies that a carrier has to be told of, and the interchange that tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chassis.kernel import Money
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance

_ISSUER_LENGTH = 5
_LINE_LETTERS = {InsuranceLine.MEDICAL: "M", InsuranceLine.DENTAL: "D"}
# Reasons that carriers know by another word; all others are the client's own will. Who moves before coverage begins
# takes an application back; who moves later is not eligible any more for a plan of the old area.
_ENDING_REASONS = {
    Maintenance.CANCELLATION: {"other_coverage": "other_coverage", "deceased": "death"},
    Maintenance.TERMINATION: {"other_coverage": "other_coverage", "deceased": "death", "moved": "not_eligible"},
}
VOLUNTARY = "voluntary"


@dataclass(frozen=True, slots=True)
class SubmittedPolicy:
    """One plan of a submitted application.

    ``policy_id`` and ``subscriber_id`` are our numbers, which the carrier sends back. ``plan_id``: with its variant.
    """

    policy_id: str
    subscriber_id: str
    record_number: str
    writing_number: str
    plan_id: str
    line: InsuranceLine
    premium: Money
    submitted_on: date
    begins_on: date

    @property
    def issuer_id(self) -> str:
        """The carrier's HIOS issuer id, with which the plan id begins."""
        return self.plan_id[:_ISSUER_LENGTH]


def make_policy_id(record_number: str, line: InsuranceLine) -> str:
    """ "A0638M" """
    return f"{record_number.replace('-', '')}{_LINE_LETTERS[line]}"


def ending_reason(maintenance: Maintenance, given: str) -> str:
    """A key of the carrier's profile for the reason that was given to end coverage; empty where nothing ends."""
    return _ENDING_REASONS[maintenance].get(given, VOLUNTARY) if maintenance.ends_coverage else ""


@dataclass(frozen=True, slots=True)
class CoverageTermination:
    """Coverage under one policy ends after it began. ``reason``: as it was given."""

    policy_id: str
    requested_on: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The applicant is reached otherwise. ``change`` counts those of an application, from 1."""

    record_number: str
    change: int
    changed_on: date


@dataclass(frozen=True, slots=True)
class PendingPolicy:
    """A policy of which the carrier does not know something yet.

    ``reason``: why it ends. ``effective_on``: the last day of coverage, or the day of a change; None for an enrollment.
    ``contact_change``: the newest change of contact details that the carrier is to know by it.
    """

    policy: SubmittedPolicy
    maintenance: Maintenance
    reason: str = ""
    effective_on: date | None = None
    contact_change: int = 0


@dataclass(frozen=True, slots=True)
class PlannedTransaction:
    """A pending policy with its ``control_number``: ST02 and BGN02."""

    control_number: int
    policy: SubmittedPolicy
    maintenance: Maintenance
    reason: str = ""
    effective_on: date | None = None
    contact_change: int = 0


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """``control_number``: GS06. ``plan_id``: 14 characters."""

    control_number: int
    plan_id: str
    transactions: Sequence[PlannedTransaction]


@dataclass(frozen=True, slots=True)
class PlannedInterchange:
    """A carrier's file of a day: its numbers are given out before it is written, so that a crash costs none of them.

    ``at``: when it was planned, which is the instant that the file names; written again, it is the same file.
    """

    control_number: int
    carrier: str
    day: date
    at: datetime
    groups: Sequence[PlannedGroup] = field(default_factory=tuple)

    @property
    def transactions(self) -> Iterator[PlannedTransaction]:
        return (one for group in self.groups for one in group.transactions)

    @property
    def file_name(self) -> str:
        return f"{self.carrier}-{self.day.isoformat()}-{self.control_number:09d}.834"


class CarrierDecision(StrEnum):
    """What a carrier says of a policy."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EFFECTUATED = "effectuated"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class PolicyDecided:
    """Event. ``reason``: codes of the carrier's answer; ``answers``: what the carrier was told."""

    record_number: str
    writing_number: str
    carrier: str
    line: InsuranceLine
    plan_id: str
    decision: CarrierDecision
    reason: str
    answers: Maintenance
