"""Use case: the steps of a submission, run by the worker (docs/explanation/architecture.md).

Each step may be repeated and gives the same again, so whoever takes over after a crash begins anew (docs/adr/0039). The
outcome is written in one transaction, by whoever first finds the attempt waiting; everybody else finds it done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from chassis.kernel import DomainError, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.deadlines import first_payment_due_on
from services.enrollment.domain.enums import Coverage, PaymentChoice, Step
from services.enrollment.domain.first_payment import (
    FirstPayment,
    FirstPaymentTerms,
    MonthDue,
    first_payment_months,
    premiums_agree,
    renewals_agree,
)
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.domain.proofs import proof_due_on
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import PaymentService, ProviderService, QuoteService
from services.enrollment.usecases.renewals import add_renewals
from services.enrollment.usecases.submission_parts import conclude_submission, failure_reasons, pcp_selections

R = TypeVar("R")


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
            outcome = self._run_steps(service, app)
        except _Failed as failed:
            outcome = partial(_as_failed, service, failed)
        self._finish(service, queue, message_id, app, outcome)

    def _run_steps(self, service: ApplicationService, app: Application) -> Callable[[Application], Application]:
        assert app.start and app.requested_at, "readiness let an application through that has no date"
        today = app.today(app.requested_at)  # of the submission, whenever a step runs or is repeated
        lines = self._price(app, today)
        pcps = self._assign(app)
        payment = self._open_payment(service, app, first_payment_months(lines, app.start.date, today), today)
        return partial(_as_submitted, service, lines, pcps, payment)

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
            found = work.applications.lock(app)
            if found is None or not found.awaits(app.attempt):
                return
            conclude_submission(service, work, found, outcome(found))

    def _price(self, app: Application, today: date) -> tuple[PlanLine, ...]:
        """Fails where a premium that is due is not the one that was shown last (R67)."""
        assert app.basis, "readiness let an application through that has no price"
        basis = app.basis
        lines = _run(app, Step.PLANS, lambda: add_renewals(self.quotes, self.quotes.price(basis), basis, today))
        if not premiums_agree(app.plan_lines, lines):
            message = "The premium has changed since it was last shown. Review it, then submit again."
            raise _Failed([ValidationIssue(Step.PLANS, "monthly_premium", message, "R67")], lines)
        if not renewals_agree(app.plan_lines, lines, today.year):
            message = "Next year's premium has changed, or was not shown yet. Review the months due, then submit again."
            raise _Failed([ValidationIssue(Step.PLANS, "monthly_premium", message, "R67")], lines)
        renewals = {line.plan_id: line.renewals for line in lines}
        return tuple(replace(line, renewals=renewals[line.plan_id]) for line in app.plan_lines)

    def _assign(self, app: Application) -> tuple[AssignedPcp, ...]:
        medical = line_of(app.plan_lines, Coverage.MEDICAL)
        if medical is None or not medical.uses_pcp or app.effective_date is None:
            return ()
        wanted = (medical.plan_id, app.effective_date.year, app.household.home_address.zip5, pcp_selections(app))
        return _run(app, Step.PLANS, lambda: self.providers.assign(app.record_number, *wanted))

    def _open_payment(
        self, service: ApplicationService, app: Application, months: Sequence[MonthDue], today: date
    ) -> FirstPayment:
        assert months and app.start, "readiness let an application through that has no price or no date"
        due_on = first_payment_due_on(app.start.date, today, service.circumstances(app).pack)
        pay_now = app.signatures.payment_choice is PaymentChoice.PAY_NOW
        number = app.producer.writing_number
        terms = FirstPaymentTerms(app.record_number, app.state, number, tuple(months), due_on, pay_now)
        return _run(app, Step.SIGNATURES, lambda: self.payments.open(terms))


def _run(app: Application, step: Step, ask: Callable[[], R]) -> R:
    """What another service says. A refusal fails the submission; Unavailable is tried again."""
    try:
        return ask()
    except Unavailable:
        raise
    except DomainError as refusal:
        raise _Failed(failure_reasons(app, step, refusal), app.plan_lines) from None


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
