"""Use case: get the payment of an application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Transactions
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import Payment
from services.payment.usecases.persistence import payment_not_found
from services.payment.usecases.ports import PaymentUnitOfWork


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment, and the agreement on what later premiums are taken from (R90).

    ``handed_over``: the payer is at another's page, or closed it, and no outcome came.
    """

    payment: Payment
    autopay: AutopayMandate | None
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class GetPayment:
    """For callers of the payment's writing number and for other services; NotFound for everybody else."""

    transactions: Transactions[PaymentUnitOfWork]

    def __call__(self, caller: Caller, record_number: str) -> PaymentView:
        with self.transactions() as work:
            payment = work.payments.find_payment(record_number)
            autopay = work.payments.find_mandate(record_number)
            sent = work.attempts.find_attempt(payment.attempt_id) if payment and payment.attempt_id else None
        if payment is None or not caller.may_see(payment.terms.writing_number):
            raise payment_not_found()
        return PaymentView(payment, autopay, payment.is_handed_over_by(sent))
