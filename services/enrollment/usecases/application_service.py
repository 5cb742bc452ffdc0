"""Use cases: what all of them share, and how an application is found and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.kernel import Caller, Clock, Conflict, FixedClock, NotFound, Transactions, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.checks.plans import owes_pediatric_dental
from services.enrollment.domain.deadlines import list_deadlines
from services.enrollment.domain.duplicate_enrollment_check import find_unexplained
from services.enrollment.domain.enums import Authorization, Status, Step
from services.enrollment.domain.events import ReviewOutdated
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.notices import Notice, list_notices
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.premium_change import PremiumChange
from services.enrollment.domain.proofs import proofs_asked
from services.enrollment.domain.readiness import current_step, find_issues, next_step
from services.enrollment.domain.review_signing import with_judged_consent
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.termination import TerminationChoice
from services.enrollment.domain.validation_issue import ValidationIssue
from services.enrollment.domain.year_end import year_end_notices
from services.enrollment.usecases.ports import EnrollmentUnitOfWork, Rulebook
from services.enrollment.usecases.visible_writing_numbers import visible_numbers

# Who acts in the timeline where no person does.
SERVICE = "enrollment"


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as it is judged today."""

    application: Application
    missing: tuple[ValidationIssue, ...]
    locked: tuple[str, ...]
    # Only of a failed application.
    help_line: str = ""
    notices: tuple[Notice, ...] = ()
    # Kinds of documents that prove the life event.
    proofs_asked: tuple[str, ...] = ()
    # What the first payment covers.
    months_due: tuple[MonthDue, ...] = ()
    # As payment tells it, where it was asked.
    payment: PaymentDetails | None = None
    # Attested or not (R65).
    owes_pediatric_dental: bool = False
    # By the save whose answer this is.
    premium_change: PremiumChange | None = None
    # Empty where it can be cancelled.
    cancellation_refusal: str = ""
    # None where everything is refused, with the reason.
    termination_choice: TerminationChoice | None = None
    termination_refusal: str = ""
    # Empty where contact details can be changed.
    contact_change_refusal: str = ""

    @property
    def current_step(self) -> Step:
        return current_step(self.missing)

    @property
    def complete_steps(self) -> tuple[Step, ...]:
        lacking = {one.step for one in self.missing}
        return tuple(step for step in self.application.saved_steps if step not in lacking)


