"""Use case: a one-time link to the hosted payment page (R113)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Caller, Clock, Transactions
from services.payment.usecases.fetch_subscriber import FetchSubscriber
from services.payment.usecases.get_payment import GetPayment
from services.payment.usecases.one_time_secrets import PaymentLinkSigner, create_secret, hash_secret
from services.payment.usecases.page_visits import SESSION_LIFE
from services.payment.usecases.persistence import lock_payment
from services.payment.usecases.ports import PaymentUnitOfWork

# reliability.md "One-time redirect links": time to follow a redirect, too short to be passed around.
LINK_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CreatePaymentLink:
    """For who may see the payment; Conflict once it is paid, and while money is on its way. Nobody knows that of a
    payer who is at another's page, or closed it: the link begins there again, under the same reference.

    The link opens this payment's page, once, and ends the payment's older links and page sessions: two people, or two
    tabs, are never asked for the same money. ``moments`` is the real time: a link's life does not depend on the
    business date. Where the carrier's own page takes payments, what that page is told is kept beside the link.
    """

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    signer: PaymentLinkSigner
    page_url: str
    fetch_subscriber: FetchSubscriber | None = None

    def __call__(self, caller: Caller, record_number: str) -> str:
        found = GetPayment(self.transactions)(caller, record_number)
        payment = found.payment
        if not found.handed_over:
            payment.must_be_payable()
        subscriber = self.fetch_subscriber(payment) if self.fetch_subscriber else None
        secret, now = create_secret(), self.moments.now()
        with self.transactions() as work:
            lock_payment(work, record_number)  # of two new links at once, the second ends the first
            work.payment_links.end_links(record_number, now)
            work.page_sessions.end_sessions(record_number)
            work.payment_links.add_link(hash_secret(secret), record_number, now + LINK_LIFE)
            if subscriber is not None:
                work.subscribers.keep_subscriber(record_number, subscriber, now + LINK_LIFE + SESSION_LIFE)
            work.record_audit(
                now, caller.subject, record_number, "payment.link_created", "one-time link to the payment page"
            )
        return f"{self.page_url.rstrip('/')}/pay/{self.signer.sign(secret)}"
