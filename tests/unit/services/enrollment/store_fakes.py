"""What would be in enrollment's database, and the repositories on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chassis.kernel import Stale
from services.enrollment.domain.address_tokenizer import TypedAddress
from services.enrollment.domain.application import Application
from services.enrollment.domain.client import ClientFilter, ClientProfile, ten_digits
from services.enrollment.domain.client_review import ClientReview
from services.enrollment.domain.deadlines import Deadline
from services.enrollment.domain.duplicate_enrollment_check import DuplicateEnrollment
from services.enrollment.domain.duplicates import Duplicate, DuplicateMatch
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.events import ApplicationExpired
from services.enrollment.domain.steps import Address, HouseholdStep
from services.enrollment.usecases.dtos import Client, TimelineEntry, ZipCounty
from tests.fakes.unit_of_work import AuditRow, FakeUnitOfWork


@dataclass
class State:
    """What would be in the database."""

    applications: dict[str, Application] = field(default_factory=dict)
    number: int = 0
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)
    saves: dict[str, str] = field(default_factory=dict)
    steps_shown: dict[str, Step | None] = field(default_factory=dict)
    clients: dict[tuple[str, str], tuple[str, ClientProfile]] = field(default_factory=dict)
    quotes_of_clients: dict[str, tuple[str, date]] = field(default_factory=dict)
    deadlines: dict[int, tuple[Deadline, ...]] = field(default_factory=dict)
    reviews: dict[str, ClientReview] = field(default_factory=dict)


class FakeWork(FakeUnitOfWork):
    """The state with its transactions; plays every repository."""

    def __init__(self) -> None:
        super().__init__()
        self.state = state = State()
        self.applications = self.places = self
        self.lists: Any = self
        self.book: Any = self
        self.clients = FakeClients(state)
        self.duplicates = FakeDuplicates(state)
        self.deadlines = FakeDeadlines(state)
        self.client_reviews = FakeReviews(state)

    def next_sequence_number(self) -> int:
        self.state.number += 1
        return self.state.number

    def add(self, app: Application, next_step: Step | None) -> None:
        self.state.applications[app.record_number] = _without_ssn(app)

    def get(
        self, record_number: str, *, for_update: bool = False, visible_to: Collection[str] | None = None
    ) -> Application | None:
        return self.state.applications.get(record_number)

    def lock(self, read: Application) -> Application | None:
        return self.state.applications.get(read.record_number)

    def writing_number(self, record_number: str) -> str | None:
        app = self.state.applications.get(record_number)
        return app.producer.writing_number if app else None

    def status(self, record_number: str) -> Status | None:
        app = self.state.applications.get(record_number)
        return app.status if app else None

    def save(self, app: Application, next_step: Step | None, *, read_version: int, saved: str = "") -> None:
        if self.state.applications[app.record_number].version != read_version:
            raise Stale("Somebody saved in between.")
        self.state.applications[app.record_number] = _without_ssn(app)
        self.state.steps_shown[app.record_number] = next_step
        self.state.saves[app.record_number] = saved
        typed = {one.person_id: one.ssn for one in app.household.people if one.ssn}
        self.state.numbers.setdefault(app.record_number, {}).update(typed)

    def find_known_numbers(self, app: Application) -> set[str]:
        known = self.state.numbers.get(app.record_number, {})
        return {one.person_id for one in app.household.people if one.ssn and known.get(one.person_id) == one.ssn}

    def with_fingerprints(self, step: HouseholdStep) -> HouseholdStep:
        people = (replace(one, ssn_fingerprint=f"of {one.ssn}") if one.ssn else one for one in step.people)
        return replace(step, people=tuple(people))

    def is_last_save(self, app: Application, saved: str) -> bool:
        return bool(saved) and self.state.saves.get(app.record_number) == saved

    def set_next_step(self, record_number: str, next_step: Step | None) -> None:
        self.state.steps_shown[record_number] = next_step

    def timeline(self, record_number: str, after: int, size: int) -> list[TimelineEntry]:
        entries = [_entry(entry_id, row) for entry_id, row in enumerate(self.audit, 1) if row.subject == record_number]
        return [entry for entry in entries if entry.entry_id > after][:size]

    def expire(self, days: Mapping[str, date], now: datetime, limit: int) -> list[ApplicationExpired]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def stuck(self, changed_before: Sequence[datetime], queued: int, limit: int) -> list[Application]:
        waiting = [a for a in self.state.applications.values() if a.status is Status.SUBMITTING]
        turned = sorted(waiting, key=lambda a: a.updated_at)[: max(0, len(waiting) - queued)]
        return [a for a in turned if a.updated_at < changed_before[a.asked_again]][:limit]

    def unseal_ssns(self, record_number: str) -> dict[str, str]:
        return dict(self.state.numbers.get(record_number, {}))

    def counties(self, zip_code: str) -> list[ZipCounty]:
        known = {
            "60601": [ZipCounty("17031", "Cook", "IL")],
            "60010": [ZipCounty("17031", "Cook", "IL"), ZipCounty("17097", "Lake", "IL")],
            "77001": [ZipCounty("48201", "Harris", "TX")],
        }
        return known.get(zip_code, [])

    def counties_in(self, states: Collection[str]) -> list[ZipCounty]:
        known = [ZipCounty("17031", "Cook", "IL"), ZipCounty("17097", "Lake", "IL"), ZipCounty("48201", "Harris", "TX")]
        return [county for county in known if county.state in states]

    def counties_of(self, zip_codes: Collection[str]) -> dict[str, list[ZipCounty]]:
        return {zip_code: self.counties(zip_code) for zip_code in zip_codes}

    def addresses(self, typed: TypedAddress, state: str, limit: int) -> list[Address]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def towns(self, words: Sequence[str], state: str, limit: int) -> list[Address]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")


@dataclass
class FakeDeadlines:
    state: State

    def put(self, number: int, writing_number: str, deadlines: Sequence[Deadline]) -> None:
        self.state.deadlines[number] = tuple(deadlines)

    def page(self, search: Any, numbers: Any, after: Any, size: int) -> list[Any]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")

    def count(self, search: Any, numbers: Any, most: int) -> int:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")


@dataclass
class FakeReviews:
    state: State

    def add(self, review: ClientReview) -> None:
        self.state.reviews[review.review_id] = review

    def save(self, review: ClientReview) -> None:
        assert review.review_id in self.state.reviews
        self.state.reviews[review.review_id] = review

    def get(self, review_id: str, *, lock: bool = False) -> ClientReview | None:
        return self.state.reviews.get(review_id)

    def of_application(self, record_number: str) -> list[ClientReview]:
        return [one for one in reversed(self.state.reviews.values()) if one.record_number == record_number]

    def move(self, record_number: str, writing_number: str) -> None:
        for one in self.of_application(record_number):
            self.state.reviews[one.review_id] = replace(one, writing_number=writing_number)

    def delete_untouched_since(self, before: datetime, limit: int) -> list[ClientReview]:
        raise AssertionError("only PostgreSQL can answer this; see the integration tests")


@dataclass
class FakeClients:
    state: State

    def keep(self, profile: ClientProfile, now: datetime) -> tuple[str, bool]:
        key = (profile.writing_number, profile.identity)
        unknown = key not in self.state.clients
        client_id, known = self.state.clients.get(key, (f"client-{len(self.state.clients) + 1}", profile))
        self.state.clients[key] = client_id, known.followed_by(profile)
        return client_id, unknown

    def quoted(self, client_id: str, quote_id: str, effective_date: date, now: datetime) -> None:
        self.state.quotes_of_clients.setdefault(quote_id, (client_id, effective_date))

    def drop_ssn(self, profile: ClientProfile) -> None:
        key = (profile.writing_number, profile.identity)
        client_id, known = self.state.clients[key]
        if known.ssn_last_four == profile.ssn_last_four:
            own = [a.household.people for a in self.state.applications.values() if _is_of(a, profile)]
            left = {people[0].ssn_last_four for people in own} - {""}
            self.state.clients[key] = client_id, replace(known, ssn_last_four=max(left, default=""))

    def forget(self, profile: ClientProfile) -> None:
        key = (profile.writing_number, profile.identity)
        if key in self.state.clients and not any(self._known_by(*self.state.clients[key])):
            del self.state.clients[key]

    def get(self, client_id: str) -> Client | None:
        return next((Client(*known) for known in self.state.clients.values() if known[0] == client_id), None)

    def search(self, wanted: ClientFilter, numbers: Collection[str], limit: int) -> list[Client]:
        own = [known for (number, _), known in self.state.clients.items() if number in numbers]
        return [Client(*known, *self._known_by(*known)) for known in own if wanted.terms <= known[1].terms]

    def _known_by(self, client_id: str, profile: ClientProfile) -> tuple[int, int, int]:
        quotes = sum(own == client_id for own, _ in self.state.quotes_of_clients.values())
        same = [a for a in self.state.applications.values() if _is_of(a, profile)]
        return quotes, sum(not a.is_sent for a in same), sum(a.is_sent for a in same)


@dataclass
class FakeDuplicates:
    """The last four digits stand for the whole number here."""

    state: State

    def at_start(self, writing_number: str, profile: ClientProfile | None, quote_id: str) -> list[Duplicate]:
        identity = profile.identity if profile else ""

        def matches(app: Application) -> Iterator[DuplicateMatch]:
            if identity in {person.identity for person in app.household.people if person.identity}:
                yield DuplicateMatch.SAME_NAME_AND_BIRTH_DATE
            if quote_id and app.quote_id == quote_id and app.status is Status.INCOMPLETE:
                yield DuplicateMatch.SAME_QUOTE

        return self._found(writing_number, matches)

    def of(self, app: Application) -> list[Duplicate]:
        own, phone = app.household.people, ten_digits(app.contact.phone)

        def matches(other: Application) -> Iterator[DuplicateMatch]:
            theirs = other.household.people
            if other.record_number == app.record_number:
                return
            if {p.ssn_last_four for p in own} & {p.ssn_last_four for p in theirs if p.ssn_last_four}:
                yield DuplicateMatch.SAME_SSN
            if {p.identity for p in own} & {p.identity for p in theirs if p.identity}:
                yield DuplicateMatch.SAME_NAME_AND_BIRTH_DATE
            if phone and phone == ten_digits(other.contact.phone):
                yield DuplicateMatch.SAME_PHONE

        return self._found(app.producer.writing_number, matches)

    def sent(self, app: Application, *, lock: bool = False) -> list[DuplicateEnrollment]:
        sent = [a for a in self.state.applications.values() if a.is_sent and a.record_number != app.record_number]
        mine = [person for person in app.household.people if person.ssn_last_four]
        return [
            DuplicateEnrollment(person.person_id, other.record_number)
            for other in sent
            for person in mine
            if person.ssn_last_four in {their.ssn_last_four for their in other.household.people}
        ]

    def _found(self, number: str, matches: Callable[[Application], Iterator[DuplicateMatch]]) -> list[Duplicate]:
        own = [app for app in self.state.applications.values() if app.producer.writing_number == number]
        found = [(app, tuple(matches(app))) for app in own]
        return [
            Duplicate(why, a.record_number, a.quote_id, a.status, a.effective_date, a.applicant_name, a.updated_at)
            for a, why in found
            if why
        ]


def _entry(entry_id: int, row: AuditRow) -> TimelineEntry:
    return TimelineEntry(row.at, row.actor, row.on_behalf_of, row.action, row.summary, row.changed_fields, entry_id)


def _is_of(app: Application, profile: ClientProfile) -> bool:
    applicant, number = app.household.applicant, app.producer.writing_number
    same = (profile.writing_number, profile.identity)
    return applicant is not None and (number, applicant.identity) == same


def _without_ssn(app: Application) -> Application:
    people = tuple(replace(person, ssn="") for person in app.household.people)
    return replace(app, household=replace(app.household, people=people))
