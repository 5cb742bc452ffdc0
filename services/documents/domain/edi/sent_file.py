"""Domain: a file that a carrier was sent, and whether the carrier has answered in the time agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.documents.domain.edi.policy_ledger import PolicyState

# A TA1 says only that the file came; what becomes of its policies is for the 999.
_UNANSWERED = (PolicyState.SENT, PolicyState.RECEIVED)


@dataclass(frozen=True, slots=True)
class SentFile:
    """``policies``: how many stand in each state. ``written_at`` is None of one that was interrupted."""

    name: str
    written_at: datetime | None
    policies: Mapping[PolicyState, int]

    @property
    def unanswered(self) -> int:
        """Policies of which the carrier said neither that it takes them nor that it does not."""
        return sum(self.policies.get(state, 0) for state in _UNANSWERED)

    def is_silent(self, now: datetime, agreed: timedelta) -> bool:
        """The time is over in which the carrier acknowledges a file, from when it was written."""
        return self.written_at is not None and self.unanswered > 0 and now - self.written_at > agreed
