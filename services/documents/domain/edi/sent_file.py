"""Domain: a file that a carrier was sent, and whether the carrier has answered in the time agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.documents.domain.edi.policy_ledger import PolicyState

# A TA1 says only that the file came; what becomes of its policies is for the 999.
UNANSWERED = (PolicyState.SENT, PolicyState.RECEIVED)


@dataclass(frozen=True, slots=True)
class SentFile:
    """``policies``: how many stand in each state. ``written_at`` and ``acknowledge_by`` are None of one that was
    interrupted."""

    name: str
    written_at: datetime | None
    acknowledge_by: datetime | None
    policies: Mapping[PolicyState, int]

    @property
    def unanswered(self) -> int:
        """Policies of which the carrier said neither that it takes them nor that it does not."""
        return sum(self.policies.get(state, 0) for state in UNANSWERED)

    def is_overdue(self, now: datetime) -> bool:
        """The time is over in which the carrier acknowledges a file."""
        return self.acknowledge_by is not None and self.unanswered > 0 and now > self.acknowledge_by


@dataclass(frozen=True, slots=True)
class OverdueFiles:
    """How many of a carrier's files are. ``age``: of the oldest, from when it was written; zero without any."""

    carrier: str
    files: int
    age: timedelta
