"""Enrollment with everything real but its surroundings: store, quote, pcp and payment are stand-ins here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service

from chassis.kernel import AlreadyExists, Caller, CallerKind, FixedClock, Money, Stale, WritingNumber
from services.enrollment.contract.clients import ClientUseCases
from services.enrollment.contract.page_tokens import PageTokens
from services.enrollment.contract.service import EnrollmentContract, UseCases
from services.enrollment.domain.address_words import Typed
from services.enrollment.domain.application import Application, AssignedPcp
from services.enrollment.domain.clashes import Clash
from services.enrollment.domain.client import Profile, Wanted, ten_digits
from services.enrollment.domain.deadlines import Deadline
from services.enrollment.domain.duplicates import Duplicate, Match
from services.enrollment.domain.events import SubmissionRequested
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.domain.steps import Address, Producer
from services.enrollment.domain.vocabulary import Coverage, PaymentStatus, Relationship, Sex, Status, Step
from services.enrollment.rulebook import Rulebook
from services.enrollment.usecases.cancel_application import CancelApplication
from services.enrollment.usecases.desk import Desk
from services.enrollment.usecases.effective_date import ListEffectiveDates, SetEffectiveDate
from services.enrollment.usecases.hear_document import HearDocument
from services.enrollment.usecases.hear_payment import HearPayment
from services.enrollment.usecases.hear_proof import HearProof
from services.enrollment.usecases.hear_quote import HearQuote
from services.enrollment.usecases.housekeeping import Housekeeping
from services.enrollment.usecases.overview import Overview
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.reading import Reading
from services.enrollment.usecases.records import Client, PcpWish, QuotedMember, SavedQuote, TimelineEntry, ZipCounty
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.run_submission import RunSubmission
from services.enrollment.usecases.save_step import SaveStep
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_enrollment import StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication

FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
PRODUCER = Caller(
    CallerKind.PRODUCER, "producer@example.com", (WritingNumber("220002580", "IL", FRITZ.name, FRITZ.company_name),)
)
# Read once: parsing the packs takes longer than most tests.
BOOK = Rulebook().loaded()
HMO, PPO, DENTAL = "36096IL9900001-00", "36096IL9900003-00", "36096IL9900010-00"


@dataclass
class State:
    """What would be in the database."""

    applications: dict[str, Application] = field(default_factory=dict)
    number: int = 0
    steps: dict[tuple[str, int, str], str] = field(default_factory=dict)
    inbox: set[tuple[str, str]] = field(default_factory=set)
    keys: dict[tuple[str, str, str], tuple[bytes, str]] = field(default_factory=dict)
    events: list[object] = field(default_factory=list)
    audit: list[tuple[str, TimelineEntry]] = field(default_factory=list)
    clients: dict[tuple[str, str], tuple[str, Profile]] = field(default_factory=dict)
    quotes_of_clients: dict[str, tuple[str, date]] = field(default_factory=dict)
    deadlines: dict[int, tuple[Deadline, ...]] = field(default_factory=dict)


class FakeWork:
    """One transaction on the state; plays every repository."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.applications = self.submissions = self.places = self
        self.lists: Any = self
        self.clients = FakeClients(state)
        self.duplicates = FakeDuplicates(state)
        self.radar = FakeRadar(state)

    def next_number(self) -> int:
        self._state.number += 1
        return self._state.number

    def add(self, app: Application, current_step: Step) -> None:
        self._state.applications[app.record_number] = _without_ssn(app)

    def get(self, record_number: str, *, for_update: bool = False) -> Application | None:
        return self._state.applications.get(record_number)

    def status(self, record_number: str) -> Status | None:
        app = self._state.applications.get(record_number)
        return app.status if app else None

    def save(self, app: Application, current_step: Step, *, read_version: int) -> None:
        if self._state.applications[app.record_number].version != read_version:
            raise Stale("Somebody saved in between.")
        self._state.applications[app.record_number] = _without_ssn(app)

    def timeline(self, record_number: str, after: int, size: int) -> list[TimelineEntry]:
        own = [entry for subject, entry in self._state.audit if subject == record_number]
        return [entry for entry in own if entry.entry_id > after][:size]

    def expire(self, days: Mapping[str, date], now: datetime, limit: int) -> list[tuple[str, str]]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def stuck(self, requested_before: Sequence[datetime], limit: int) -> list[Application]:
        waiting = [a for a in self._state.applications.values() if a.status is Status.SUBMITTING]
        return [a for a in waiting if a.requested_at and a.requested_at < requested_before[a.asked_again]]

    def result(self, record_number: str, attempt: int, step: str) -> str | None:
        return self._state.steps.get((record_number, attempt, step))

    def keep(self, record_number: str, attempt: int, step: str, result: str) -> None:
        self._state.steps.setdefault((record_number, attempt, step), result)

    def people_with_equal_ssn(self, record_number: str) -> list[int]:
        return []  # only the blind index knows; see the integration tests

    def counties(self, zip_code: str) -> list[ZipCounty]:
        known = {
            "60601": [ZipCounty("17031", "Cook", "IL")],
            "60010": [ZipCounty("17031", "Cook", "IL"), ZipCounty("17097", "Lake", "IL")],
            "77001": [ZipCounty("48201", "Harris", "TX")],
        }
        return known.get(zip_code, [])

    def counties_of(self, zip_codes: Collection[str]) -> dict[str, list[ZipCounty]]:
        return {zip_code: self.counties(zip_code) for zip_code in zip_codes}

    def addresses(self, typed: Typed, state: str, limit: int) -> list[Address]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def towns(self, words: Sequence[str], state: str, limit: int) -> list[Address]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def publish(self, event: object) -> None:
        self._state.events.append(event)

    def accept(self, consumer: str, message_id: str) -> bool:
        fresh = (consumer, message_id) not in self._state.inbox
        self._state.inbox.add((consumer, message_id))
        return fresh

    def repeated(self, principal: str, operation: str, key: str, content: bytes) -> str | None:
        earlier = self._state.keys.setdefault((principal, operation, key), (content, ""))
        if earlier[0] != content:
            raise AlreadyExists("This key was used with other content.")
        return earlier[1] or None

    def remember(self, principal: str, operation: str, key: str, result: str) -> None:
        content, _ = self._state.keys[principal, operation, key]
        self._state.keys[principal, operation, key] = content, result

    def record(
        self,
        at: datetime,
        actor: str,
        subject: str,
        action: str,
        summary: str,
        on_behalf_of: str = "",
        changed_fields: Sequence[str] = (),
    ) -> None:
        place = len(self._state.audit) + 1
        entry = TimelineEntry(at, actor, on_behalf_of, action, summary, tuple(changed_fields), place)
        self._state.audit.append((subject, entry))


