"""Remote: the payment service."""

from __future__ import annotations

from collections.abc import Sequence

from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money
from chassis.mapping import FromProto
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms, MonthDue
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.wire.values import month_due, months_due

# A page waits for it, and shows what was told last when it does not come; a healthy suite answers in milliseconds.
READ_SECONDS = 0.7
_SERVICE = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"]


class RemotePayments:
    """The port ``usecases.ports.PaymentService`` over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def open(self, terms: FirstPaymentTerms) -> FirstPayment:
        request = payment_service_pb2.OpenPaymentRequest(
            record_number=terms.record_number,
            state=terms.state,
            writing_number=terms.writing_number,
            amount=common_pb2.Money(cents=terms.amount.cents),
            pay_now=terms.pay_now,
            months=months_due(terms.months),
            due_on=terms.due_on.isoformat(),
        )
        answer = self._bus.call(_SERVICE, "OpenPayment", request, payment_service_pb2.OpenPaymentResponse)
        return FirstPayment(_status(answer.payment), _months(answer.payment, terms.months))

    def find(self, record_number: str) -> PaymentDetails:
        request = payment_service_pb2.GetPaymentRequest(record_number=record_number)
        found = payment_service_pb2.GetPaymentResponse
        return _facts(self._bus.call(_SERVICE, "GetPayment", request, found, READ_SECONDS).payment)


def _status(payment: payment_pb2.Payment) -> PaymentStatus:
    name = payment_pb2.PaymentStatus.Name(payment.status)
    return PaymentStatus(name.removeprefix("PAYMENT_STATUS_").lower())


_facts = FromProto(
    payment_pb2.Payment,
    PaymentDetails,
    status=_status,
    autopay_method=lambda payment: "" if payment.autopay.HasField("cancelled_at") else payment.autopay.method,
    # as enrollment opened it, or asked of payment
    unread=("record_number", "amount", "months", "autopay", "payer", "due_on", "overdue", "handed_over"),
)


def _months(payment: payment_pb2.Payment, asked: Sequence[MonthDue]) -> tuple[MonthDue, ...]:
    """Those that the payment stands for. An earlier release of payment names none, but tells the amount."""
    if payment.months:
        return tuple(month_due(one) for one in payment.months)
    same = payment.amount.cents == Money.total(due.amount for due in asked).cents
    return tuple(asked) if same else ()
