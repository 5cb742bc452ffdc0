"""Domain: what a carrier answered about a plan of an application."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.enrollment.domain.enums import Coverage


class CarrierDecision(StrEnum):
    """What a carrier says of a policy."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EFFECTUATED = "effectuated"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


class CarrierTransaction(StrEnum):
    """What a carrier was told of a policy."""

    ENROLLMENT = "enrollment"
    CANCELLATION = "cancellation"
    TERMINATION = "termination"
    CONTACT_CHANGE = "contact_change"


# What the timeline says of each, behind the carrier's name.
_SENTENCES = {
    CarrierDecision.ACCEPTED: "accepted the {told}",
    CarrierDecision.REJECTED: "rejected the {told}",
    CarrierDecision.EFFECTUATED: "effectuated the {coverage} coverage",
    CarrierDecision.CANCELLED: "cancelled the {coverage} coverage",
    CarrierDecision.TERMINATED: "terminated the {coverage} coverage",
}


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """``reason``: codes of the carrier's answer. ``answers``: what the carrier was told."""

    carrier: str
    coverage: Coverage
    decision: CarrierDecision
    reason: str
    answers: CarrierTransaction

    @property
    def sentence(self) -> str:
        is_change = self.answers is CarrierTransaction.CONTACT_CHANGE
        told = f"contact details for the {self.coverage} coverage" if is_change else f"{self.coverage} {self.answers}"
        said = _SENTENCES[self.decision].format(coverage=self.coverage, told=told)
        return f"{self.carrier} {said}{f': {self.reason}' if self.reason else ''}."
