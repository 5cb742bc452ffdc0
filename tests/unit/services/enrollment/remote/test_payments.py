"""What enrollment asks of the payment service: every field of the request, since payment refuses only some of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2
from suite.payment.v1 import payment_pb2
from suite.payment.v1 import payment_service_pb2 as pb

from chassis.kernel import Money
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms, MonthDue
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.remote.payments import RemotePayments
from tests.unit.services.enrollment.remote.answering_bus import AnsweringBus, empty_fields

MONTHS = (MonthDue(date(2026, 12, 1), Money(34_400)), MonthDue(date(2027, 1, 1), Money(26_400)))
PENDING = payment_pb2.Payment(status=payment_pb2.PAYMENT_STATUS_PENDING)


def month(text: str, cents: int) -> common_pb2.MonthDue:
    return common_pb2.MonthDue(month=text, amount=common_pb2.Money(cents=cents))


def opened(payment: payment_pb2.Payment, pay_now: bool = True) -> tuple[AnsweringBus, FirstPayment]:
    terms = FirstPaymentTerms("A-0001", "IL", "220002580", MONTHS, date(2027, 1, 10), pay_now)
    bus = AnsweringBus("suite.payment.v1.PaymentService.OpenPayment", pb.OpenPaymentResponse(payment=payment))
    return bus, RemotePayments(bus.client).open(terms)


@pytest.mark.parametrize("pay_now", [True, False])
def test_a_payment_is_opened_with_every_field_of_its_request(pay_now: bool) -> None:
    expected = pb.OpenPaymentRequest(
        record_number="A-0001",
        state="IL",
        writing_number="220002580",
        amount=common_pb2.Money(cents=60_800),
        pay_now=pay_now,
        due_on="2027-01-10",
        months=[month("2026-12", 34_400), month("2027-01", 26_400)],
    )
    assert opened(PENDING, pay_now)[0].asked == [expected]
    assert not pay_now or empty_fields(expected) == set()


@pytest.mark.parametrize("status", PaymentStatus)
def test_the_status_is_that_of_the_payment(status: PaymentStatus) -> None:
    payment = payment_pb2.Payment(status=payment_pb2.PaymentStatus.Value(f"PAYMENT_STATUS_{status.upper()}"))
    assert opened(payment)[1].status is status


def test_the_months_are_those_that_the_payment_stands_for() -> None:
    """It was opened before, for one month."""
    payment = payment_pb2.Payment(
        status=payment_pb2.PAYMENT_STATUS_PENDING,
        amount=common_pb2.Money(cents=34_400),
        months=[month("2026-12", 34_400)],
    )
    assert opened(payment)[1] == FirstPayment(PaymentStatus.PENDING, (MONTHS[0],))


@pytest.mark.parametrize(("cents", "months"), [(60_800, tuple(MONTHS)), (34_400, ())])
def test_a_payment_without_months_stands_for_those_asked_if_the_amount_is_theirs(
    cents: int, months: tuple[MonthDue, ...]
) -> None:
    payment = payment_pb2.Payment(status=payment_pb2.PAYMENT_STATUS_PENDING, amount=common_pb2.Money(cents=cents))
    assert opened(payment)[1].months == months


def test_a_payment_is_read_with_every_field_that_a_page_shows() -> None:
    stamp = Timestamp()
    stamp.FromDatetime(datetime(2026, 5, 20, 18, tzinfo=UTC))
    payment = payment_pb2.Payment(
        record_number="A-0001",
        status=payment_pb2.PAYMENT_STATUS_PENDING,
        confirmation_number="C-1",
        method="card ending 4242",
        failure_reason="Try another card.",
        autopay=payment_pb2.Autopay(method="bank account ending 6789"),
        updated_at=stamp,
    )
    bus = AnsweringBus("suite.payment.v1.PaymentService.GetPayment", pb.GetPaymentResponse(payment=payment))
    found = RemotePayments(bus.client).find("A-0001")
    assert bus.asked == [pb.GetPaymentRequest(record_number="A-0001")]
    assert found == PaymentDetails(
        PaymentStatus.PENDING,
        "C-1",
        "card ending 4242",
        "Try another card.",
        "bank account ending 6789",
        datetime(2026, 5, 20, 18, tzinfo=UTC),
    )
