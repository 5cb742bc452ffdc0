"""Payers who are handed over to another's payment page, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.kernel import Conflict, FixedClock, Money
from services.payment.domain.attempt import AttemptStatus, MethodKind, Payer
from services.payment.domain.events import PaymentBillLater, PaymentSucceeded
from services.payment.domain.payment import PaymentStatus
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.close_payment import ClosePayment
from services.payment.usecases.hand_over_payment import HandOverPayment
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.ports import ChargeReport, ChargeStatus
from services.payment.usecases.sweep_payments import HANDED_OVER_FOR, SweepPayments
from tests.unit.services.payment.usecases.test_paying import CLOCK, ENROLLMENT, START, TERMS, PaymentFixture

LATER = HANDED_OVER_FOR + timedelta(seconds=1)
BY_MAIL = PaymentBillLater("A-0001", "107864325")


@pytest.fixture
def paying() -> PaymentFixture:
    return PaymentFixture()


def hand_over(paying: PaymentFixture, payer: Payer = Payer.FAMILY, after: timedelta = timedelta()) -> None:
    hand = HandOverPayment(paying.work, CLOCK, FixedClock(START + after))
    hand(paying.visit(), payer, MethodKind.PROCESSOR_PAGE)


def come_again(paying: PaymentFixture) -> None:
    paying.secret = paying.open_page(paying.token())


def test_the_payment_is_pending_before_the_payer_leaves(paying: PaymentFixture) -> None:
    hand_over(paying)
    assert (paying.payment.status, paying.payment.method) == (PaymentStatus.PENDING, "processor's payment page")
    assert paying.visit().handed_over is not None
    assert (paying.payment.payer, paying.processor.charged) == (Payer.FAMILY, [])


def test_a_second_click_makes_no_second_attempt(paying: PaymentFixture) -> None:
    hand_over(paying)
    hand_over(paying)
    assert len(paying.work.attempts.rows) == 1


def test_the_outcome_makes_it_successful(paying: PaymentFixture) -> None:
    hand_over(paying)
    paying.answer(ChargeStatus.APPROVED)
    assert paying.payment.status is PaymentStatus.SUCCESSFUL
    assert paying.visit().handed_over is None


def test_another_amount_or_currency_does_not(paying: PaymentFixture) -> None:
    hand_over(paying)
    paying.answer(ChargeStatus.APPROVED, "msg_1", amount=Money(1))
    paying.answer(ChargeStatus.APPROVED, "msg_2", currency="CAD")
    assert paying.payment.status is PaymentStatus.PENDING
    paying.sweep(LATER)
    assert paying.payment.status is PaymentStatus.PENDING, "somebody has to look at it"


def test_nobody_is_asked_about_it_and_without_an_outcome_a_bill_is_mailed(paying: PaymentFixture) -> None:
    hand_over(paying)
    assert paying.sweep(HANDED_OVER_FOR).looked_at == 0
    assert paying.payment.status is PaymentStatus.PENDING
    assert paying.sweep(LATER).looked_at == 1
    assert (paying.payment.status, paying.processor.charged) == (PaymentStatus.BILL_LATER, [])
    assert paying.work.events == [BY_MAIL]
    assert paying.sweep(LATER).looked_at == 0


def test_an_outcome_that_comes_after_all_still_counts(paying: PaymentFixture) -> None:
    hand_over(paying)
    paying.sweep(LATER)
    paying.answer(ChargeStatus.APPROVED)
    assert paying.payment.status is PaymentStatus.SUCCESSFUL
    assert isinstance(paying.work.events[-1], PaymentSucceeded)


def test_who_comes_again_pays_under_the_same_reference(paying: PaymentFixture) -> None:
    hand_over(paying)
    first = paying.payment
    paying.sweep(LATER)
    come_again(paying)
    hand_over(paying, Payer.EMPLOYER)
    assert (paying.payment.status, paying.payment.payer) == (PaymentStatus.PENDING, Payer.EMPLOYER)
    assert (paying.payment.attempt_id, paying.payment.confirmation_number) == (
        first.attempt_id,
        first.confirmation_number,
    )


def test_who_closed_the_other_page_begins_again_at_once_under_the_same_reference(paying: PaymentFixture) -> None:
    hand_over(paying)
    first = paying.payment
    come_again(paying)
    assert paying.visit().may_pay and paying.visit().handed_over is None
    hand_over(paying, Payer.EMPLOYER, after=timedelta(minutes=15))
    assert (paying.payment.attempt_id, paying.payment.payer) == (first.attempt_id, Payer.EMPLOYER)
    assert [one.status for one in paying.work.attempts.rows.values()] == [AttemptStatus.SENT]
    paying.sweep(LATER)
    assert paying.payment.status is PaymentStatus.PENDING, "the time at the other page began anew"


def test_the_success_of_either_visit_counts_once(paying: PaymentFixture) -> None:
    hand_over(paying)
    come_again(paying)
    hand_over(paying)
    paying.answer(ChargeStatus.APPROVED, "msg_1")
    paying.answer(ChargeStatus.APPROVED, "msg_2")
    assert paying.payment.status is PaymentStatus.SUCCESSFUL
    assert [type(one) for one in paying.work.events] == [PaymentSucceeded]
    with pytest.raises(Conflict, match="already been paid"):
        paying.token()


def test_who_begins_again_and_cancels_gets_a_bill_and_a_late_success_still_counts(paying: PaymentFixture) -> None:
    hand_over(paying)
    come_again(paying)
    CancelPayment(paying.work, CLOCK)(paying.visit())
    assert (paying.payment.status, paying.work.events) == (PaymentStatus.BILL_LATER, [BY_MAIL])
    assert paying.sweep(LATER).looked_at == 0
    paying.receive("msg_1", ChargeReport(paying.payment.attempt_id, ChargeStatus.APPROVED, "", TERMS.amount))
    paying.process("msg_1")
    assert paying.payment.status is PaymentStatus.SUCCESSFUL


def test_a_payment_of_another_amount_cannot_be_begun_again(paying: PaymentFixture) -> None:
    hand_over(paying)
    paying.answer(ChargeStatus.APPROVED, amount=Money(1))
    with pytest.raises(Conflict, match="different amount"):
        paying.token()


def test_a_round_that_found_the_first_visit_leaves_the_second_alone(paying: PaymentFixture) -> None:
    hand_over(paying)
    [found] = paying.work.attempts.rows.values()
    come_again(paying)
    hand_over(paying, after=timedelta(minutes=15))
    sweep = SweepPayments(paying.work, paying.processor, paying.process, CLOCK, FixedClock(START + LATER))
    sweep._give_up(found)
    assert paying.payment.status is PaymentStatus.PENDING


def test_after_a_decline_the_next_try_is_another_one(paying: PaymentFixture) -> None:
    hand_over(paying)
    first = paying.payment.attempt_id
    paying.answer(ChargeStatus.DECLINED)
    hand_over(paying)
    assert paying.payment.attempt_id != first


def test_another_balance_is_another_reference(paying: PaymentFixture) -> None:
    hand_over(paying)
    first = paying.payment.attempt_id
    paying.sweep(LATER)
    OpenPayment(paying.work, CLOCK)(ENROLLMENT, "A-0001", replace(TERMS, amount=Money.of("99.00")))
    come_again(paying)
    hand_over(paying)
    assert paying.payment.attempt_id != first
    assert paying.work.attempts.rows[paying.payment.attempt_id].amount == Money.of("99.00")


def test_a_cancelled_application_sends_nobody_away_and_waits_for_who_is_there(paying: PaymentFixture) -> None:
    hand_over(paying)
    ClosePayment(paying.work, CLOCK)("queue", "message", "A-0001")
    paying.sweep(HANDED_OVER_FOR)
    assert [paying.payment.status] == [PaymentStatus.PENDING]
    paying.sweep(LATER)
    assert [paying.payment.status] == [PaymentStatus.CANCELLED]
    with pytest.raises(Conflict):
        hand_over(paying)


def test_an_attempt_that_expired_is_told_apart(paying: PaymentFixture) -> None:
    hand_over(paying)
    paying.sweep(LATER)
    assert [one.status for one in paying.work.attempts.rows.values()] == [AttemptStatus.EXPIRED]
