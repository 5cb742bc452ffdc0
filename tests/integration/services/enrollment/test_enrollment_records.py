"""Step 2 on PostgreSQL: equal numbers among sealed ones, and where acceptances and optional answers are kept."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

import services.enrollment.__main__ as enrollment
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Caller, CallerKind, Command, FixedClock, InvalidInput, WritingNumber
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Contact, Person
from services.enrollment.domain.pricing import PlanLine, PricingBasis
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import HouseholdStep, OtherCoverageStep, Producer
from services.enrollment.domain.texts import TextKind
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ApplicationRow, PersonRow
from services.enrollment.store.work import UnitOfWork, make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import SavedQuote
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.repricing import Repricing
from services.enrollment.usecases.save_step import SaveStep, StepEdit
from services.enrollment.usecases.start_application import StartApplication
from tests.unit.services.enrollment.service_fakes import FakeProviders

ACTOR = Caller(CallerKind.PRODUCER, "producer@example.com", (WritingNumber("220002580", "IL", "FRITZ", ""),))
FRITZ = Producer("220002580", "FRITZ", "", "IL")
ADA = Person(Relationship.SELF, "Ada", "", "Sample", date(1987, 6, 14))
BEN = Person(Relationship.SPOUSE, "Ben", "", "Sample", date(1988, 2, 10), contact=Contact(email="ben@example.com"))
CAL = Person(Relationship.CHILD, "Cal", "", "Sample", date(2019, 9, 3))
ANSWERS = SelfIdentification("hhs-4302-2011", "nv", "gu", ("chicano",), ("samoan",))
FIRST, SECOND = "536904399", "536904398"


class NoQuotes:
    def quote(self, quote_id: str) -> SavedQuote:
        raise AssertionError("nothing here has a quote")

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        raise AssertionError("nothing here has a plan")


@dataclass
class RecordsHarness:
    transactions: PostgresTransactions[UnitOfWork]
    service: ApplicationService

    def start(self) -> Application:
        return StartApplication(self.service)(
            Command(ACTOR, "start_application", "key-number-1", b"start"), FRITZ
        ).application

    def save(self, app: Application, step: Any) -> Application:
        save = SaveStep(self.service, Repricing(NoQuotes()), PcpReview(FakeProviders()))
        save(ACTOR, StepEdit(app.record_number, app.version, step))
        return self.read(app)

    def read(self, app: Application) -> Application:
        with self.transactions() as work:
            found = work.applications.get(app.record_number)
        assert found
        return found

    def rows(self, query: Any) -> list[Any]:
        with self.transactions() as work:
            return list(work.session.execute(query))


@pytest.fixture
def harness(database: str) -> Iterator[RecordsHarness]:
    db = Database(database)
    upgrade_schema(db.engine, enrollment.SERVICE.migrations)
    key = base64.b64encode(bytes(32)).decode()
    opened = make_transactions(db, SsnEncryption.with_keys(key, key), event_to_proto)
    yield RecordsHarness(opened, ApplicationService(opened, FixedClock.at("2026-05-20"), Rulebook()))
    db.close()


def household(*people: Person) -> HouseholdStep:
    return HouseholdStep(people=people)


def test_a_number_that_somebody_else_has_already_is_refused_and_nothing_is_saved(harness: RecordsHarness) -> None:
    app = harness.save(harness.start(), household(replace(ADA, ssn=FIRST), CAL))
    lines = len(harness.rows(text("select 1 from audit")))
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household(ADA, replace(CAL, first_name="Carl", last_name="Sample", ssn=FIRST)))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("people[1].ssn", "R46")]
    assert harness.read(app) == app
    assert len(harness.rows(text("select 1 from audit"))) == lines


def test_two_people_may_exchange_their_numbers(harness: RecordsHarness) -> None:
    app = harness.save(harness.start(), household(replace(ADA, ssn=FIRST), replace(CAL, ssn=SECOND)))
    app = harness.save(app, household(replace(ADA, ssn=SECOND), replace(CAL, ssn=FIRST)))
    assert [person.ssn_last_four for person in app.household.people] == ["4398", "4399"]


def test_the_same_number_on_another_application_is_no_matter_here(harness: RecordsHarness) -> None:
    harness.save(harness.start(), household(replace(ADA, ssn=FIRST)))
    other = StartApplication(harness.service)(
        Command(ACTOR, "start_application", "key-number-2", b"start"), FRITZ
    ).application
    assert harness.save(other, household(replace(ADA, ssn=FIRST))).household.people[0].ssn_last_four == "4399"


def test_acceptances_contacts_and_answers_come_back_as_they_were_stored(harness: RecordsHarness) -> None:
    ada = replace(ADA, self_identification=ANSWERS)
    app = harness.save(harness.start(), household(ada, BEN))
    app = harness.save(app, OtherCoverageStep(proxy_agreed=True))
    assert {(one.kind, one.person_id) for one in app.acceptances} == {
        (TextKind.ELECTRONIC_DELIVERY, app.household.people[1].person_id),
        (TextKind.PROXY, app.household.people[0].person_id),
    }
    assert {one.accepted_at for one in app.acceptances} == {harness.service.now()}
    assert app.household.people[0].self_identification == ANSWERS
    assert app.household.people[1].contact == Contact(email="ben@example.com", electronic_delivery_version="2026.1")
    assert harness.save(app, OtherCoverageStep(proxy_agreed=True)).acceptances == app.acceptances


def test_optional_answers_stand_in_one_column_and_nowhere_else(harness: RecordsHarness) -> None:
    app = harness.save(harness.start(), household(replace(ADA, self_identification=ANSWERS)))
    [[kept]] = harness.rows(select(PersonRow.self_identification))
    assert kept["identities"] == ["samoan"]
    row = harness.rows(select(*(column for column in ApplicationRow.__table__.columns)))
    others = [column for column in PersonRow.__table__.columns if column.name != "self_identification"]
    told = str(
        [
            row,
            harness.rows(select(*others)),
            harness.rows(text("select * from audit")),
            harness.rows(text("select * from outbox")),
        ]
    )
    assert app.record_number in told
    assert not [code for code in ("samoan", "chicano", "hhs-4302", "'nv'", '"nv"') if code in told]
