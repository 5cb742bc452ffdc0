"""Enrollment's lists, deadlines and timelines on a database of their own, and short ways to fill it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import text

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Caller, CallerKind, Command, FixedClock, WritingNumber
from services.enrollment.domain.application import Application
from services.enrollment.domain.application_list import ApplicationSearch, ListCursor
from services.enrollment.domain.deadlines import DeadlineKind
from services.enrollment.domain.enums import Relationship, Status
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import HouseholdStep, Producer
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.expire_applications import ExpireApplications
from services.enrollment.usecases.get_timeline import GetTimeline
from services.enrollment.usecases.list_applications import ListApplications
from services.enrollment.usecases.list_deadlines import ListDeadlines
from services.enrollment.usecases.overview_ports import DeadlineSearch
from services.enrollment.usecases.start_application import StartApplication

NUMBERS = {"220002580": "IL", "107864325": "TX", "660003012": "IL"}


def caller(*numbers: str, kind: CallerKind = CallerKind.PRODUCER) -> Caller:
    own = tuple(WritingNumber(number, NUMBERS[number], f"PRODUCER {number}", "") for number in numbers)
    return Caller(kind, "producer@example.com", own)


FRITZ, OTHER = caller("220002580", "107864325"), caller("660003012")


@dataclass
class OverviewHarness:
    database: Database
    clock: FixedClock
    service: ApplicationService
    started: int = 0

    @property
    def list_applications(self) -> ListApplications:
        return ListApplications(self.service)

    @property
    def list_deadlines(self) -> ListDeadlines:
        return ListDeadlines(self.service)

    @property
    def get_timeline(self) -> GetTimeline:
        return GetTimeline(self.service)

    @property
    def expire_applications(self) -> ExpireApplications:
        return ExpireApplications(self.service)

    def start(self, number: str = "220002580", first: str = "Ada", last: str = "Sample", **values: Any) -> Application:
        """A draft with an applicant, changed as said."""
        self.started += 1
        producer = Producer(number, f"PRODUCER {number}", "", NUMBERS[number])
        command = Command(caller(number), "start", f"key-{self.started:08d}", b"start")
        app = StartApplication(self.service)(command, producer).application
        person = Person(Relationship.SELF, first, last_name=last, person_id=f"p-{self.started}")
        return self.save(app, household=HouseholdStep(people=(person,)), **values)

    def clear(self) -> None:
        """No application has ever been started."""
        with self.database.transaction() as session:
            session.execute(text("delete from application"))
            session.execute(text("update counter set last = 0"))

    def save(self, app: Application, **values: Any) -> Application:
        changed = app.changed(self.service.now(), **values)
        with self.service.transactions() as work:
            self.service.save(work, changed, read_version=app.version)
        return changed

    def submit(self, app: Application, **values: Any) -> Application:
        day = app.today(self.service.now())
        return self.save(app, status=Status.SUBMITTED, submitted_on=day, expires_on=None, **values)

    def on(self, day: str) -> None:
        self.clock.set_day(day)

    def page(
        self, search: ApplicationSearch, after: ListCursor | None = None, size: int = 50, who: Caller = FRITZ
    ) -> Any:
        return self.list_applications(who, search, after, size)

    def numbers(self, search: ApplicationSearch, who: Caller = FRITZ) -> list[int]:
        """Of the whole list."""
        return [row.client_app_id - 605 for row in self.page(search, size=200, who=who).rows]

    def due(self, *kinds: DeadlineKind, first: str = "2026-01-01", who: Caller = FRITZ) -> list[tuple[str, str, str]]:
        rows = self.list_deadlines(who, DeadlineSearch(date.fromisoformat(first), None, kinds), None, 200).rows
        return [(r.identifiers.record_number, r.deadline.kind.value, r.deadline.due_on.isoformat()) for r in rows]


@contextmanager
def overview_house(url: str) -> Iterator[OverviewHarness]:
    database = Database(url)
    upgrade_schema(database.engine, enrollment.SERVICE.migrations)
    encryption = SsnEncryption.with_keys(base64.b64encode(bytes(32)).decode(), base64.b64encode(b"i" * 32).decode())
    clock = FixedClock.at("2026-05-20")
    yield OverviewHarness(
        database, clock, ApplicationService(make_transactions(database, encryption, event_to_proto), clock, Rulebook())
    )
    database.close()


def by(search: ApplicationSearch, **values: Any) -> ApplicationSearch:
    return replace(search, **values)
