"""Domain: the binder payment of one application and the states it may take (R84-R94).

A payment never undoes a submission (R111), and nothing undoes a successful payment: whatever arrives later, in
whatever order, ``SUCCESSFUL`` stays, unless the application itself is cancelled: then the money is due back.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from enum import StrEnum

from chassis.kernel import Conflict, InvalidInput, Money
from services.payment.domain.attempt import Attempt, MethodKind, Payer, PaymentMethod
from services.payment.domain.subscriber import payment_transaction_id


class PaymentStatus(StrEnum):
    NOT_STARTED = "not_started"
    PENDING = "pending"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    BILL_LATER = "bill_later"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"


# States in which money may be asked for. A bill by mail does not stop a payer who comes back before it is paid.
PAYABLE = frozenset({PaymentStatus.NOT_STARTED, PaymentStatus.FAILED, PaymentStatus.BILL_LATER})


MISMATCH_REASON = (
    "The payment processor reported a different amount than the balance due. Do not pay again: "
    "the payment is being looked into."
)


@dataclass(frozen=True, slots=True)
class MonthDue:
    """``month`` is its first day; ``amount`` is the premium of all plans together in its plan year."""

    month: datetime.date
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """What enrollment asks for: who may see it, how much, and whether now (R84)."""

    state: str
    writing_number: str
    # The first month's premium, or the sum of every month due when the effective date lies back (rules.md 6).
    amount: Money
    pay_now: bool
    # What the amount is made up of, first month to last; empty where only the amount was told.
    months: tuple[MonthDue, ...] = ()
    # The last day for it, in the state; None where no day was told.
    due_on: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.months and Money.total(due.amount for due in self.months) != self.amount:
            raise InvalidInput.at("months", "The months must add up to the payment amount.", rule="R87")
        days = [due.month for due in self.months]
        if days != sorted(set(days)):
            raise InvalidInput.at("months", "List each month once, from first to last.", rule="R87")


@dataclass(frozen=True, slots=True)
class Payment:
    """One application's payment; every method gives the payment as it is afterwards."""

    record_number: str
    terms: PaymentTerms
    status: PaymentStatus
    updated_at: datetime.datetime
    confirmation_number: str = ""
    # Kind and last four digits of what pays: "card ending 4242".
    method: str = ""
    # Who pays; None before a payment was sent.
    payer: Payer | None = None
    # Why it was refused, or why it stays pending.
    failure_reason: str = ""
    # The attempt that was sent last; its answer decides.
    attempt_id: str = ""
    # Its application was cancelled.
    closed: bool = False
    # Its day is over, and that was told.
    overdue: bool = False

    @classmethod
    def open(cls, record_number: str, terms: PaymentTerms, now: datetime.datetime) -> Payment:
        return cls(record_number, terms, _first_status(terms), now)

    @property
    def is_payable(self) -> bool:
        return self.status in PAYABLE and not self.closed

    def reopened(self, terms: PaymentTerms, now: datetime.datetime) -> Payment:
        """The same opening again changes nothing; new terms hold as long as no money is on its way."""
        if terms == self.terms or not self.is_payable:
            return self
        return Payment.open(self.record_number, terms, now)

    def is_handed_over_by(self, attempt: Attempt | None) -> bool:
        """The payer is at another's page by this attempt, or on the way there. Nobody can tell an abandoned page from a
        slow one; the payer may begin there again at once, under the same reference, by which it takes money once."""
        if attempt is None or self.status is not PaymentStatus.PENDING or self.closed:
            return False
        return attempt.id == self.attempt_id and attempt.is_handed_over

    def must_be_payable(self) -> None:
        """Raise Conflict when it is paid already, or may be paid at this moment, or needs no payment any more."""
        if self.closed:
            raise Conflict("This application was cancelled. No payment is due.", code="application_cancelled")
        if self.status is PaymentStatus.SUCCESSFUL:
            raise Conflict("This application has already been paid. No payment is due now.", code="already_paid")
        if self.status is PaymentStatus.PENDING and self.failure_reason:
            raise Conflict(self.failure_reason, code="payment_pending")
        if self.status is PaymentStatus.PENDING:
            raise Conflict(
                "A payment for this application is being processed. Check its payment status in a minute.",
                code="payment_pending",
            )

    def sent(self, attempt: Attempt, now: datetime.datetime) -> Payment:
        """The payer agreed and the attempt goes to the processor (R91)."""
        self.must_be_payable()
        if attempt.amount != self.terms.amount:
            raise Conflict("The balance has changed. Review the payment again.", code="balance_changed")
        return replace(
            self,
            status=PaymentStatus.PENDING,
            attempt_id=attempt.id,
            confirmation_number=attempt.confirmation_number,
            method=attempt.method.label,
            payer=attempt.payer,
            failure_reason="",
            updated_at=now,
        )

    def resumed(self, attempt: Attempt, now: datetime.datetime) -> Payment:
        """The payer begins at the other page again, perhaps another payer than before."""
        return self if attempt.payer is self.payer else replace(self, payer=attempt.payer, updated_at=now)

    def approved(self, attempt: Attempt, now: datetime.datetime) -> Payment:
        """The processor took the money, by whichever attempt."""
        if self.status in (PaymentStatus.SUCCESSFUL, PaymentStatus.REFUND_DUE):
            return self
        return replace(
            self,
            status=PaymentStatus.REFUND_DUE if self.closed else PaymentStatus.SUCCESSFUL,
            attempt_id=attempt.id,
            confirmation_number=attempt.confirmation_number,
            method=attempt.method.label,
            payer=attempt.payer,
            failure_reason="",
            updated_at=now,
        )

    def declined(self, attempt: Attempt, reason: str, now: datetime.datetime) -> Payment:
        """The processor refused; only the attempt that is waited for can fail the payment."""
        if self.status is not PaymentStatus.PENDING or self.attempt_id != attempt.id:
            return self
        status = PaymentStatus.CANCELLED if self.closed else PaymentStatus.FAILED
        return replace(self, status=status, failure_reason=reason, updated_at=now)

    def mismatched(self, attempt: Attempt, now: datetime.datetime) -> Payment:
        """The processor took another amount than was asked: it stays pending, and nothing more may be paid."""
        if self.status is not PaymentStatus.PENDING or self.attempt_id != attempt.id:
            return self
        return replace(self, failure_reason=MISMATCH_REASON, updated_at=now)

    def unanswered(self, attempt: Attempt, now: datetime.datetime) -> Payment:
        """The page that the payer was handed over to said nothing in time: as if the payer had cancelled there."""
        if self.status is not PaymentStatus.PENDING or self.attempt_id != attempt.id:
            return self
        status = PaymentStatus.CANCELLED if self.closed else PaymentStatus.BILL_LATER
        return replace(self, status=status, updated_at=now)

    def billed_later(self, now: datetime.datetime) -> Payment:
        """Cancelled on the page: the applicant gets a bill by mail; the application stands (R92)."""
        if self.status is PaymentStatus.BILL_LATER:
            return self
        self.must_be_payable()
        return replace(self, status=PaymentStatus.BILL_LATER, updated_at=now)

    def past_due(self, today: datetime.date) -> Payment:
        """Overdue from the day after the last one; a payment that is under way or made never is."""
        is_late = self.terms.due_on is not None and today > self.terms.due_on
        return replace(self, overdue=True) if is_late and self.is_payable else self

    @property
    def transaction_id(self) -> str:
        """What the carrier knows the payment by; empty where it knows of none."""
        if self.method == PaymentMethod(MethodKind.CARRIER_PAGE).label:
            return payment_transaction_id(self.record_number)
        return self.confirmation_number if self.status is PaymentStatus.SUCCESSFUL else ""

    @property
    def is_overdue(self) -> bool:
        """Its day is over and nothing was paid; the payer may still pay."""
        return self.overdue and self.status in PAYABLE

    def closed_with_application(self, now: datetime.datetime) -> Payment:
        """The application was cancelled; money that is on its way is waited for."""
        if self.closed:
            return self
        status = {
            PaymentStatus.SUCCESSFUL: PaymentStatus.REFUND_DUE,
            PaymentStatus.PENDING: PaymentStatus.PENDING,
        }.get(self.status, PaymentStatus.CANCELLED)
        return replace(self, status=status, closed=True, updated_at=now)


def _first_status(terms: PaymentTerms) -> PaymentStatus:
    return PaymentStatus.NOT_STARTED if terms.pay_now else PaymentStatus.BILL_LATER
