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


# What the timeline says of each, behind the carrier's name.
_SENTENCES = {
    CarrierDecision.ACCEPTED: "accepted the {coverage} {sent}",
    CarrierDecision.REJECTED: "rejected the {coverage} {sent}",
    CarrierDecision.EFFECTUATED: "effectuated the {coverage} coverage",
    CarrierDecision.CANCELLED: "cancelled the {coverage} coverage",
    CarrierDecision.TERMINATED: "terminated the {coverage} coverage",
}


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """``reason``: codes of the carrier's answer. ``of_cancellation``: it answers one."""

    carrier: str
    coverage: Coverage
    decision: CarrierDecision
    reason: str
    of_cancellation: bool

    @property
    def sentence(self) -> str:
        sent = "cancellation" if self.of_cancellation else "enrollment"
        said = _SENTENCES[self.decision].format(coverage=self.coverage, sent=sent)
        return f"{self.carrier} {said}{f': {self.reason}' if self.reason else ''}."
