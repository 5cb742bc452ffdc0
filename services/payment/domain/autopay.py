"""Domain: the payer's standing agreement that later premiums are taken from a bank account (R90)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel import Conflict
from services.payment.domain.attempt import PaymentMethod
from services.payment.domain.payment import MonthDue


@dataclass(frozen=True, slots=True)
class AutopayMandate:
    """One for an application; who agreed to it is the holder of the account."""

    record_number: str
    bank: PaymentMethod
    agreed_at: datetime
    # First day of the first month that is taken from the account; None where the first payment named no months.
    starts_on: date | None
    # None as long as it holds.
    cancelled_at: datetime | None = None
    # The login of the producer or delegate, or the service, that cancelled it; empty as long as it holds.
    cancelled_by: str = ""

    def cancelled(self, now: datetime, by: str) -> AutopayMandate:
        """Nothing is taken any more: the processor's token goes, the last four digits stay for the record."""
        if self.cancelled_at is not None:
            raise Conflict("Autopay is already cancelled.", code="autopay_cancelled")
        return replace(self, bank=replace(self.bank, token=""), cancelled_at=now, cancelled_by=by)


def first_month_of_autopay(paid: Sequence[MonthDue]) -> date | None:
    """The month after the last one that the first payment covers."""
    if not paid:
        return None
    last = paid[-1].month
    return date(last.year + last.month // 12, last.month % 12 + 1, 1)
