"""What enrollment asks of the payment service: every field of the request, since payment refuses only some of them."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2
from suite.payment.v1 import payment_service_pb2 as pb

from chassis.bus.client import BusClient
from chassis.kernel import Money
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.remote import payments

MONTHS = [MonthDue(date(2026, 12, 1), Money(34_400)), MonthDue(date(2027, 1, 1), Money(26_400))]


class FakeBus:
    def __init__(self) -> None:
        self.asked = pb.OpenPaymentRequest()

    def call(self, service: Any, method: str, request: Any, response: type[Message]) -> Message:
        assert (service.full_name, method) == ("suite.payment.v1.PaymentService", "OpenPayment")
        self.asked = request
        return pb.OpenPaymentResponse(payment=payment_pb2.Payment(status=payment_pb2.PAYMENT_STATUS_PENDING))


def opened(pay_now: bool) -> pb.OpenPaymentRequest:
    bus = FakeBus()
    payments.RemotePayments(cast(BusClient, bus)).open("A-0001", "IL", "220002580", MONTHS, pay_now)
    return bus.asked


@pytest.mark.parametrize("pay_now", [True, False])
def test_a_payment_is_opened_with_every_field_of_its_request(pay_now: bool) -> None:
    months = [
        common_pb2.MonthDue(month="2026-12", amount=common_pb2.Money(cents=34_400)),
        common_pb2.MonthDue(month="2027-01", amount=common_pb2.Money(cents=26_400)),
    ]
    assert opened(pay_now) == pb.OpenPaymentRequest(
        record_number="A-0001",
        state="IL",
        writing_number="220002580",
        amount=common_pb2.Money(cents=60_800),
        pay_now=pay_now,
        months=months,
    )
    assert {field.name for field, _ in opened(True).ListFields()} == set(
        pb.OpenPaymentRequest.DESCRIPTOR.fields_by_name
    )
