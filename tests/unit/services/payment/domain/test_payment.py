"""The states of a payment, and what others are told about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from chassis.kernel import Conflict, FixedClock, Money
from services.payment.domain.attempt import Attempt, AttemptStatus, MethodKind, PaymentMethod
from services.payment.domain.events import PaymentBillLater, PaymentFailed, PaymentSucceeded, event_for_transition
from services.payment.domain.payment import MonthDue, Payment, PaymentStatus, PaymentTerms

NOW = FixedClock.at("2026-11-23").now()
LATER = NOW + timedelta(minutes=1)
TERMS = PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True)
CARD = PaymentMethod(MethodKind.CARD, "tok_card", "4242")
BANK = PaymentMethod(MethodKind.BANK, "tok_bank", "6789")
FIRST = Attempt("first", "A-0001", TERMS.amount, CARD, "2345678ABC", NOW)
SECOND = replace(FIRST, id="second", confirmation_number="DEFGHJK234")
OPEN = Payment.open("A-0001", TERMS, NOW)


def test_pay_now_opens_a_payment_that_is_not_started() -> None:
    assert OPEN.status is PaymentStatus.NOT_STARTED
    assert event_for_transition(None, OPEN) is None


def test_pay_later_is_announced_at_once() -> None:
    payment = Payment.open("A-0001", replace(TERMS, pay_now=False), NOW)

    assert event_for_transition(None, payment) == PaymentBillLater("A-0001", "107864325")


def test_a_sent_payment_shows_number_and_last_four() -> None:
    sent = OPEN.sent(FIRST, LATER)

    assert (sent.status, sent.confirmation_number, sent.method) == (
        PaymentStatus.PENDING,
        "2345678ABC",
        "card ending 4242",
    )
    assert event_for_transition(OPEN, sent) is None


def test_an_approval_makes_the_payment_successful_and_publishes_it() -> None:
    sent = OPEN.sent(FIRST, LATER)
    paid = sent.approved(FIRST, LATER)

    assert event_for_transition(sent, paid) == PaymentSucceeded("A-0001", "107864325", TERMS.amount, "2345678ABC")


def test_a_decline_fails_the_payment_and_allows_another_attempt() -> None:
    sent = OPEN.sent(FIRST, LATER)
    failed = sent.declined(FIRST, "The card was declined.", LATER)

    assert event_for_transition(sent, failed) == PaymentFailed("A-0001", "107864325", "The card was declined.")
    assert failed.sent(SECOND, LATER).status is PaymentStatus.PENDING
    assert failed.sent(SECOND, LATER).failure_reason == ""


def test_a_decline_of_an_older_attempt_leaves_the_pending_one_alone() -> None:
    pending = OPEN.sent(FIRST, NOW).declined(FIRST, "no", NOW).sent(SECOND, LATER)

    assert pending.declined(FIRST, "no", LATER) is pending


def test_an_approval_decides_whatever_the_order_of_charge_outcomes() -> None:
    sent = OPEN.sent(FIRST, NOW)
    answers = ("declined", "approved", "declined", "approved")
    ends = {_after(sent, order).status for order in permutations(answers)}

    assert ends == {PaymentStatus.SUCCESSFUL}


def _after(payment: Payment, answers: tuple[str, ...]) -> Payment:
    for answer in answers:
        payment = payment.approved(FIRST, NOW) if answer == "approved" else payment.declined(FIRST, "no", NOW)
    return payment


def test_a_successful_payment_stays_successful() -> None:
    paid = OPEN.sent(FIRST, NOW).approved(FIRST, NOW)

    assert paid.declined(FIRST, "no", LATER) is paid
    assert paid.approved(SECOND, LATER) is paid
    assert paid.reopened(replace(TERMS, amount=Money.of("1.00")), LATER) is paid
    with pytest.raises(Conflict):
        paid.billed_later(LATER)
    with pytest.raises(Conflict):
        paid.sent(SECOND, LATER)


def test_a_payment_under_way_is_neither_sent_again_nor_cancelled() -> None:
    sent = OPEN.sent(FIRST, NOW)

    with pytest.raises(Conflict) as refused:
        sent.sent(SECOND, LATER)
    assert refused.value.code == "payment_pending"
    with pytest.raises(Conflict):
        sent.billed_later(LATER)


def test_a_cancelled_payment_is_billed_later_and_may_still_be_paid() -> None:
    cancelled = OPEN.billed_later(LATER)

    assert event_for_transition(OPEN, cancelled) == PaymentBillLater("A-0001", "107864325")
    assert cancelled.billed_later(LATER) is cancelled
    assert cancelled.sent(FIRST, LATER).status is PaymentStatus.PENDING


def test_opening_again_keeps_what_happened_since() -> None:
    cancelled = OPEN.billed_later(LATER)

    assert cancelled.reopened(TERMS, LATER) is cancelled


def test_a_later_submission_brings_its_own_amount() -> None:
    failed = OPEN.sent(FIRST, NOW).declined(FIRST, "no", NOW)
    again = failed.reopened(replace(TERMS, amount=Money.of("100.00")), LATER)

    assert (again.status, again.terms.amount) == (PaymentStatus.NOT_STARTED, Money.of("100.00"))


def test_an_attempt_for_another_amount_is_not_sent() -> None:
    changed = OPEN.reopened(replace(TERMS, amount=Money.of("100.00")), LATER)

    with pytest.raises(Conflict) as refused:
        changed.sent(FIRST, LATER)
    assert refused.value.code == "balance_changed"


def test_autopay_takes_a_bank_account_only() -> None:
    assert replace(FIRST, autopay=BANK).autopay == BANK
    with pytest.raises(ValueError, match="R90"):
        replace(FIRST, autopay=CARD)


def test_an_approved_attempt_stays_approved() -> None:
    settled = FIRST.sent(NOW).answered(AttemptStatus.APPROVED, "ch_1").answered(AttemptStatus.DECLINED, "ch_2")

    assert (settled.status, settled.reference) == (AttemptStatus.APPROVED, "ch_1")


def test_a_payment_that_is_opened_again_for_a_later_month_asks_for_both() -> None:
    month = MonthDue(date(2026, 12, 1), TERMS.amount)
    later = MonthDue(date(2027, 1, 1), TERMS.amount)
    before = OPEN.reopened(replace(TERMS, months=(month,)), LATER)
    assert before.terms.months == (month,)

    both = replace(TERMS, amount=TERMS.amount * 2, months=(month, later))
    assert before.reopened(both, LATER).terms == both
    assert before.sent(FIRST, LATER).reopened(both, LATER).terms.months == (month,)


@pytest.mark.parametrize(
    ("method", "status", "known_by"),
    [
        ("carrier's payment page", PaymentStatus.PENDING, "0000000000638"),
        ("carrier's payment page", PaymentStatus.BILL_LATER, "0000000000638"),
        ("carrier's payment page", PaymentStatus.SUCCESSFUL, "0000000000638"),
        ("Visa ending 4242", PaymentStatus.SUCCESSFUL, "23456789AB"),
        ("Visa ending 4242", PaymentStatus.PENDING, ""),
        ("", PaymentStatus.NOT_STARTED, ""),
    ],
)
def test_the_carrier_knows_a_payment_by_what_it_was_told(method: str, status: PaymentStatus, known_by: str) -> None:
    opened = Payment.open("A-0638", TERMS, NOW)
    paid = replace(opened, method=method, status=status, confirmation_number="23456789AB")
    assert paid.transaction_id == known_by
