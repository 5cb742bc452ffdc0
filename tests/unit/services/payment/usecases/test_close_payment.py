"""A cancelled application: nothing is paid any more, and what was paid is due back."""

from __future__ import annotations

import pytest

from chassis.kernel import Conflict, FixedClock, Money
from services.payment.domain.attempt import Attempt, MethodKind, PaymentMethod
from services.payment.domain.changes import PaymentCancelled, PaymentRefundDue, PaymentSucceeded
from services.payment.domain.payment import Payment, PaymentStatus, Terms
from services.payment.usecases.close_payment import ClosePayment
from services.payment.usecases.create_link import CreateLink
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.ports import Answer, ChargeReport
from services.payment.usecases.secrets import LinkSigner
from services.payment.usecases.settle import settle
from tests.unit.services.payment.fakes import FakeWork

CLOCK = FixedClock.at("2026-11-23")
NOW = CLOCK.now()
TERMS = Terms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD, BANK = PaymentMethod(MethodKind.CARD, "tok_card", "4242"), PaymentMethod(MethodKind.BANK, "tok_bank", "6789")
ATTEMPT = Attempt("first", "A-0001", TERMS.amount, CARD, "2345678ABC", NOW, autopay=BANK)
REFUND = PaymentRefundDue("A-0001", "107864325", TERMS.amount, "2345678ABC")


class House:
    def __init__(self) -> None:
        self.work = FakeWork()
        OpenPayment(self.work, CLOCK)("A-0001", TERMS, "enrollment")

    @property
    def payment(self) -> Payment:
        return self.work.payments.rows["A-0001"]

    def send(self) -> None:
        self.work.payments.save(self.payment.sent(ATTEMPT, NOW))
        self.work.attempts.add(ATTEMPT.sent(NOW))

    def answer(self, answer: Answer) -> None:
        settle(self.work, ChargeReport("first", answer, "card_declined"), NOW)

    def close(self, message: str = "m-1") -> None:
        ClosePayment(self.work, CLOCK)("queue", message, "A-0001")


@pytest.fixture
def house() -> House:
    return House()


def test_what_was_not_paid_cannot_be_paid_any_more(house: House) -> None:
    house.close()
    assert house.payment.status is PaymentStatus.CANCELLED
    assert house.work.events == [PaymentCancelled("A-0001", "107864325")]
    with pytest.raises(Conflict) as refused:
        create = CreateLink(house.work, CLOCK, LinkSigner(b"k" * 32), "https://pay.example")
        create("A-0001", lambda _: True, "producer@example.com")
    assert refused.value.code == "application_cancelled"
    with pytest.raises(Conflict):
        house.payment.sent(ATTEMPT, NOW)
    with pytest.raises(Conflict):
        house.payment.billed_later(NOW)
    assert OpenPayment(house.work, CLOCK)("A-0001", TERMS, "enrollment").status is PaymentStatus.CANCELLED


def test_without_the_cancellation_it_could_still_be_paid(house: House) -> None:
    """The control."""
    assert house.payment.sent(ATTEMPT, NOW).status is PaymentStatus.PENDING


def test_what_was_paid_is_due_back_and_autopay_ends(house: House) -> None:
    house.send()
    house.answer(Answer.APPROVED)
    assert house.work.payments.mandates == {"A-0001": BANK}
    house.close()
    assert house.payment.status is PaymentStatus.REFUND_DUE
    assert house.work.events[-1] == REFUND
    assert not house.work.payments.mandates


def test_money_on_its_way_is_waited_for_and_then_due_back(house: House) -> None:
    house.send()
    house.close()
    assert (house.payment.status, house.work.events) == (PaymentStatus.PENDING, [])
    house.answer(Answer.APPROVED)
    assert (house.payment.status, house.work.events) == (PaymentStatus.REFUND_DUE, [REFUND])
    assert not house.work.payments.mandates


def test_money_that_never_came_needs_no_way_back(house: House) -> None:
    house.send()
    house.close()
    house.answer(Answer.DECLINED)
    assert house.payment.status is PaymentStatus.CANCELLED
    assert house.work.events == [PaymentCancelled("A-0001", "107864325")]


def test_the_cancellation_may_be_heard_many_times(house: House) -> None:
    house.send()
    house.answer(Answer.APPROVED)
    for message in ("m-1", "m-1", "m-2"):
        house.close(message)
    house.answer(Answer.APPROVED)
    assert [type(event) for event in house.work.events] == [PaymentSucceeded, PaymentRefundDue]


def test_an_application_without_a_payment_has_nothing_to_close(house: House) -> None:
    ClosePayment(house.work, CLOCK)("queue", "m-1", "A-0002")
    assert not house.work.events
