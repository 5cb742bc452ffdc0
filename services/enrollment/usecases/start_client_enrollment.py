"""Use case: a new application for a known client, filled in with what is known (R44)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, Command, NotFound, business_date, new_id, run_once
from services.enrollment.domain.application import Application
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import Address, HouseholdStep, Producer
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.duplicates import (
    DuplicateAnswer,
    DuplicateChoiceNeeded,
    DuplicatesUndecided,
    decide_on_duplicates,
)
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.start_application import make_blank_application, open_file


@dataclass(frozen=True, slots=True)
class StartClientEnrollment:
    service: ApplicationService

    def __call__(
        self, command: Command, client_id: str, writing_number: str, answer: DuplicateAnswer
    ) -> ApplicationView | DuplicateChoiceNeeded:
        """``writing_number``: another one of the caller's, when the client moved; empty for the client's own."""
        try:
            return self._start(command, client_id, writing_number, answer)
        except DuplicatesUndecided as undecided:
            return DuplicateChoiceNeeded(undecided.duplicates)

    def _start(self, command: Command, client_id: str, writing_number: str, answer: DuplicateAnswer) -> ApplicationView:
        service, caller = self.service.begin(), command.caller
        with service.transactions() as work:

            def start() -> str:
                profile = _known(work, caller, client_id)
                own = caller.writing_number(writing_number or profile.writing_number)
                year = business_date(service.now(), own.state).year
                decision = decide_on_duplicates(work, own.number, profile, "", year, answer)
                if isinstance(decision, str):
                    return decision
                producer = Producer(own.number, own.producer_name, own.company_name, own.state, own.phone, own.npn)
                app = replace(_filled(make_blank_application(service, work, producer), profile), explained=decision)
                return open_file(service, work, caller, app, "for a known client")

            app = service.find(work, caller, run_once(work, command, start))
            return service.view(app, service.find_missing(work, app))


def _known(work: EnrollmentUnitOfWork, caller: Caller, client_id: str) -> ClientProfile:
    client = work.clients.get(client_id)
    if client is None or not caller.may_see(client.profile.writing_number):
        raise NotFound("No client with this ID is available to you.")
    return client.profile


def _filled(app: Application, profile: ClientProfile) -> Application:
    """Without the social security number, which nobody opens for this, and without what has to be answered again."""
    applicant = Person(
        Relationship.SELF,
        first_name=profile.first_name,
        middle_initial=profile.middle_initial,
        last_name=profile.last_name,
        suffix=profile.suffix,
        one_name_only=profile.one_name_only,
        date_of_birth=profile.date_of_birth,
        sex=profile.sex,
        person_id=new_id(),
    )
    # an address in another state cannot be that of an application under this writing number (R26)
    home = profile.home_address if profile.home_address.state == app.state else Address()
    return replace(app, household=HouseholdStep(people=(applicant,), home_address=home, contact=profile.contact))
