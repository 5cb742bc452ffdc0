"""Remote: the payment service."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money
from services.enrollment.domain.vocabulary import PaymentStatus

_SERVICE = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"]


class RemotePayments:
    """The port ``usecases.ports.Payments`` over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def open(self, record_number: str, state: str, writing_number: str, amount: Money, pay_now: bool) -> PaymentStatus:
        request = payment_service_pb2.OpenPaymentRequest(
            record_number=record_number,
            state=state,
            writing_number=writing_number,
            amount=common_pb2.Money(cents=amount.cents),
            pay_now=pay_now,
        )
        answer = self._bus.call(_SERVICE, "OpenPayment", request, payment_service_pb2.OpenPaymentResponse)
        name = payment_pb2.PaymentStatus.Name(answer.payment.status)
        return PaymentStatus(name.removeprefix("PAYMENT_STATUS_").lower())
