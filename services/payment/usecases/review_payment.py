"""Use case: exchange what was typed for tokens and keep an attempt for review (R88-R91)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Clock, Conflict, Transactions, new_id
from services.payment.domain.attempt import Attempt, Payer, PaymentMethod
from services.payment.domain.payment import Payment
from services.payment.usecases.confirmation_numbers import create_confirmation_number
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.ports import BankDetails, CardDetails, PaymentUnitOfWork, Processor

# A payer mistypes a few times; a thief who tries stolen cards needs many (per payment, not per session).
MAX_REVIEWS = 15


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """What the payer chose. ``autopay`` needs a bank account: the paying one, or one beside a card (R90)."""

    method: CardDetails | BankDetails
    payer: Payer
    autopay: BankDetails | None = None


@dataclass(frozen=True, slots=True)
class ReviewPayment:
    """Typed numbers go to the processor and nowhere else; nothing is charged yet."""

    transactions: Transactions[PaymentUnitOfWork]
    processor: Processor
    clock: Clock

    def __call__(self, visit: PageVisit, entry: PaymentEntry) -> Attempt:
        visit.payment.must_be_payable()
        self._stop_card_testing(visit.payment)
        method = self.processor.tokenize(entry.method)
        attempt = self._attempt(visit.payment, method, self._autopay(entry, method), entry.payer)
        with self.transactions() as work:
            work.attempts.add_attempt(attempt)
            work.page_sessions.set_attempt(visit.session.digest, attempt.id)
            work.record_audit(attempt.created_at, "payer", attempt.record_number, "payment.reviewed", method.kind.value)
        return attempt

    def _stop_card_testing(self, payment: Payment) -> None:
        with self.transactions() as work:
            tried = work.attempts.count_attempts(payment.record_number)
        if tried >= MAX_REVIEWS:
            message = "Too many attempts were made. Go back to the payment page and choose Cancel to be billed later."
            raise Conflict(message, code="too_many_tries")

    def _autopay(self, entry: PaymentEntry, method: PaymentMethod) -> PaymentMethod | None:
        if entry.autopay is None:
            return None
        return method if entry.autopay == entry.method else self.processor.tokenize(entry.autopay)

    def _attempt(self, payment: Payment, method: PaymentMethod, autopay: PaymentMethod | None, payer: Payer) -> Attempt:
        number, now, amount = create_confirmation_number(), self.clock.now(), payment.terms.amount
        return Attempt(new_id(), payment.record_number, amount, method, number, now, autopay, payer)
