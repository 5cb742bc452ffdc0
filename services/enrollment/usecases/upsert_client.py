"""Use cases: what keeps the clients in step with the applications, within the application's own transaction (R44)."""

from __future__ import annotations

from datetime import datetime

from services.enrollment.domain.application import Application
from services.enrollment.domain.client import profile_of
from services.enrollment.domain.events import ClientCreated
from services.enrollment.usecases.ports import EnrollmentUnitOfWork


def upsert_client(work: EnrollmentUnitOfWork, before: Application | None, after: Application, now: datetime) -> None:
    """Call it after ``after`` was stored: what nothing knows any more, a number or the person, is forgotten."""
    old, new = (profile_of(before) if before else None), profile_of(after)
    if new == old:
        return
    if new:
        client_id, unknown = work.clients.keep(new, now)
        if unknown:
            created = ClientCreated(client_id, after.state, new.writing_number, record_number=after.record_number)
            work.publish_event(created)
    if old is None:
        return
    moved = new is None or (new.writing_number, new.identity) != (old.writing_number, old.identity)
    if old.ssn_last_four and (moved or old.ssn_last_four != (new and new.ssn_last_four)):
        work.clients.drop_ssn(old)
    if moved:
        work.clients.forget(old)
