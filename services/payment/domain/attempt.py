"""Domain: one try to pay, from review to the processor's answer. Knows tokens, never numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel import Money

# ISO 4217: premiums are charged in US dollars and nothing else.
CURRENCY = "USD"


class MethodKind(StrEnum):
    CARD = "card"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """What pays: the processor's token for it, and as much as people may see of it."""

    kind: MethodKind
    token: str
    last_four: str

    @property
    def label(self) -> str:
        name = "card" if self.kind is MethodKind.CARD else "bank account"
        return f"{name} ending {self.last_four}"


class AttemptStatus(StrEnum):
    # Reviewed, not agreed to yet.
    DRAFT = "draft"
    SENT = "sent"
    APPROVED = "approved"
    DECLINED = "declined"
    # Approved for another amount or currency than was asked: a person has to look at it.
    MISMATCHED = "mismatched"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One charge. ``id`` is the idempotency key at the processor: one attempt takes money at most once."""

    id: str
    record_number: str
    amount: Money
    method: PaymentMethod
    # Shown from the review on (R91).
    confirmation_number: str
    created_at: datetime
    # The bank account that later premiums are to be taken from; autopay takes no card (R90).
    autopay: PaymentMethod | None = None
    status: AttemptStatus = AttemptStatus.DRAFT
    sent_at: datetime | None = None
    # What the processor calls the charge; empty before it answered.
    reference: str = ""

    def __post_init__(self) -> None:
        if self.autopay is not None and self.autopay.kind is not MethodKind.BANK:
            raise ValueError("autopay takes a bank account only (R90)")

    def sent(self, now: datetime) -> Attempt:
        return replace(self, status=AttemptStatus.SENT, sent_at=now)

    def answered(self, status: AttemptStatus, reference: str) -> Attempt:
        """The processor's answer; answers may come twice and out of order, so an approval is never taken back."""
        if self.status is AttemptStatus.APPROVED:
            return self
        return replace(self, status=status, reference=reference)
