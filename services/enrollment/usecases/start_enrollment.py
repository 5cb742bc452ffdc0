"""Use case: "Enroll in Selected Plans" of a quote (R11, R14-R20, R22, R36, R45, R62)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import (
    Caller,
    CallerKind,
    Command,
    Conflict,
    Forbidden,
    NotFound,
    NotReady,
    business_date,
    new_id,
    run_once,
)
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import FormType, Relationship
from services.enrollment.domain.names import split_suffix
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, PricingBasis, rated_members
from services.enrollment.domain.steps import Address, HouseholdStep, PlansStep
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.dtos import QuotedMember, SavedQuote
from services.enrollment.usecases.duplicates import (
    DuplicateAnswer,
    DuplicateChoiceNeeded,
    DuplicatesUndecided,
    decide_on_duplicates,
)
from services.enrollment.usecases.on_quote_created import profile_in
from services.enrollment.usecases.ports import QuoteService
from services.enrollment.usecases.start_application import make_blank_application, open_file

_ORDER = [Relationship.SELF, Relationship.SPOUSE, Relationship.CHILD, Relationship.OTHER_DEPENDENT]


@dataclass(frozen=True, slots=True)
class OnExchangeRedirect:
    """R16."""

    target: str
    url: str


@dataclass(frozen=True, slots=True)
class StartEnrollment:
    service: ApplicationService
    quotes: QuoteService

    def __call__(
        self, command: Command, quote_id: str, answer: DuplicateAnswer
    ) -> ApplicationView | DuplicateChoiceNeeded | OnExchangeRedirect:
        quote = self._quote(command.caller, quote_id)
        if quote.on_exchange:
            return _to_the_exchange(command.caller, quote)
        service = self.service.begin()
        prefill = _Prefill(service, quote)
        lines = self.quotes.price(prefill.basis)
        try:
            return self._start(service, command, prefill, lines, answer)
        except DuplicatesUndecided as undecided:
            return DuplicateChoiceNeeded(undecided.duplicates)

    def _quote(self, caller: Caller, quote_id: str) -> SavedQuote:
        quote = self.quotes.quote(quote_id)
        if not caller.may_see(quote.producer.writing_number):
            raise NotFound("This quote was not found. Open it from your list of quotes.")
        if quote.expired:
            raise Conflict("This quote has expired. Start a new quote.", code="quote_expired")
        if not (quote.medical_plan_id or quote.dental_plan_id):
            raise NotReady("Choose one medical plan, one dental plan or both in the quote, then enroll.")
        return quote

    @staticmethod
    def _start(
        service: ApplicationService,
        command: Command,
        prefill: _Prefill,
        lines: tuple[PlanLine, ...],
        answer: DuplicateAnswer,
    ) -> ApplicationView:
        caller, quote = command.caller, prefill.quote
        with service.transactions() as work:

            def start() -> str:
                number, year = quote.producer.writing_number, quote.effective_date.year
                decision = decide_on_duplicates(work, number, profile_in(quote), quote.quote_id, year, answer)
                if isinstance(decision, str):
                    return decision
                app = replace(
                    prefill.fill(make_blank_application(service, work, quote.producer), lines), explained=decision
                )
                return open_file(service, work, caller, app, "from a quote")

            app = service.find(work, caller, run_once(work, command, start))
            return service.view(app, service.find_missing(work, app))


def _to_the_exchange(caller: Caller, quote: SavedQuote) -> OnExchangeRedirect:
    if caller.kind is CallerKind.DELEGATE:
        raise Forbidden("Delegates cannot complete on-exchange enrollments. Ask the producer to do it.")
    return OnExchangeRedirect(quote.exchange_target, quote.exchange_url)


class _Prefill:
    """Puts a quote into a blank application."""

    def __init__(self, service: ApplicationService, quote: SavedQuote) -> None:
        self.quote = quote
        now: datetime = service.now()
        today = business_date(now, quote.producer.state)
        tobacco_age = service.rulebook.on(today).tobacco_age
        members = sorted(quote.members, key=lambda member: _ORDER.index(member.rated.relationship))
        self._people = tuple(_person(member).asked_from(tobacco_age, quote.effective_date) for member in members)
        # the application's own basis, which its premium is held against from now on
        self.basis = PricingBasis(
            quote.producer.state,
            quote.zip,
            quote.county_fips,
            quote.effective_date,
            rated_members(self._people),
            quote.medical_plan_id,
            quote.dental_plan_id,
        )

    def fill(self, app: Application, lines: tuple[PlanLine, ...]) -> Application:
        quote = self.quote
        home = Address(
            state=quote.producer.state, zip=quote.zip, county_fips=quote.county_fips, county_name=quote.county_name
        )
        form = FormType.MEDICAL_DENTAL if quote.medical_plan_id else FormType.DENTAL
        return replace(
            app,
            quote_id=quote.quote_id,
            quoted_at=quote.created_at,
            provisional_date=quote.effective_date,
            household=HouseholdStep(form_type=form, people=self._people, home_address=home),
            plans=PlansStep(quote.medical_plan_id, quote.dental_plan_id),
            plan_lines=lines,
        )


def _person(member: QuotedMember) -> Person:
    rated = member.rated
    last_name, suffix = split_suffix(member.last_name)
    return Person(
        rated.relationship,
        first_name=member.first_name,
        last_name=last_name,
        suffix=suffix,
        date_of_birth=rated.date_of_birth,
        sex=rated.sex,
        tobacco_use=rated.tobacco_use,
        disabled_dependent=rated.disabled_dependent,
        person_id=new_id(),
    )
