"""Domain: the months that the first payment covers, each at the premium of its own plan year (rules.md 6)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Money
from services.enrollment.domain.dates import first_of_next_month, months_due
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.pricing import PlanLine


@dataclass(frozen=True, slots=True)
class MonthDue:
    """``month`` is its first day; ``amount`` is that of all plans together."""

    month: datetime.date
    amount: Money


@dataclass(frozen=True, slots=True)
class FirstPaymentTerms:
    """What payment is asked to open: the months' sum, due by ``due_on``; ``pay_now`` False: a bill goes out by mail."""

    record_number: str
    state: str
    writing_number: str
    months: tuple[MonthDue, ...]
    due_on: date
    pay_now: bool

    @property
    def amount(self) -> Money:
        return Money.total(due.amount for due in self.months)


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """The payment of a submission as payment opened it, or as it stood already."""

    status: PaymentStatus
    months: tuple[MonthDue, ...]


def total_due(months: Sequence[MonthDue]) -> Money | None:
    """None without a month."""
    return Money.total(due.amount for due in months) if months else None


def calendar_months_due(effective_date: date, today: date) -> tuple[date, ...]:
    """Their first days: the month of the effective date, and each one after it up to today's."""
    found = [effective_date.replace(day=1)]
    while len(found) < months_due(effective_date, today):
        found.append(first_of_next_month(found[-1]))
    return tuple(found)


def renewal_years(effective_date: date, today: date) -> range:
    """The plan years after the first that a person has to know of: of months that are due, and of the month after them.

    Individual coverage is sold for a plan year, which is the calendar year (45 CFR 155.20, 144.103): whoever begins in
    December, or before it in a year that is over, has a new premium on 1 January.
    """
    last = calendar_months_due(effective_date, today)[-1]
    return range(effective_date.year + 1, first_of_next_month(last).year + 1)


def first_payment_months(lines: Sequence[PlanLine], effective_date: date, today: date) -> tuple[MonthDue, ...]:
    """Without months in which none of the plans is offered, or whose premium is not known."""
    return tuple(_months(lines, effective_date, today))


def _months(lines: Sequence[PlanLine], effective_date: date, today: date) -> Iterator[MonthDue]:
    for month in calendar_months_due(effective_date, today):
        found = [_premium(line, month.year, effective_date.year) for line in lines]
        if premiums := [premium for premium in found if premium is not None]:
            yield MonthDue(month, Money.total(premiums))


def _premium(line: PlanLine, year: int, first_year: int) -> Money | None:
    if year == first_year:
        return line.monthly_premium
    renewal = line.renewal_of(year)
    return renewal.monthly_premium if renewal else None


def premiums_agree(shown: Sequence[PlanLine], now: Sequence[PlanLine]) -> bool:
    """Whether each plan still costs in its first year what was shown last (R67)."""
    return [(one.plan_id, one.monthly_premium) for one in shown] == [(one.plan_id, one.monthly_premium) for one in now]


def renewals_agree(shown: Sequence[PlanLine], now: Sequence[PlanLine], last_year_due: int) -> bool:
    """Whether later years cost what was shown. One of which no month is due may have been shown not at all."""
    for before, after in zip(shown, now, strict=True):
        for year in {renewal.plan_year for renewal in (*before.renewals, *after.renewals)}:
            then, today = before.renewal_of(year), after.renewal_of(year)
            if then != today and (year <= last_year_due or (then and today)):
                return False
    return True