@dataclass
class FakeRadar:
    state: State

    def put(self, number: int, writing_number: str, deadlines: Sequence[Deadline]) -> None:
        self.state.deadlines[number] = tuple(deadlines)

    def page(self, search: Any, numbers: Any, after: Any, size: int) -> list[Any]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")


@dataclass
class FakeClients:
    state: State

    def keep(self, profile: Profile, now: datetime) -> tuple[str, bool]:
        key = (profile.writing_number, profile.identity)
        unknown = key not in self.state.clients
        client_id, known = self.state.clients.get(key, (f"client-{len(self.state.clients) + 1}", profile))
        self.state.clients[key] = client_id, known.followed_by(profile)
        return client_id, unknown

    def quoted(self, client_id: str, quote_id: str, effective_date: date, now: datetime) -> None:
        self.state.quotes_of_clients.setdefault(quote_id, (client_id, effective_date))

    def forget(self, profile: Profile) -> None:
        key = (profile.writing_number, profile.identity)
        if key in self.state.clients and not any(self._known_by(*self.state.clients[key])):
            del self.state.clients[key]

    def get(self, client_id: str) -> Client | None:
        return next((Client(*known) for known in self.state.clients.values() if known[0] == client_id), None)

    def search(self, wanted: Wanted, numbers: Collection[str], limit: int) -> list[Client]:
        own = [known for (number, _), known in self.state.clients.items() if number in numbers]
        return [Client(*known, *self._known_by(*known)) for known in own if wanted.terms <= known[1].terms]

    def _known_by(self, client_id: str, profile: Profile) -> tuple[int, int, int]:
        quotes = sum(own == client_id for own, _ in self.state.quotes_of_clients.values())
        same = [a for a in self.state.applications.values() if _is_of(a, profile)]
        return quotes, sum(not a.is_sent for a in same), sum(a.is_sent for a in same)


