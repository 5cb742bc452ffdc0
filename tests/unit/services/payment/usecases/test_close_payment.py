"""A cancelled application: nothing is paid any more, and what was paid is due back."""

from __future__ import annotations

import pytest

from chassis.kernel import Caller, CallerKind, Conflict, FixedClock, Money
from services.payment.domain.attempt import Attempt, MethodKind, PaymentMethod
from services.payment.domain.events import (
    AutopayAuthorized,
    AutopayCancelled,
    PaymentCancelled,
    PaymentRefundDue,
    PaymentSucceeded,
)
from services.payment.domain.payment import Payment, PaymentStatus, PaymentTerms
from services.payment.usecases.charge_outcome import apply_charge_outcome
from services.payment.usecases.close_payment import ClosePayment
from services.payment.usecases.create_payment_link import CreatePaymentLink
from services.payment.usecases.one_time_secrets import PaymentLinkSigner
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.ports import ChargeReport, ChargeStatus
from tests.unit.services.payment.fakes import FakeWork

CLOCK = FixedClock.at("2026-11-23")
NOW = CLOCK.now()
ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
TERMS = PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD, BANK = PaymentMethod(MethodKind.CARD, "tok_card", "4242"), PaymentMethod(MethodKind.BANK, "tok_bank", "6789")
ATTEMPT = Attempt("first", "A-0001", TERMS.amount, CARD, "2345678ABC", NOW, autopay=BANK)
REFUND = PaymentRefundDue("A-0001", "107864325", TERMS.amount, "2345678ABC")


class PaymentFixture:
    def __init__(self) -> None:
        self.work = FakeWork()
        OpenPayment(self.work, CLOCK)(ENROLLMENT, "A-0001", TERMS)

    @property
    def payment(self) -> Payment:
        return self.work.payments.rows["A-0001"]

    def send(self) -> None:
        self.work.payments.save_payment(self.payment.sent(ATTEMPT, NOW))
        self.work.attempts.add_attempt(ATTEMPT.sent(NOW))

    def answer(self, answer: ChargeStatus) -> None:
        apply_charge_outcome(self.work, ChargeReport("first", answer, "card_declined", TERMS.amount), NOW)

    def close(self, message: str = "m-1") -> None:
        ClosePayment(self.work, CLOCK)("queue", message, "A-0001")


@pytest.fixture
def fixture() -> PaymentFixture:
    return PaymentFixture()


def test_an_unpaid_application_that_is_cancelled_takes_no_payment(fixture: PaymentFixture) -> None:
    fixture.close()
    assert fixture.payment.status is PaymentStatus.CANCELLED
    assert fixture.work.events == [PaymentCancelled("A-0001", "107864325")]
    with pytest.raises(Conflict) as refused:
        create = CreatePaymentLink(fixture.work, CLOCK, PaymentLinkSigner(b"k" * 32), "https://pay.example")
        create(ENROLLMENT, "A-0001")
    assert refused.value.code == "application_cancelled"
    with pytest.raises(Conflict):
        fixture.payment.sent(ATTEMPT, NOW)
    with pytest.raises(Conflict):
        fixture.payment.billed_later(NOW)
    assert OpenPayment(fixture.work, CLOCK)(ENROLLMENT, "A-0001", TERMS).status is PaymentStatus.CANCELLED


def test_an_unpaid_application_that_is_not_cancelled_takes_a_payment(fixture: PaymentFixture) -> None:
    """The control."""
    assert fixture.payment.sent(ATTEMPT, NOW).status is PaymentStatus.PENDING


def test_a_paid_application_that_is_cancelled_is_refunded_and_autopay_ends(fixture: PaymentFixture) -> None:
    fixture.send()
    fixture.answer(ChargeStatus.APPROVED)
    assert fixture.work.payments.mandates["A-0001"].bank == BANK
    fixture.close()
    assert fixture.payment.status is PaymentStatus.REFUND_DUE
    assert fixture.work.events[-2:] == [AutopayCancelled("A-0001", "107864325"), REFUND]
    ended = fixture.work.payments.mandates["A-0001"]
    assert (ended.bank.token, ended.bank.last_four, ended.cancelled_by) == ("", BANK.last_four, "enrollment")


def test_a_pending_payment_of_a_cancelled_application_is_refunded_once_approved(fixture: PaymentFixture) -> None:
    fixture.send()
    fixture.close()
    assert (fixture.payment.status, fixture.work.events) == (PaymentStatus.PENDING, [])
    fixture.answer(ChargeStatus.APPROVED)
    assert (fixture.payment.status, fixture.work.events) == (PaymentStatus.REFUND_DUE, [REFUND])
    assert not fixture.work.payments.mandates


def test_a_declined_payment_of_a_cancelled_application_is_not_refunded(fixture: PaymentFixture) -> None:
    fixture.send()
    fixture.close()
    fixture.answer(ChargeStatus.DECLINED)
    assert fixture.payment.status is PaymentStatus.CANCELLED
    assert fixture.work.events == [PaymentCancelled("A-0001", "107864325")]


def test_a_repeated_cancellation_changes_nothing(fixture: PaymentFixture) -> None:
    fixture.send()
    fixture.answer(ChargeStatus.APPROVED)
    for message in ("m-1", "m-1", "m-2"):
        fixture.close(message)
    fixture.answer(ChargeStatus.APPROVED)
    assert [type(event) for event in fixture.work.events] == [
        PaymentSucceeded,
        AutopayAuthorized,
        AutopayCancelled,
        PaymentRefundDue,
    ]


def test_an_application_without_a_payment_has_nothing_to_close(fixture: PaymentFixture) -> None:
    ClosePayment(fixture.work, CLOCK)("queue", "m-1", "A-0002")
    assert not fixture.work.events
