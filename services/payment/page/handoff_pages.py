"""Page: where a payment is made: at the carrier's own page, at the processor's, or here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.payment.domain.payment import Payment
from services.payment.usecases.ports import HandoffPage


@dataclass(frozen=True, slots=True)
class HandoffPages:
    """``by_state``: pages of carriers, by the state that they serve."""

    processor: HandoffPage | None = None
    by_state: Mapping[str, HandoffPage] = field(default_factory=dict)

    def find_page(self, payment: Payment) -> HandoffPage | None:
        """None: the payer enters the payment details on the page of this suite."""
        return self.by_state.get(payment.terms.state, self.processor)
