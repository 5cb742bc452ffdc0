"""Use cases: what all of them share, and how an application is found and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import Caller, Clock, NotFound, Transactions, Unavailable
from services.enrollment.domain.application import Application
from services.enrollment.domain.clashes import unexplained
from services.enrollment.domain.deadlines import deadlines
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.notices import Notice, notices
from services.enrollment.domain.proofs import proofs_asked
from services.enrollment.domain.readiness import current_step, shortcomings
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.domain.vocabulary import Status, Step
from services.enrollment.domain.year_end import year_end_notices
from services.enrollment.usecases.ports import EnrollmentUnitOfWork, Rulebook


@dataclass(frozen=True, slots=True)
class Command:
    """A call that creates something: the same key gives the same outcome (reliability.md, idempotency keys)."""

    key: str
    # The whole request as bytes; the same key with another content is refused.
    content: bytes


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as it is judged today."""

    application: Application
    missing: tuple[Shortcoming, ...]
    locked: tuple[str, ...]
    # Only of a failed application.
    help_line: str = ""
    notices: tuple[Notice, ...] = ()
    # Kinds of documents that prove the life event.
    proofs_asked: tuple[str, ...] = ()
    # What the first payment covers.
    months_due: tuple[MonthDue, ...] = ()

    @property
    def current_step(self) -> Step:
        return current_step(self.missing)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case works with."""

    transactions: Transactions[EnrollmentUnitOfWork]
    clock: Clock
    rulebook: Rulebook
    # Whom to call about a failed submission (R101), as a sentence.
    help_line: str = ""

    def now(self) -> datetime:
        return self.clock.now()

    def circumstances(self, app: Application) -> Circumstances:
        """Raises Unavailable when this release lacks the rules that judge the application, as after a roll-back."""
        try:
            return Circumstances(app.today(self.now()), self.rulebook.version(app.rule_pack))
        except LookupError:
            message = "This application goes by rules that are not loaded at the moment. Nothing of it is lost."
            advice = self.help_line or "If it stays so, call support."
            raise Unavailable(f"{message} Please try again later. {advice}", code="rules_not_loaded") from None

    def has_rules(self, app: Application) -> bool:
        try:
            self.circumstances(app)
        except Unavailable:
            return False
        return True

    def view(self, app: Application) -> ApplicationView:
        c = self.circumstances(app)
        in_window = c.pack.window_on(app.state, c.today) is not None
        missing = () if app.is_sent else shortcomings(app, c)
        help_line = self.help_line if app.status is Status.FAILED else ""
        locked = tuple(app.locked(in_window))
        asked, due = proofs_asked(app, c), app.months_due(c.today)
        found = (*(() if app.is_sent else notices(app, c)), *year_end_notices(app, c))
        return ApplicationView(app, missing, locked, help_line, found, asked, due)

    def judged(self, work: EnrollmentUnitOfWork, app: Application, *, lock: bool = False) -> ApplicationView:
        """The view together with what only the other applications show; as readiness and submission judge it."""
        return self._with_clashes(work, self.view(app), lock=lock)

    def _with_clashes(
        self, work: EnrollmentUnitOfWork, view: ApplicationView, *, lock: bool = False
    ) -> ApplicationView:
        app = view.application
        if app.is_sent:
            return view
        found = unexplained(app, work.duplicates.sent(app, lock=lock))
        missing = sorted((*view.missing, *found), key=lambda one: list(Step).index(one.step))
        return replace(view, missing=tuple(missing))

    def find(
        self, work: EnrollmentUnitOfWork, caller: Caller, record_number: str, *, for_update: bool = False
    ) -> Application:
        """Raises NotFound, for somebody else's application as for one that does not exist."""
        app = work.applications.get(record_number, for_update=for_update)
        if app is None or not caller.may_see(app.producer.writing_number):
            raise NotFound("There is no application with this record number among yours.")
        return app

    def save(self, work: EnrollmentUnitOfWork, app: Application, *, read_version: int) -> ApplicationView:
        """Gives the view as readiness judges it, by the people who are stored now."""
        view = self.view(app)
        work.applications.save(app, view.current_step, read_version=read_version)
        self.watch(work, app)
        judged = self._with_clashes(work, view)
        if judged.current_step is not view.current_step:
            work.applications.stand_at(app.record_number, judged.current_step)
        return judged

    def watch(self, work: EnrollmentUnitOfWork, app: Application) -> None:
        """Bring the application's deadlines up to date."""
        found = deadlines(app, self.circumstances(app))
        work.radar.put(app.identifiers.number, app.producer.writing_number, found)

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
