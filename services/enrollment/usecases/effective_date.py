"""Use cases: the possible effective dates, and "Calculate Effective Date" (R27-R34)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from chassis.kernel import Caller, DomainError, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.audit_diff import changed_fields
from services.enrollment.domain.consents import record_consents, withdraw_outdated_consents
from services.enrollment.domain.effective_dates import DateChoice, EffectiveDates, effective_dates
from services.enrollment.domain.first_payment import MonthDue, first_payment_months
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.step_updates import with_date
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import Quotes
from services.enrollment.usecases.renewals import renewed
from services.enrollment.usecases.repricing import Repricing


@dataclass(frozen=True, slots=True)
class ListEffectiveDates:
    """Each date with what the first payment would be; asks quote for those that the plans are not priced for."""

    service: ApplicationService
    quotes: Quotes

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
        return renewed(self.quotes, lines, basis, today)


@dataclass(frozen=True, slots=True)
class SetEffectiveDate:
    service: ApplicationService
    repricing: Repricing

    def __call__(self, caller: Caller, record_number: str, version: int, wanted: DateChoice) -> ApplicationView:
        """An empty choice takes the default."""
        service = self.service.begin()
        with service.transactions() as work:
            app = service.find(work, caller, record_number)
        c = service.circumstances(app)
        app.must_be_version(version)
        app.must_be_open(c.today)
        dated = with_date(app, wanted, c, service.now())
        priced = self.repricing.refresh(app, dated, None, c.today)
        priced = record_consents(app, withdraw_outdated_consents(app, priced, None, c.today), caller.subject)
        with service.transactions() as work:
            missing = service.save(work, priced, read_version=version)
            summary, changed = _summary(priced, wanted), changed_fields(app, priced)
            service.record(work, caller.subject, priced, "effective_date.calculated", summary, changed)
        return service.view(priced, missing)


def _summary(app: Application, wanted: DateChoice) -> str:
    """For the timeline: the rule by its name, the life event by its place in step 1."""
    assert app.start, "the date was set just now"
    how = "calculated as the earliest" if wanted == DateChoice() else "chosen"
    places = [place for place, event in enumerate(app.general.life_events, 1) if app.start.is_justified_by(event)]
    event = f" for life event {places[0]}" if places else ""
    return f"Effective date {how}{event} (rule {app.start.rule})."
