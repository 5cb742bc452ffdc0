"""Use case: a new enrollment without a quote (R23-R26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Caller, Command, business_date, once
from services.enrollment.domain.application import Application
from services.enrollment.domain.events import ApplicationStarted
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.desk import ApplicationView, Desk
from services.enrollment.usecases.keep_client import keep_client
from services.enrollment.usecases.ports import EnrollmentUnitOfWork


@dataclass(frozen=True, slots=True)
class StartApplication:
    desk: Desk

    def __call__(self, command: Command, producer: Producer) -> ApplicationView:
        desk, caller = self.desk.begin(), command.caller
        with desk.transactions() as work:
            started = once(work, command, lambda: open_file(desk, work, caller, blank(desk, work, producer)))
            return desk.view(desk.find(work, caller, started))


def blank(desk: Desk, work: EnrollmentUnitOfWork, producer: Producer) -> Application:
    """An empty draft under the next number; the day's rule pack will judge it."""
    now = desk.now()
    today = business_date(now, producer.state)
    pack = desk.rulebook.on(today)
    return Application(
        identifiers=Identifiers(work.applications.next_number()),
        producer=producer,
        rule_pack=pack.version,
        created_at=now,
        updated_at=now,
        expires_on=today + timedelta(days=pack.expiry_days),
    )


def open_file(
    desk: Desk, work: EnrollmentUnitOfWork, caller: Caller, app: Application, how: str = "without a quote"
) -> str:
    """Store a new application, its event and the first line of its timeline; gives its record number."""
    work.applications.add(app, desk.view(app).current_step)
    desk.watch(work, app, desk.circumstances(app))
    keep_client(work, None, app, desk.now())
    work.publish_event(ApplicationStarted(app))
    beside = f", {app.explained}" if app.explained else ""
    desk.record(work, caller.subject, app, "application.started", f"Application started {how}{beside}.")
    return app.record_number
