"""Use case: see the payment of an application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chassis.kernel import Transactions
from services.payment.domain.payment import Payment
from services.payment.usecases.changing import unknown
from services.payment.usecases.ports import PaymentUnitOfWork

# Given a writing number, whether the caller may see what was sold under it.
MaySee = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class SeePayment:
    """For callers of the payment's writing number and for other services; NotFound for everybody else."""

    transactions: Transactions[PaymentUnitOfWork]

    def __call__(self, record_number: str, may_see: MaySee) -> Payment:
        with self.transactions() as work:
            payment = work.payments.get(record_number)
        if payment is None or not may_see(payment.terms.writing_number):
            raise unknown()
        return payment
