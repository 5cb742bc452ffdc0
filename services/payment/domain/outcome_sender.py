"""Domain: who tells an outcome by a callback, and of which payments that sender may speak."""

from __future__ import annotations

from dataclasses import dataclass

from services.payment.domain.attempt import Attempt, MethodKind
from services.payment.domain.payment import Payment


@dataclass(frozen=True, slots=True)
class OutcomeSender:
    """A carrier by its HIOS issuer id, with the states whose payments its own page takes; empty for the processor."""

    issuer_id: str = ""
    states: frozenset[str] = frozenset()

    def takes(self, payment: Payment, attempt: Attempt) -> bool:
        if self.issuer_id:
            return attempt.method.kind is MethodKind.CARRIER_PAGE and payment.terms.state in self.states
        return attempt.method.kind is not MethodKind.CARRIER_PAGE

    def name_webhook(self, webhook_id: str) -> str:
        """Senders choose their ids, and one's must not pass for another's."""
        return f"{self.issuer_id} {webhook_id}" if self.issuer_id else webhook_id


PROCESSOR = OutcomeSender()