@dataclass
class FakeDuplicates:
    """The last four digits stand for the whole number here."""

    state: State

    def at_start(self, writing_number: str, profile: Profile | None, quote_id: str) -> list[Duplicate]:
        identity = profile.identity if profile else ""

        def matches(app: Application) -> Iterator[Match]:
            if identity in {person.identity for person in app.household.people if person.identity}:
                yield Match.SAME_NAME_AND_BIRTH_DATE
            if quote_id and app.quote_id == quote_id and app.status is Status.INCOMPLETE:
                yield Match.SAME_QUOTE

        return self._found(writing_number, matches)

    def of(self, app: Application) -> list[Duplicate]:
        own, phone = app.household.people, ten_digits(app.household.contact.phone)

        def matches(other: Application) -> Iterator[Match]:
            theirs = other.household.people
            if other.record_number == app.record_number:
                return
            if {p.ssn_last_four for p in own} & {p.ssn_last_four for p in theirs if p.ssn_last_four}:
                yield Match.SAME_SSN
            if {p.identity for p in own} & {p.identity for p in theirs if p.identity}:
                yield Match.SAME_NAME_AND_BIRTH_DATE
            if phone and phone == ten_digits(other.household.contact.phone):
                yield Match.SAME_PHONE

        return self._found(app.producer.writing_number, matches)

    def sent(self, app: Application, *, lock: bool = False) -> list[Clash]:
        sent = [a for a in self.state.applications.values() if a.is_sent and a.record_number != app.record_number]
        mine = [person for person in app.household.people if person.ssn_last_four]
        return [
            Clash(person.person_id, other.record_number)
            for other in sent
            for person in mine
            if person.ssn_last_four in {their.ssn_last_four for their in other.household.people}
        ]

    def _found(self, number: str, matches: Callable[[Application], Iterator[Match]]) -> list[Duplicate]:
        own = [app for app in self.state.applications.values() if app.producer.writing_number == number]
        found = [(app, tuple(matches(app))) for app in own]
        return [
            Duplicate(why, a.record_number, a.quote_id, a.status, a.effective_date, a.applicant_name, a.updated_at)
            for a, why in found
            if why
        ]


def _is_of(app: Application, profile: Profile) -> bool:
    applicant, number = app.household.applicant, app.producer.writing_number
    same = (profile.writing_number, profile.identity)
    return applicant is not None and (number, applicant.identity) == same


def _without_ssn(app: Application) -> Application:
    people = tuple(replace(person, ssn="") for person in app.household.people)
    return replace(app, household=replace(app.household, people=people))


@dataclass
class FakeQuotes:
    """Every member costs 100 dollars for medical and 10 for dental, and a dollar for each day of the month."""

    failure: Exception | None = None
    calls: int = 0
    surcharge: int = 0
    saved: SavedQuote | None = None

    def quote(self, quote_id: str) -> SavedQuote:
        assert self.saved
        return self.saved

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        self.calls += 1
        if self.failure:
            raise self.failure
        chosen = ((basis.medical_plan_id, Coverage.MEDICAL, 100), (basis.dental_plan_id, Coverage.DENTAL, 10))
        return tuple(self._line(*plan, basis) for plan in chosen if plan[0])

    def _line(self, plan_id: str, coverage: Coverage, dollars: int, basis: PricingBasis) -> PlanLine:
        each = Money((dollars + basis.effective_date.day + self.surcharge) * 100)
        members = tuple(PremiumLine(i, 30, each, "by age") for i in range(len(basis.members)))
        kind = "PPO" if plan_id == PPO else "HMO"
        total = Money.total(m.monthly_premium for m in members)
        return PlanLine(
            coverage, plan_id, f"Plan {plan_id[7:14]}", kind, "Silver", total, members, "illustrative",
            uses_pcp=coverage is Coverage.MEDICAL and kind == "HMO",
        )  # fmt: skip


