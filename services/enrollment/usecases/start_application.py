"""Use case: a new enrollment without a quote (R23-R26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Caller, Command, business_date, must_be_served, must_be_served_in, run_once
from services.enrollment.domain.application import Application
from services.enrollment.domain.events import ApplicationStarted
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.readiness import next_step
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.upsert_client import upsert_client


@dataclass(frozen=True, slots=True)
class StartApplication:
    service: ApplicationService

    def __call__(self, command: Command, producer: Producer) -> ApplicationView:
        service, caller = self.service.begin(), command.caller
        with service.transactions() as work:
            started = run_once(
                work, command, lambda: open_file(service, work, caller, make_blank_application(service, work, producer))
            )
            return service.view(service.find(work, caller, started))


def make_blank_application(service: ApplicationService, work: EnrollmentUnitOfWork, producer: Producer) -> Application:
    """An empty draft under the next number; the day's rule pack will judge it."""
    must_be_served(producer.state, "writing_number")
    now = service.now()
    today = business_date(now, producer.state)
    pack = service.rulebook.on(today)
    must_be_served_in(producer.state, pack.plan_year, "writing_number", "Start again when its open enrollment begins.")
    return Application(
        identifiers=Identifiers(work.applications.next_sequence_number()),
        producer=producer,
        rule_pack=pack.version,
        created_at=now,
        updated_at=now,
        expires_on=today + timedelta(days=pack.expiry_days),
    )


def open_file(
    service: ApplicationService,
    work: EnrollmentUnitOfWork,
    caller: Caller,
    app: Application,
    how: str = "without a quote",
) -> str:
    """Store a new application, its event and the first line of its timeline; gives its record number."""
    work.applications.add(app, next_step(service.view(app).missing))
    service.watch(work, app, service.circumstances(app))
    upsert_client(work, None, app, service.now())
    work.publish_event(ApplicationStarted(app))
    beside = f", {app.explained}" if app.explained else ""
    service.record(work, caller.subject, app, "application.started", f"Application started {how}{beside}.")
    return app.record_number
