"""Clients on a migrated database, with short ways to quote, apply and search."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import services.enrollment.__main__ as enrollment
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Caller, CallerKind, Command, FixedClock, WritingNumber
from services.enrollment.domain.application import Application
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.enums import Relationship, Sex, Step
from services.enrollment.domain.people import Person
from services.enrollment.domain.step_updates import with_step
from services.enrollment.domain.steps import Address, Contact, HouseholdStep, Producer
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import UnitOfWork, make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import Client
from services.enrollment.usecases.search_clients import SearchClients
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.upsert_client import upsert_client

FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
OTHER = replace(FRITZ, writing_number="990000001")
HOME = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")
ADA = Person(Relationship.SELF, "Ada", "", "Sample", date(1987, 6, 14), Sex.FEMALE, tobacco_use=False, ssn="536904399")
CAL = Person(Relationship.CHILD, "Cal", "", "Sample", date(2019, 9, 3), Sex.MALE)
CONTACT = Contact("312-555-0142", "mobile", "ada@example.com")


def caller(*producers: Producer) -> Caller:
    numbers = tuple(WritingNumber(p.writing_number, p.state, p.name, p.company_name, p.phone, p.npn) for p in producers)
    return Caller(CallerKind.PRODUCER, f"{numbers[0].number}@example.com", numbers)


def quoted(first: str = "Zoe", last: str = "Sample", number: str = "220002580") -> ClientProfile:
    home = Address(state="IL", zip="60601", county_fips="17031", county_name="Cook")
    return ClientProfile(number, first, last, date(1987, 6, 14), Sex.FEMALE, home)


@dataclass
class ClientHarness:
    database: Database
    transactions: PostgresTransactions[UnitOfWork]
    clock: FixedClock
    service: ApplicationService
    started: int = 0

    def apply(self, *people: Person, producer: Producer = FRITZ, contact: Contact = CONTACT) -> Application:
        self.started += 1
        command = Command(caller(producer), "start", f"key-number-{self.started}", b"start")
        app = StartApplication(self.service)(command, producer).application
        return self.save(app, *people, contact=contact)

    def save(self, app: Application, *people: Person, contact: Contact = CONTACT) -> Application:
        step = HouseholdStep(people=people, home_address=HOME, contact=contact)
        changed = with_step(app, step, self.service.circumstances(app), self.clock.now())
        with self.transactions() as work:
            work.applications.save(changed, Step.PLANS, read_version=app.version)
            upsert_client(work, app, changed, self.clock.now())
            found = work.applications.get(app.record_number)
        assert found
        return found

    def hear(self, profile: ClientProfile, quote_id: str = "q-1") -> tuple[str, bool]:
        with self.transactions() as work:
            client_id, unknown = work.clients.keep(profile, self.clock.now())
            work.clients.quoted(client_id, quote_id, date(2026, 6, 1), self.clock.now())
        return client_id, unknown

    def search(
        self, name: str = "", born: date | None = None, phone: str = "", last_four: str = "", by: Caller | None = None
    ) -> list[Client]:
        return SearchClients(self.service)(by or caller(FRITZ), name, born, phone, last_four)


ENCRYPTION = SsnEncryption.with_keys(*(base64.b64encode(letter * 32).decode() for letter in (b"f", b"i")))


@contextmanager
def clients_house(url: str) -> Iterator[ClientHarness]:
    database = Database(url)
    upgrade_schema(database.engine, enrollment.SERVICE.migrations)
    opened = make_transactions(database, ENCRYPTION, event_to_proto)
    clock = FixedClock.at("2026-05-20")
    yield ClientHarness(database, opened, clock, ApplicationService(opened, clock, Rulebook()))
    database.close()
