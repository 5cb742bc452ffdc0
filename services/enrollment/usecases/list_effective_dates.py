"""Use case: the possible effective dates (R27-R34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from chassis.kernel import Caller, DomainError, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.effective_dates import EffectiveDates, effective_dates
from services.enrollment.domain.first_payment import MonthDue, first_payment_months
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import QuoteService
from services.enrollment.usecases.renewals import add_renewals


@dataclass(frozen=True, slots=True)
class ListEffectiveDates:
    """Each date with what the first payment would be; asks quote for those that the plans are not priced for."""

    service: ApplicationService
    quotes: QuoteService

    def __call__(self, caller: Caller, record_number: str) -> EffectiveDates:
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
        c = self.service.circumstances(app)
        dates = effective_dates(app.general, app.state, c)
        due = self._months_due(app, dict.fromkeys(option.effective_date for option in dates.options), c.today)
        options = [replace(one, first_payment_months=due.get(one.effective_date, ())) for one in dates.options]
        return replace(dates, options=tuple(options))

    def _months_due(self, app: Application, days: Iterable[date], today: date) -> dict[date, tuple[MonthDue, ...]]:
        """By date, as far as there is a premium; the dates themselves do not wait for quote when it is away."""
        found: dict[date, tuple[MonthDue, ...]] = {}
        for day in days:
            try:
                found[day] = first_payment_months(self._priced(app, day, today), day, today)
            except Unavailable:
                break
            except DomainError:
                continue
        return found

    def _priced(self, app: Application, day: date, today: date) -> tuple[PlanLine, ...]:
        basis = replace(app, start=None, provisional_date=day).basis
        if basis is None:
            return ()
        lines = app.plan_lines if basis == app.basis and app.plan_lines else self.quotes.price(basis)
        return add_renewals(self.quotes, lines, basis, today)
