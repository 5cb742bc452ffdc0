"""The contract of enrollment on a real database, with the worker's use cases and a clock that is moved by hand."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import insert, text

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import Caller, CallerKind, WritingNumber, business_date
from chassis.paging import PageTokens
from services.enrollment.contract.service import EnrollmentContract
from services.enrollment.contract.stored_bounds import find_stored_out_of_bounds
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.steps import Address, Producer
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ZipCountyRow
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.expire_applications import ExpireApplications
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.on_proof_added import OnProofAdded
from services.enrollment.usecases.on_quote_created import OnQuoteCreated
from services.enrollment.usecases.retry_stuck_submissions import RetryStuckSubmissions
from services.enrollment.usecases.run_submission import RunSubmission
from tests.integration.application_machine.fake_services import IL, STRANGER, TX, FakeServices
from tests.unit.services.enrollment.service_fakes import FakeOutcomes

Row = dict[str, Any]
# Everything that an act may write; places and the counter's row stay from example to example.
TABLES = (
    "application",
    "person",
    "client",
    "client_quote",
    "deadline",
    "client_review",
    "outbox",
    "inbox",
    "idempotency",
    "audit",
)
_ALL = "select jsonb_build_object({})::text".format(
    ", ".join(f"'{one}', (select coalesce(jsonb_agg(t order by t::text), '[]') from {one} t)" for one in TABLES)
)
ZIPS = [
    ("60601", "17031", "Cook", "IL"),
    ("60010", "17031", "Cook", "IL"),
    ("60010", "17097", "Lake", "IL"),
    ("77001", "48201", "Harris", "TX"),
]
LINKS = ReviewLinks(b"a made-up key of thirty-two bytes", "https://portal.example")
KEYS = tuple(base64.b64encode(letter * 32).decode() for letter in (b"f", b"i"))


def caller(kind: CallerKind, *producers: Producer) -> Caller:
    own = (
        WritingNumber(one.writing_number, one.state, one.name, one.company_name, one.phone, one.npn)
        for one in producers
    )
    return Caller(kind, f"{kind}@example.com", tuple(own), f"A {kind.capitalize()}")


FRITZ, DELEGATE = caller(CallerKind.PRODUCER, IL, TX), caller(CallerKind.DELEGATE, IL)
OTHER = Caller(CallerKind.PRODUCER, "other@example.com", caller(CallerKind.PRODUCER, STRANGER).writing_numbers)


@dataclass
class ManualClock:
    """Noon in Central time at its start, as in chassis.kernel.FixedClock; ``pass_by`` moves it."""

    moment: datetime = datetime(2026, 5, 20, 17, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, span: timedelta) -> None:
        self.moment += span

    def today(self) -> date:
        return business_date(self.moment, "IL")


@dataclass
class Snapshot:
    """All rows of all tables, as text for comparing and parsed for judging."""

    text: str

    def rows(self, table: str) -> list[Row]:
        return self.tables[table]

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        parsed: dict[str, list[Row]] = json.loads(self.text)
        return parsed


@dataclass
class ContractHarness:
    database: Database
    clock: ManualClock = field(default_factory=ManualClock)
    others: FakeServices = field(default_factory=FakeServices)

    def __post_init__(self) -> None:
        upgrade_schema(self.database.engine, enrollment.SERVICE.migrations)
        names = ("zip", "county_fips", "county_name", "state")
        with self.database.transaction() as session:
            session.execute(text("alter table audit disable trigger refuse_change"))  # for ``reset``
            session.execute(insert(ZipCountyRow), [dict(zip(names, row, strict=True)) for row in ZIPS])
        self.encryption = SsnEncryption.with_keys(*KEYS)
        self.transactions = make_transactions(self.database, self.encryption, event_to_proto)
        self.rulebook = Rulebook().loaded()
        self.service = ApplicationService(
            self.transactions, self.clock, self.rulebook, "Call 800-555-0100.", find_stored_out_of_bounds
        )
        self.run = RunSubmission(self.service, self.others, self.others, self.others)
        self.on_payment_changed, self.on_proof_added = OnPaymentChanged(self.service), OnProofAdded(self.service)
        self.on_quote_created = OnQuoteCreated(self.service, self.others)
        self.retry_stuck_submissions = RetryStuckSubmissions(self.service, lambda: 0)
        self.expire_applications = ExpireApplications(self.service)
        self.contract = self._contract()

    def _contract(self) -> EnrollmentContract:
        """As the service composes it, but that nobody waits for the worker."""
        use_cases = enrollment.build_use_cases(
            self.service, self.others, self.others, self.others, _no_addresses, LINKS, {}, FakeOutcomes()
        )
        submit = replace(use_cases.submit_application, patience=0)
        return EnrollmentContract(replace(use_cases, submit_application=submit), PageTokens.with_key(bytes(32)))

    def reset(self, day: date) -> None:
        """Another example: nothing is stored, nobody is away, and it is noon of the day."""
        with self.database.transaction() as session:
            for table in reversed(TABLES):
                session.execute(text(f"delete from {table}"))
            session.execute(text("update counter set last = 0"))
        self.clock.moment = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        self.others.__init__()  # type: ignore[misc]  # as new, and the same one that everybody holds

    def call(self, method: str, request: Any, who: Caller = FRITZ) -> Any:
        return self.contract.handle(self.contract.descriptor.methods_by_name[method], request, who)

    def snapshot(self) -> Snapshot:
        with self.database.transaction() as session:
            return Snapshot(session.execute(text(_ALL)).scalar_one())

    def read(self, record_number: str) -> Application:
        with self.transactions() as work:
            found = work.applications.get(record_number)
        assert found
        return found

    def pay(self, message_id: str, record_number: str, status: PaymentStatus) -> None:
        self.on_payment_changed("enrollment.payment", message_id, record_number, status)

    def opened(self, person_id: str) -> str:
        """The social security number behind the seal; only a test opens one."""
        query = text("select ssn from person where person_id = :person")
        with self.database.transaction() as session:
            sealed = session.execute(query, {"person": person_id}).scalar_one()
        return self.encryption.cipher.decrypt(bytes(sealed), person_id)


@contextmanager
def harness_on(url: str) -> Iterator[ContractHarness]:
    database = Database(url)
    try:
        yield ContractHarness(database)
    finally:
        database.close()


def _no_addresses(text: str, state: str, limit: int) -> list[Address]:
    return []
