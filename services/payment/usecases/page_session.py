"""Use case: come in through a one-time link, and stay for a short while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Clock, NotFound, Transactions
from services.payment.domain.attempt import Attempt
from services.payment.domain.payment import Payment
from services.payment.usecases.changing import unknown
from services.payment.usecases.ports import PageSession, PaymentUnitOfWork
from services.payment.usecases.secrets import LinkSigner, digest, new_secret

# Long enough to fetch a cheque book, short enough for a screen left open (OWASP: idle 15-30 min).
SESSION_LIFE = timedelta(minutes=20)


class Gone(NotFound):
    """The link was good once, or the session has ended."""

    code = "gone"


@dataclass(frozen=True, slots=True)
class Visit:
    """What the page may show to who holds a session."""

    session: PageSession
    payment: Payment
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class PageDoor:
    """Opens sessions from links and finds them again; ``moments`` is the real time."""

    transactions: Transactions[PaymentUnitOfWork]
    moments: Clock
    signer: LinkSigner

    def enter(self, token: str) -> str:
        """Use up the link and give the new session's secret; NotFound for a forged link, Gone for a spent one."""
        secret = self.signer.secret_of(token)
        if secret is None:
            raise NotFound("This is not a payment link. Choose Pay now in the application again.")
        now, session_secret = self.moments.now(), new_secret()
        with self.transactions() as work:
            record_number = work.doors.use_link(digest(secret), now)
            if record_number is None:
                raise Gone("This payment link was used before or has expired. Choose Pay now in the application again.")
            work.doors.add_session(PageSession(digest(session_secret), record_number), now + SESSION_LIFE)
            work.record_audit(now, "payer", record_number, "payment.page_opened", "one-time link used")
        return session_secret

    def visit(self, session_secret: str) -> Visit:
        """What the session is about; Gone when it has ended."""
        with self.transactions() as work:
            session = work.doors.session(digest(session_secret), self.moments.now())
            if session is None:
                raise Gone("This payment page has closed. Choose Pay now in the application again.")
            payment = work.payments.get(session.record_number)
            if payment is None:
                raise unknown()
            return Visit(session, payment, work.attempts.get(session.attempt_id) if session.attempt_id else None)