@dataclass
class FakeProviders:
    failure: Exception | None = None
    wishes: list[PcpWish] = field(default_factory=list)

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, wishes: Sequence[PcpWish]
    ) -> tuple[AssignedPcp, ...]:
        if self.failure:
            raise self.failure
        self.wishes = list(wishes)
        return tuple(AssignedPcp(w.member_index, w.pcp_id or "P1", "DR. ONE", "", not w.pcp_id) for w in wishes)


@dataclass
class FakePayments:
    failure: Exception | None = None
    opened: list[tuple[Money, bool]] = field(default_factory=list)

    def open(self, record_number: str, state: str, writing_number: str, amount: Money, pay_now: bool) -> PaymentStatus:
        if self.failure:
            raise self.failure
        self.opened.append((amount, pay_now))
        return PaymentStatus.NOT_STARTED if pay_now else PaymentStatus.BILL_LATER


class Office:
    """The contract on stand-ins, and short ways to call it."""

    def __init__(self, today: str) -> None:
        self.clock = FixedClock.at(today)
        self.state = State()
        self.quotes, self.providers, self.payments = FakeQuotes(), FakeProviders(), FakePayments()
        self.desk = Desk(self.transactions, self.clock, BOOK, "Call 800-555-0100.")
        self.run = RunSubmission(self.desk, self.quotes, self.providers, self.payments)
        self.hear_payment, self.housekeeping = HearPayment(self.desk), Housekeeping(self.desk)
        self.hear_quote = HearQuote(self.desk, self.quotes)
        self.hear_proof, self.hear_document = HearProof(self.desk), HearDocument(self.desk)
        repricing = Repricing(self.quotes)
        self.contract = EnrollmentContract(
            UseCases(
                StartApplication(self.desk),
                StartEnrollment(self.desk, self.quotes),
                Reading(self.desk),
                Overview(self.desk),
                PageTokens.with_key(base64.b64encode(bytes(32)).decode()),
                SaveStep(self.desk, repricing),
                ListEffectiveDates(self.desk),
                SetEffectiveDate(self.desk, repricing),
                SubmitApplication(self.desk, pause=self.work_off, patience=0.2),
                CancelApplication(self.desk),
                ClientUseCases.at(self.desk, self.known_addresses),
                ReadRules(self.desk),
            )
        )
        self.worker_runs = True
        self.addresses: list[Address] = []
        self.keys = 0

    def known_addresses(self, text: str, state: str, limit: int) -> list[Address]:
        return self.addresses[:limit]

    @contextmanager
    def transactions(self) -> Iterator[FakeWork]:
        before = deepcopy(self.state.__dict__)
        try:
            yield FakeWork(self.state)
        except BaseException:
            self.state.__dict__.update(before)
            raise

    def work_off(self, _seconds: float = 0) -> None:
        """The worker: hears every submission that was asked for."""
        for place, event in enumerate(list(self.state.events)):
            if self.worker_runs and isinstance(event, SubmissionRequested):
                self.run("enrollment.submission", f"message-{place}", event.record_number, event.attempt)

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys:08d}"

    def call(self, method: str, request: Any, caller: Caller = PRODUCER) -> Any:
        return self.contract.handle(self.contract.descriptor.methods_by_name[method], request, caller)

    def start(self) -> Any:
        request = service.StartApplicationRequest(idempotency_key=self.key(), writing_number="220002580")
        return self.call("StartApplication", request).application

    def enroll(self, choice: Any = 0, caller: Caller = PRODUCER, key: str = "", **answer: Any) -> Any:
        request = service.StartEnrollmentRequest(
            idempotency_key=key or self.key(), quote_id="q-1", choice=choice, **answer
        )
        return self.call("StartEnrollment", request, caller)

    def save(self, app: pb.Application, caller: Caller = PRODUCER, **step: Any) -> Any:
        request = service.SaveStepRequest(record_number=app.record_number, version=app.version, **step)
        return self.call("SaveStep", request, caller).application

    def calculate(self, app: pb.Application, wanted: str = "") -> Any:
        request = service.SetEffectiveDateRequest(
            record_number=app.record_number, version=app.version, effective_date=wanted
        )
        return self.call("SetEffectiveDate", request).application

    def get(self, app: pb.Application) -> Any:
        return self.call("GetApplication", service.GetApplicationRequest(record_number=app.record_number)).application

    def missing(self, app: pb.Application) -> list[tuple[int, str]]:
        answer = self.call("GetReadiness", service.GetReadinessRequest(record_number=app.record_number))
        return [(one.step, one.field) for one in answer.missing]

    def submit(self, app: pb.Application, key: str = "", version: int = 0) -> Any:
        request = service.SubmitApplicationRequest(
            idempotency_key=key or self.key(), record_number=app.record_number, version=version
        )
        return self.call("SubmitApplication", request).application

    def complete(self, plan: str = HMO, event: str = "2026-05-10", **changes: Any) -> Any:
        """An application to which nothing is missing: born on ``event``, seen on 20 May 2026."""
        app = self.start()
        app = self.save(app, general=general(("birth", event)))
        app = self.calculate(app)
        app = self.save(app, household=household(event, **changes))
        app = self.save(app, plans=pb.PlansStep(medical_plan_id=plan, dental_plan_id=DENTAL))
        return self.save(app, signatures=pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW))


