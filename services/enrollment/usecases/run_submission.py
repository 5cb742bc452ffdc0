"""Use case: the steps of a submission, run by the worker (docs/explanation/architecture.md).

Each step is safe to repeat and its result is kept by (application, attempt, step), so a crash anywhere resumes. The
outcome is written in one transaction, by whoever first finds the attempt waiting; everybody else finds it done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial

from chassis.kernel import DomainError, Money, Unavailable
from services.enrollment.domain.application import Application, AssignedPcp
from services.enrollment.domain.deadlines import first_payment_due_on
from services.enrollment.domain.enums import Coverage, PaymentChoice, PaymentStatus, Step
from services.enrollment.domain.first_payment import (
    FirstPayment,
    FirstPaymentTerms,
    MonthDue,
    first_payment_months,
    premiums_agree,
    renewals_agree,
)
from services.enrollment.domain.pricing import PlanLine, Renewal, line_of
from services.enrollment.domain.proofs import proof_due_on
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import PaymentService, ProviderService, QuoteService
from services.enrollment.usecases.renewals import add_renewals
from services.enrollment.usecases.submission_parts import conclude_submission, failure_reasons, pcp_selections


class _Failed(Exception):
    """The submission cannot succeed as it is."""

    def __init__(self, reasons: Sequence[ValidationIssue], lines: Sequence[PlanLine]) -> None:
        self.reasons, self.lines = reasons, lines


@dataclass(frozen=True, slots=True)
class RunSubmission:
    service: ApplicationService
    quotes: QuoteService
    providers: ProviderService
    payments: PaymentService

    def __call__(self, queue: str, message_id: str, record_number: str, attempt: int) -> None:
        service = self.service.begin()
        with service.transactions() as work:
            app = work.applications.get(record_number)
        if app is None or not app.awaits(attempt):
            return
        try:
            lines, months, today = self._price(service, app)
            pcps = self._assign(app)
            payment = self._open_payment(service, app, months, today)
        except _Failed as failed:
            self._finish(service, queue, message_id, app, partial(_as_failed, service, failed))
            return
        self._finish(service, queue, message_id, app, partial(_as_submitted, service, lines, pcps, payment))

    @staticmethod
    def _finish(
        service: ApplicationService,
        queue: str,
        message_id: str,
        app: Application,
        outcome: Callable[[Application], Application],
    ) -> None:
        with service.transactions() as work:
            if not work.accept_message(queue, message_id):
                return
            found = work.applications.get(app.record_number, for_update=True)
            if found is None or not found.awaits(app.attempt):
                return
            conclude_submission(service, work, found, outcome(found))

    def _price(
        self, service: ApplicationService, app: Application
    ) -> tuple[tuple[PlanLine, ...], tuple[MonthDue, ...], date]:
        """The plans as priced in this attempt, the months due on the day on which they were, and that day."""
        assert app.start, "readiness let an application through that has no date"
        kept = json.loads(self._once(app, "prices", Step.PLANS, lambda: self._as_shown(service, app)))
        lines = tuple(replace(line, renewals=_renewals(kept["renewals"][line.plan_id])) for line in app.plan_lines)
        today = date.fromisoformat(kept["on"])
        return lines, first_payment_months(lines, app.start.date, today), today

    def _as_shown(self, service: ApplicationService, app: Application) -> str:
        """Fails where a premium that is due is not the one that was shown last (R67)."""
        assert app.basis, "readiness let an application through that has no price"
        today = service.circumstances(app).today
        lines = add_renewals(self.quotes, self.quotes.price(app.basis), app.basis, today)
        if not premiums_agree(app.plan_lines, lines):
            message = "The premium has changed since it was last shown. Review it, then submit again."
            raise _Failed([ValidationIssue(Step.PLANS, "monthly_premium", message, "R67")], lines)
        if not renewals_agree(app.plan_lines, lines, today.year):
            message = "Next year's premium has changed, or was not shown yet. Review the months due, then submit again."
            raise _Failed([ValidationIssue(Step.PLANS, "monthly_premium", message, "R67")], lines)
        return json.dumps({"on": today.isoformat(), "renewals": {line.plan_id: _years(line) for line in lines}})

    def _assign(self, app: Application) -> tuple[AssignedPcp, ...]:
        medical = line_of(app.plan_lines, Coverage.MEDICAL)
        if medical is None or not medical.uses_pcp or app.effective_date is None:
            return ()
        plan, day, zip_code = medical.plan_id, app.effective_date, app.household.home_address.zip5

        def run() -> str:
            found = self.providers.assign(app.record_number, plan, day.year, zip_code, pcp_selections(app))
            return json.dumps([asdict(pcp) for pcp in found])

        kept = self._once(app, "assign", Step.PLANS, run)
        return tuple(AssignedPcp(**pcp) for pcp in json.loads(kept))

    def _open_payment(
        self, service: ApplicationService, app: Application, months: Sequence[MonthDue], today: date
    ) -> FirstPayment:
        assert months and app.start, "readiness let an application through that has no price or no date"
        due_on = first_payment_due_on(app.start.date, today, service.circumstances(app).pack)
        pay_now = app.signatures.payment_choice is PaymentChoice.PAY_NOW
        number = app.producer.writing_number
        terms = FirstPaymentTerms(app.record_number, app.state, number, tuple(months), due_on, pay_now)

        def run() -> str:
            opened = self.payments.open(terms)
            by_month = [[due.month.isoformat(), due.amount.cents] for due in opened.months]
            return json.dumps({"status": opened.status, "months": by_month})

        kept = json.loads(self._once(app, "first_payment", Step.SIGNATURES, run))
        found = tuple(MonthDue(date.fromisoformat(month), Money(cents)) for month, cents in kept["months"])
        return FirstPayment(PaymentStatus(kept["status"]), found)

    def _once(self, app: Application, name: str, step: Step, run: Callable[[], str]) -> str:
        """What the step gave when it ran before, or now. A refusal fails the submission; Unavailable is tried again."""
        with self.service.transactions() as work:
            kept = work.submissions.result(app.record_number, app.attempt, name)
        if kept is not None:
            return kept
        try:
            result = run()
        except Unavailable:
            raise
        except DomainError as refusal:
            raise _Failed(failure_reasons(app, step, refusal), app.plan_lines) from None
        with self.service.transactions() as work:
            work.submissions.keep(app.record_number, app.attempt, name, result)
        return result


def _as_submitted(
    service: ApplicationService,
    lines: Sequence[PlanLine],
    pcps: Sequence[AssignedPcp],
    payment: FirstPayment,
    found: Application,
) -> Application:
    due = proof_due_on(found, service.circumstances(found))
    return found.submitted(service.now(), lines, pcps, payment, due)


def _as_failed(service: ApplicationService, failed: _Failed, found: Application) -> Application:
    days = service.circumstances(found).pack.expiry_days
    return found.failed(service.now(), failed.reasons, failed.lines, days)


def _years(line: PlanLine) -> list[tuple[int, int | None]]:
    """What a step keeps of the later plan years."""
    return [(one.plan_year, one.monthly_premium.cents if one.monthly_premium else None) for one in line.renewals]


def _renewals(years: Sequence[tuple[int, int | None]]) -> tuple[Renewal, ...]:
    return tuple(Renewal(year, None if cents is None else Money(cents)) for year, cents in years)
