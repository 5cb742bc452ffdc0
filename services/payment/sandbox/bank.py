"""The pretended bank: which numbers do what, and the charges it was asked for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

# Long enough that the answer never comes before the page has said "sent", as with a real processor.
USUAL_SECONDS = 0.2
LATE_SECONDS = 3.0
# Longer than the suite waits for an answer (TIMEOUT_SECONDS of its adapter): it cannot know whether the charge arrived.
SILENT_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class ChargeOutcome:
    """How a charge of one kind of number ends."""

    reason: str = ""
    seconds: float = USUAL_SECONDS
    # What is taken beyond what was asked: a processor that makes a mistake.
    cents_more: int = 0
    # How long the request for the charge waits for its answer; the charge itself is taken at once.
    answer_seconds: float = 0.0
    # How often the end is told, each time under an id of its own.
    callbacks: int = 1

    @property
    def status(self) -> str:
        return "declined" if self.reason else "approved"


OUTCOMES = {
    "approve": ChargeOutcome(),
    "decline": ChargeOutcome("card_declined"),
    "insufficient": ChargeOutcome("insufficient_funds"),
    "late": ChargeOutcome(seconds=LATE_SECONDS),
    "refuse": ChargeOutcome("account_declined"),
    "mismatch": ChargeOutcome(cents_more=100),
    "timeout": ChargeOutcome(answer_seconds=SILENT_SECONDS),
    "twice": ChargeOutcome(callbacks=2),
}
_CARDS = {
    "4000000000000002": "decline",
    "4000000000009995": "insufficient",
    "4000000000000259": "late",
    "4000000000000101": "mismatch",
    "4000000000000119": "timeout",
    "4000000000000325": "twice",
}
_ACCOUNTS = {"000111111113": "refuse"}


def token_for(kind: str, number: str) -> str:
    """A new token for a card or account number; it tells how charges will end, and nothing of the number."""
    name = (_CARDS if kind == "card" else _ACCOUNTS).get(number, "approve")
    return f"tok_{name}_{secrets.token_hex(12)}"


def outcome_of(token: str) -> ChargeOutcome | None:
    """None for a token that no sandbox ever gave out."""
    prefix, _, rest = token.partition("_")
    return OUTCOMES.get(rest.partition("_")[0]) if prefix == "tok" else None


@dataclass(frozen=True, slots=True)
class Charge:
    id: str
    token: str
    amount_cents: int
    currency: str
    status: str = "processing"
    reason: str = ""
    cents_more: int = 0
    reference: str = field(default_factory=lambda: f"ch_{secrets.token_hex(8)}")

    def ended(self, outcome: ChargeOutcome) -> Charge:
        return replace(self, status=outcome.status, reason=outcome.reason, cents_more=outcome.cents_more)

    def to_json(self) -> dict[str, str | int]:
        return {
            "id": self.id,
            "status": self.status,
            "reason": self.reason,
            "amount_cents": self.amount_cents + self.cents_more,
            "currency": self.currency,
            "reference": self.reference,
        }
