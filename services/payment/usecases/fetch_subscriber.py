"""Use case: fetch what the carrier's payment page is told about the subscriber."""

from __future__ import annotations

from dataclasses import dataclass

from services.payment.domain.payment import Payment
from services.payment.usecases.ports import SubscriberEncryption, Subscribers


@dataclass(frozen=True, slots=True)
class FetchSubscriber:
    """Done when a link is made, since the page itself speaks to nobody but its database and the processor.

    ``states`` are those whose carrier takes payments on a page of its own.
    """

    states: frozenset[str]
    subscribers: Subscribers
    encryption: SubscriberEncryption

    def __call__(self, payment: Payment) -> bytes | None:
        """Sealed; None where no carrier's page asks for it."""
        if payment.terms.state not in self.states:
            return None
        number = payment.record_number
        return self.encryption.seal(self.subscribers.get_subscriber(number), number)