@dataclass(frozen=True, slots=True)
class ApplicationService:
    """What every use case works with."""

    transactions: Transactions[EnrollmentUnitOfWork]
    clock: Clock
    rulebook: Rulebook
    # Whom to call about a failed submission (R101), as a sentence.
    help_line: str = ""
    # What of a stored application the contract, which alone has the bounds, would not take any more.
    find_out_of_bounds: Callable[[Application], Iterable[ValidationIssue]] = lambda _app: ()

    def begin(self) -> ApplicationService:
        """The same for one command, which reads the clock once: one that crosses midnight is judged by one day."""
        return replace(self, clock=FixedClock(self.clock.now()))

    def now(self) -> datetime:
        return self.clock.now()

    def circumstances(self, app: Application) -> Circumstances:
        """Raises Unavailable when this release lacks the rules that judge the application, as after a roll-back."""
        try:
            return Circumstances(app.today(self.now()), self.rulebook.version(app.rule_pack))
        except LookupError:
            message = "The rules for this application are not available right now. Your work is saved."
            advice = self.help_line or "If this continues, call support."
            raise Unavailable(f"{message} Please try again later. {advice}", code="rules_not_loaded") from None

    def has_rules(self, app: Application) -> bool:
        try:
            self.circumstances(app)
        except Unavailable:
            return False
        return True

    def view(self, app: Application, missing: Sequence[ValidationIssue] | None = None) -> ApplicationView:
        """What a page shows. ``missing``: as `find_missing` gave it; without it, what the application alone shows."""
        app, c = with_judged_consent(app), self.circumstances(app)
        in_window = c.pack.window_on(app.state, c.today) is not None
        found = self._own_missing(app, c) if missing is None else missing
        help_line = self.help_line if app.status is Status.FAILED else ""
        locked = tuple(app.locked(in_window))
        asked, due = proofs_asked(app, c), app.months_due(c.today)
        noted = (*(() if app.is_closed else list_notices(app, c)), *year_end_notices(app, c))
        owed = not app.is_sent and owes_pediatric_dental(
            app.plans, app.household.people, app.plan_lines, app.effective_date
        )
        choice, no_choice = _termination_choice(app, c.today)
        return ApplicationView(
            app,
            tuple(found),
            locked,
            help_line,
            noted,
            asked,
            due,
            owes_pediatric_dental=owed,
            cancellation_refusal=_message(app.find_cancellation_refusal(c.today)),
            termination_choice=choice,
            termination_refusal=no_choice,
            contact_change_refusal=_message(app.find_contact_change_refusal(c.today)),
        )

    def find_missing(
        self, work: EnrollmentUnitOfWork, app: Application, *, lock: bool = False
    ) -> tuple[ValidationIssue, ...]:
        """What submission would refuse, what only the other applications show included."""
        return self._with_duplicate_enrollments(work, app, self._own_missing(app, self.circumstances(app)), lock=lock)

    def _own_missing(self, app: Application, c: Circumstances) -> tuple[ValidationIssue, ...]:
        return () if app.is_sent else find_issues(app, c, self.find_out_of_bounds(app))

    def _with_duplicate_enrollments(
        self, work: EnrollmentUnitOfWork, app: Application, missing: tuple[ValidationIssue, ...], *, lock: bool = False
    ) -> tuple[ValidationIssue, ...]:
        if app.is_sent:
            return missing
        found = find_unexplained(app, work.duplicates.sent(app, lock=lock))
        return tuple(sorted((*missing, *found), key=lambda one: one.place))

    def find(
        self, work: EnrollmentUnitOfWork, caller: Caller, record_number: str, *, for_update: bool = False
    ) -> Application:
        """Raises NotFound, for somebody else's application as for one that does not exist."""
        found = work.applications.get(record_number, for_update=for_update, visible_to=visible_numbers(caller))
        return _must_see(caller, found)

    def lock(self, work: EnrollmentUnitOfWork, caller: Caller, read: Application) -> Application:
        """As ``find`` for update, of an application that was read just before."""
        return _must_see(caller, work.applications.lock(read))

    def save(
        self, work: EnrollmentUnitOfWork, app: Application, *, read_version: int, saved: str = ""
    ) -> tuple[ValidationIssue, ...]:
        """Gives what submission would refuse now, which the next step follows from. ``saved``: who saved what."""
        c = self.circumstances(app)
        own = self._own_missing(app, c)
        judged = with_judged_consent(app)
        work.applications.save(judged, next_step(own), read_version=read_version, saved=saved)
        if judged is not app:
            self._tell_judged_consent(work, judged)
        self.watch(work, app, c)
        missing = self._with_duplicate_enrollments(work, app, own)  # by the people who are stored now
        if next_step(missing) is not next_step(own):
            work.applications.set_next_step(app.record_number, next_step(missing))
        return missing

    def _tell_judged_consent(self, work: EnrollmentUnitOfWork, app: Application) -> None:
        """What the client signed was changed by this save, or is again what it was."""
        consent = app.client_review
        if consent is None or consent.withdrawn_at:
            return
        if consent.holds:
            summary = "The application is again as the client signed it."
            self.record(work, SERVICE, app, "review.current", summary)
            return
        if app.household.authorization is not Authorization.CLIENT_REVIEW:
            summary = (
                "What the client signed has changed. The application is no longer authorized by the client's review."
            )
            self.record(work, SERVICE, app, "review.outdated", summary)
            return
        summary = "What the client signed has changed. The application needs a new review."
        self.record(work, SERVICE, app, "review.outdated", summary)
        number = app.producer.writing_number
        work.publish_event(ReviewOutdated(app.record_number, app.state, number, consent.review_id))

    def watch(self, work: EnrollmentUnitOfWork, app: Application, c: Circumstances) -> None:
        """Bring the application's deadlines up to date."""
        found = list_deadlines(app, c)
        work.deadlines.put(app.identifiers.number, app.producer.writing_number, found)

    def record(
        self,
        work: EnrollmentUnitOfWork,
        actor: str,
        app: Application,
        action: str,
        summary: str,
        changed: Sequence[str] = (),
    ) -> None:
        """One line of the timeline; neither the summary nor the names of changed fields hold what was typed."""
        work.record_audit(self.now(), actor, app.record_number, action, summary, app.producer.writing_number, changed)


def _termination_choice(app: Application, today: date) -> tuple[TerminationChoice | None, str]:
    """What can be terminated, or why nothing can."""
    try:
        return app.offer_termination(today), ""
    except Conflict as refusal:
        return None, refusal.message


def _message(refusal: Conflict | None) -> str:
    return refusal.message if refusal else ""


def _must_see(caller: Caller, app: Application | None) -> Application:
    if app is None or not caller.may_see(app.producer.writing_number):
        raise NotFound("No application with this record number is available to you.")
    return app
