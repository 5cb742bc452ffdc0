"""Use case: change how the applicant of a submitted application is reached (R48, R49)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Command, run_once
from services.enrollment.domain.audit_diff import changed_contact_fields
from services.enrollment.domain.consents import add_contact_consents
from services.enrollment.domain.contact_updates import with_changed_contact
from services.enrollment.domain.events import ContactChanged
from services.enrollment.domain.steps import Address, Contact
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.read_payment import ReadPayment
from services.enrollment.usecases.upsert_client import upsert_client


@dataclass(frozen=True, slots=True)
class ContactEdit:
    """As it was sent: how the applicant is reached from now on, as a whole."""

    record_number: str
    version: int
    contact: Contact
    mailing_address: Address | None


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """The steps and the documents stay as submitted; the client is known, and found, by the new contact."""

    service: ApplicationService
    read_payment: ReadPayment

    def __call__(self, command: Command, edit: ContactEdit) -> ApplicationView:
        """Raises InvalidInput that names every wrong field, Stale after another change, and Conflict unless it is
        submitted, coverage has not ended, and something is new.
        """
        service = self.service.begin()
        with service.transactions() as work:
            run_once(work, command, lambda: self._change(service, work, command, edit))
            view = service.view(service.find(work, command.caller, edit.record_number))
        return self.read_payment.add_to(view)

    @staticmethod
    def _change(service: ApplicationService, work: EnrollmentUnitOfWork, command: Command, edit: ContactEdit) -> str:
        caller = command.caller
        app = service.find(work, caller, edit.record_number, for_update=True)
        app.must_be_version(edit.version)
        changed = with_changed_contact(
            app, edit.contact, edit.mailing_address, service.circumstances(app), service.now()
        )
        changed = add_contact_consents(app, changed, caller)
        service.save(work, changed, read_version=app.version)
        upsert_client(work, app, changed, service.now())
        work.publish_event(ContactChanged(changed))
        summary = f"Contact details changed: {', '.join(changed_contact_fields(app, changed))}."
        service.record(work, caller.subject, changed, "contact.changed", summary)
        return edit.record_number
