"""Use case: find what the carrier's payment page is told about the subscriber, as it was kept with the link."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.domain.subscriber import SubscriberDetails
from services.payment.usecases.page_visits import SESSION_ENDED, PageExpired
from services.payment.usecases.ports import PaymentUnitOfWork, SubscriberEncryption


@dataclass(frozen=True, slots=True)
class FindSubscriber:
    """Raises PageExpired when it is gone. ``moments`` is the real time."""

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    encryption: SubscriberEncryption

    def __call__(self, record_number: str) -> SubscriberDetails:
        with self.transactions() as work:
            sealed = work.subscribers.find_subscriber(record_number, self.moments.now())
        subscriber = self.encryption.open(sealed, record_number) if sealed else None
        if subscriber is None:
            raise PageExpired(SESSION_ENDED)
        return subscriber