def general(*events: tuple[str, str], sep: bool = True) -> pb.GeneralStep:
    return pb.GeneralStep(
        special_enrollment=sep, life_events=[pb.LifeEvent(kind=kind, date=day) for kind, day in events]
    )


def household(born: str = "2026-05-10", **changes: Any) -> pb.HouseholdStep:
    adult = pb.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Ada",
        last_name="Sample",
        date_of_birth="1987-06-14",
        sex=common.SEX_FEMALE,
        tobacco_use=False,
    )
    child = pb.Person(
        relationship=common.RELATIONSHIP_CHILD,
        first_name="Dee",
        last_name="Sample",
        date_of_birth=born,
        sex=common.SEX_FEMALE,
    )
    values: dict[str, Any] = {
        "form_type": pb.FORM_TYPE_MEDICAL_DENTAL,
        "authorization": pb.AUTHORIZATION_PAPER,
        "people": [adult, child],
        "home_address": pb.Address(street="200 E Randolph St", city="Chicago", state="IL", zip="60601"),
        "contact": pb.Contact(phone="312-555-0142", phone_type="mobile"),
    }
    return pb.HouseholdStep(**(values | changes))


def quote(**changes: Any) -> SavedQuote:
    members = (
        QuotedMember(RatedMember(Relationship.CHILD, date(2019, 9, 3), Sex.MALE, False), "Cal", ""),
        QuotedMember(RatedMember(Relationship.SELF, date(1987, 6, 14), Sex.FEMALE, True), "", ""),
    )
    saved = SavedQuote(
        "q-1", FRITZ, "60601", "17031", "Cook", date(2026, 6, 1), members, HMO, DENTAL, False, "", "", False
    )
    return replace(saved, **changes)


@pytest.fixture
def office() -> Office:
    return Office("2026-05-20")


@pytest.fixture
def office_on() -> Callable[[str], Office]:
    return Office


@pytest.fixture
def make() -> Any:
    """The builders of this file, for tests."""

    class Make:
        general = staticmethod(general)
        household = staticmethod(household)
        quote = staticmethod(quote)
        hmo, ppo, dental, producer = HMO, PPO, DENTAL, PRODUCER

    return Make
