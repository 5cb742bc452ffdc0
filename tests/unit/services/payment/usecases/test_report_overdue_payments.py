"""The day for the first payment passes; told once, and a late payer may still pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.kernel import Caller, CallerKind, Clock, FixedClock, Money
from services.payment.contract.service import payment_to_proto
from services.payment.domain.events import FirstPaymentOverdue
from services.payment.domain.payment import Payment, PaymentStatus, PaymentTerms
from services.payment.usecases.open_payment import OpenPayment
from services.payment.usecases.report_overdue_payments import ReportOverduePayments
from tests.unit.services.payment.fakes import FakeWork

DUE = date(2026, 12, 1)
TERMS = PaymentTerms("TX", "107864325", Money.of("2091.40"), pay_now=True, due_on=DUE)
# December 1 is over in Texas, which is six hours behind UTC.
OVER = FixedClock(datetime(2026, 12, 2, 6, tzinfo=UTC))
TOLD = FirstPaymentOverdue("A-0001", "107864325", TERMS.amount, DUE)


@pytest.fixture
def work() -> FakeWork:
    return FakeWork()


def open_payment(work: FakeWork, **changes: object) -> Payment:
    enrollment, clock = Caller(CallerKind.SERVICE, "enrollment"), FixedClock.at("2026-11-01")
    opened = OpenPayment(work, clock)(enrollment, "A-0001", replace(TERMS, **changes))  # type: ignore[arg-type]  # fields of the terms, by name
    work.events.clear()
    return opened


def told(work: FakeWork, clock: Clock = OVER) -> list[object]:
    ReportOverduePayments(work, clock)()
    return list(work.events)


def test_a_payment_is_overdue_when_its_day_is_over_in_its_state(work: FakeWork) -> None:
    open_payment(work)
    assert told(work, FixedClock(datetime(2026, 12, 2, 5, 59, tzinfo=UTC))) == []
    assert told(work) == [TOLD]


def test_it_is_told_once(work: FakeWork) -> None:
    open_payment(work)
    told(work)
    assert told(work) == [TOLD]
    assert [action for _, action in work.audited].count("payment.overdue") == 1


def test_an_overdue_payment_can_still_be_made(work: FakeWork) -> None:
    open_payment(work)
    told(work)
    overdue = work.payments.rows["A-0001"]
    assert overdue.is_payable and overdue.is_overdue
    told_of = payment_to_proto(overdue)
    assert (told_of.overdue, told_of.due_on) == (True, DUE.isoformat())


@pytest.mark.parametrize("status", [PaymentStatus.PENDING, PaymentStatus.SUCCESSFUL])
def test_one_that_is_made_after_all_is_not_overdue_any_more(work: FakeWork, status: PaymentStatus) -> None:
    open_payment(work)
    told(work)
    assert not payment_to_proto(replace(work.payments.rows["A-0001"], status=status)).overdue


def test_a_bill_by_mail_is_overdue_too(work: FakeWork) -> None:
    open_payment(work, pay_now=False)
    assert told(work) == [TOLD]


@pytest.mark.parametrize("status", [PaymentStatus.PENDING, PaymentStatus.SUCCESSFUL])
def test_a_payment_that_is_under_way_or_made_is_never_overdue(work: FakeWork, status: PaymentStatus) -> None:
    work.payments.rows["A-0001"] = replace(open_payment(work), status=status)
    assert told(work) == []


def test_a_payment_of_a_cancelled_application_is_never_overdue(work: FakeWork) -> None:
    work.payments.rows["A-0001"] = open_payment(work).closed_with_application(OVER.now())
    assert told(work) == []


def test_a_payment_without_a_day_is_never_overdue(work: FakeWork) -> None:
    open_payment(work, due_on=None)
    assert told(work) == []


def test_a_payment_that_is_opened_again_with_a_later_day_is_not_overdue_any_more(work: FakeWork) -> None:
    before = open_payment(work)
    told(work)
    later = work.payments.rows["A-0001"].reopened(replace(before.terms, due_on=date(2026, 12, 31)), OVER.now())
    assert not later.overdue
