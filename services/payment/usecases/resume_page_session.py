"""Use case: go on with the session of a payment page."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.payment.usecases.one_time_secrets import hash_secret
from services.payment.usecases.page_visits import SESSION_ENDED, PageExpired, PageVisit
from services.payment.usecases.persistence import payment_not_found
from services.payment.usecases.ports import FormDraftEncryption, PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class ResumePageSession:
    """What the session is about; PageGone when it has ended. ``moments`` is the real time."""

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    encryption: FormDraftEncryption

    def __call__(self, session_secret: str) -> PageVisit:
        with self.transactions() as work:
            session = work.page_sessions.find_session(hash_secret(session_secret), self.moments.now())
            if session is None:
                raise PageExpired(SESSION_ENDED)
            payment = work.payments.find_payment(session.record_number)
            if payment is None:
                raise payment_not_found()
            attempt = work.attempts.find_attempt(session.attempt_id) if session.attempt_id else None
            sent = work.attempts.find_attempt(payment.attempt_id) if payment.attempt_id else None
        draft = self.encryption.open(session.form_draft, session_secret)
        return PageVisit(session, payment, attempt, draft, payment.is_handed_over_by(sent))
