"""Use case: the steps of a submission, run by the worker (docs/explanation/architecture.md).

Each step is safe to repeat and its result is kept by (application, attempt, step), so a crash anywhere resumes. The
outcome is written in one transaction, by whoever first finds the attempt still waiting; everybody else finds it done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from chassis.kernel import DomainError, Unavailable
from services.enrollment.domain.application import Application, AssignedPcp
from services.enrollment.domain.dates import months_due
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.domain.proofs import proof_due_on
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.vocabulary import Coverage, PaymentChoice, PaymentStatus, Step
from services.enrollment.usecases.desk import Desk
from services.enrollment.usecases.ports import Payments, Providers, Quotes
from services.enrollment.usecases.submission_parts import conclude, reasons, wishes


class _Failed(Exception):
    """The submission cannot succeed as it stands."""

    def __init__(self, reasons: Sequence[Shortcoming], lines: Sequence[PlanLine]) -> None:
        self.reasons, self.lines = reasons, lines


@dataclass(frozen=True, slots=True)
class RunSubmission:
    desk: Desk
    quotes: Quotes
    providers: Providers
    payments: Payments

    def __call__(self, queue: str, message_id: str, record_number: str, attempt: int) -> None:
        with self.desk.transactions() as work:
            app = work.applications.get(record_number)
        if app is None or not app.awaits(attempt):
            return
        try:
            self._reprice(app)
            pcps = self._assign(app)
            payment = self._open_payment(app)
        except _Failed as failed:
            self._finish(queue, message_id, app, partial(self._as_failed, failed))
            return
        self._finish(queue, message_id, app, partial(self._as_submitted, pcps, payment))

    def _finish(
        self, queue: str, message_id: str, app: Application, outcome: Callable[[Application], Application]
    ) -> None:
        with self.desk.transactions() as work:
            if not work.accept(queue, message_id):
                return
            found = work.applications.get(app.record_number, for_update=True)
            if found is None or not found.awaits(app.attempt):
                return
            conclude(self.desk, work, found, outcome(found))

    def _as_submitted(self, pcps: Sequence[AssignedPcp], payment: PaymentStatus, found: Application) -> Application:
        due = proof_due_on(found, self.desk.circumstances(found))
        return found.submitted(self.desk.now(), pcps, payment, due)

    def _as_failed(self, failed: _Failed, found: Application) -> Application:
        days = self.desk.circumstances(found).pack.expiry_days
        return found.failed(self.desk.now(), failed.reasons, failed.lines, days)

    def _reprice(self, app: Application) -> None:
        self._once(app, "reprice", Step.PLANS, lambda: self._price(app))

    def _price(self, app: Application) -> str:
        assert app.basis, "readiness let an application through that has no price"
        lines = self.quotes.price(app.basis)
        prices = [[line.plan_id, line.monthly_premium.cents] for line in lines]
        if prices != [[line.plan_id, line.monthly_premium.cents] for line in app.plan_lines]:
            message = "The premium has changed since it was last shown. Review it, then submit again."
            raise _Failed([Shortcoming(Step.PLANS, "monthly_premium", message, "R67")], lines)
        return json.dumps(prices)

    def _assign(self, app: Application) -> tuple[AssignedPcp, ...]:
        medical = line_of(app.plan_lines, Coverage.MEDICAL)
        if medical is None or not medical.uses_pcp or app.effective_date is None:
            return ()
        plan, day, zip_code = medical.plan_id, app.effective_date, app.household.home_address.zip5

        def run() -> str:
            found = self.providers.assign(app.record_number, plan, day.year, zip_code, wishes(app))
            return json.dumps([asdict(pcp) for pcp in found])

        kept = self._once(app, "assign", Step.PLANS, run)
        return tuple(AssignedPcp(**pcp) for pcp in json.loads(kept))

    def _open_payment(self, app: Application) -> PaymentStatus:
        premium, day = app.monthly_premium, app.effective_date
        assert premium and day, "readiness let an application through that has no price or no date"
        amount = premium * months_due(day, self.desk.circumstances(app).today)
        pay_now = app.signatures.payment_choice is PaymentChoice.PAY_NOW
        number = app.producer.writing_number
        kept = self._once(
            app,
            "payment",
            Step.SIGNATURES,
            lambda: self.payments.open(app.record_number, app.state, number, amount, pay_now),
        )
        return PaymentStatus(kept)

    def _once(self, app: Application, name: str, step: Step, run: Callable[[], str]) -> str:
        """What the step gave when it ran before, or now. A refusal fails the submission; Unavailable is tried again."""
        with self.desk.transactions() as work:
            kept = work.submissions.result(app.record_number, app.attempt, name)
        if kept is not None:
            return kept
        try:
            result = run()
        except Unavailable:
            raise
        except DomainError as refusal:
            raise _Failed(reasons(app, step, refusal), app.plan_lines) from None
        with self.desk.transactions() as work:
            work.submissions.keep(app.record_number, app.attempt, name, result)
        return result
