"""Use case: open the payment page through a one-time link (R113)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, NotFound, Transactions
from services.payment.usecases.one_time_secrets import PaymentLinkSigner, create_secret, hash_secret
from services.payment.usecases.page_visits import SESSION_LIFE, PageExpired
from services.payment.usecases.ports import PageSession, PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class OpenPageSession:
    """Uses up the link and gives the new session's secret; NotFound for a forged link, PageGone for a used one.

    ``moments`` is the real time.
    """

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    signer: PaymentLinkSigner

    def __call__(self, token: str) -> str:
        secret = self.signer.read_secret(token)
        if secret is None:
            raise NotFound("This is not a valid payment link. Choose Pay Now in the application again.")
        now, session_secret = self.moments.now(), create_secret()
        with self.transactions() as work:
            record_number = work.payment_links.use_link(hash_secret(secret), now)
            if record_number is None:
                raise PageExpired(
                    "This payment link was already used or has expired, or a newer one replaced it. "
                    "Choose Pay Now in the application again."
                )
            work.page_sessions.add_session(PageSession(hash_secret(session_secret), record_number), now + SESSION_LIFE)
            work.record_audit(now, "payer", record_number, "payment.page_opened", "one-time link used")
        return session_secret
