"""Use case: fetch what the carrier's payment page is told about the subscriber."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.payment.domain.payment import Payment
from services.payment.usecases.ports import SubscriberEncryption, Subscribers


@dataclass(frozen=True, slots=True)
class FetchSubscriber:
    """Done when a link is made, since the page itself speaks to nobody but its database and the processor.

    ``states`` are those whose carrier takes payments on a page of its own, ``member_states`` those of them whose
    carrier asks for everybody who is covered; of others nobody's name but the subscriber's is kept.
    """

    states: frozenset[str]
    subscribers: Subscribers
    encryption: SubscriberEncryption
    member_states: frozenset[str] = frozenset()

    def __call__(self, payment: Payment) -> bytes | None:
        """Sealed; None where no carrier's page asks for it."""
        state, number = payment.terms.state, payment.record_number
        if state not in self.states:
            return None
        subscriber = self.subscribers.get_subscriber(number)
        if state not in self.member_states:
            subscriber = replace(subscriber, members=())
        return self.encryption.seal(subscriber, number)
