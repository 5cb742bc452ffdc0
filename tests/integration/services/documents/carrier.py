"""What an operator does for one carrier, on PostgreSQL; enrollment and the folder are stand-ins."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy import select

import services.documents.__main__ as documents
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import FixedClock, Money
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance, PolicyEnrollment
from services.documents.domain.edi.submitted_policy import PlannedTransaction, SubmittedPolicy, make_policy_id
from services.documents.events.outgoing import event_to_proto
from services.documents.store.carrier_tables import (
    GroupRow,
    InterchangeRow,
    TransactionRow,
)
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.work import UnitOfWork, make_transactions
from services.documents.usecases.note_cancellation import NoteCancellation
from services.documents.usecases.note_submission import NoteSubmission
from services.documents.usecases.read_carrier_answers import JudgedAnswer, ReadCarrierAnswers
from services.documents.usecases.write_carrier_file import WriteCarrierFile
from tests.unit.services.documents.carrier_files import interchange
from tests.unit.services.documents.policies import ADA, BEN, MIA, PROFILE, make_policy

Store = PostgresTransactions[UnitOfWork]
KEY = base64.b64encode(bytes(32)).decode()
DAY, NEXT_DAY = date(2026, 11, 28), date(2026, 11, 29)
BEGIN = date(2027, 1, 1)
MEDICAL, DENTAL = "36096IL9900001-00", "36096IL9900010-00"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)
    yield make_transactions(db, DocumentContents(DocumentCiphers.with_key(KEY)), event_to_proto)
    db.close()


@dataclass
class FakeSubmissions:
    """A family of three in every policy. ``refused``: record numbers, and why each is."""

    refused: dict[str, Exception] = field(default_factory=dict)

    def get_policy(self, carrier: str, planned: PlannedTransaction) -> PolicyEnrollment:
        policy = planned.policy
        if why := self.refused.get(policy.record_number):
            raise why
        family = [replace(one, member_id=f"{policy.subscriber_id}{one.member_id[-2:]}") for one in (ADA, BEN, MIA)]
        return make_policy(
            control_number=planned.control_number,
            maintenance=planned.maintenance,
            policy_id=policy.policy_id,
            subscriber_id=policy.subscriber_id,
            application_id=policy.subscriber_id,
            plan_id=policy.plan_id,
            line=policy.line,
            begins_on=policy.begins_on,
            premium=policy.premium,
            members=tuple(family),
            reason=planned.reason,
            effective_on=policy.begins_on if planned.maintenance is Maintenance.CANCELLATION else None,
        )


@dataclass
class FakeFolder:
    """``crash``: what happens once the file is whole, and before anybody can note that it is."""

    saved: list[tuple[str, str]] = field(default_factory=list)
    crash: Exception | None = None
    pause: Callable[[], None] = lambda: None

    def save(self, name: str, parts: Iterable[str]) -> str | None:
        whole = "".join(parts)
        self.pause()
        if not whole:
            return None
        self.saved.append((name, whole))
        if self.crash:
            raise self.crash
        return hashlib.sha256(whole.encode()).hexdigest()


class Carrier:
    """What an operator does for one carrier."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FixedClock.at("2026-11-28")
        self.submissions, self.folder = FakeSubmissions(), FakeFolder()
        self.write = WriteCarrierFile(store, self.submissions, self.folder, self.clock)
        self._read = ReadCarrierAnswers(store, self.clock)

    def submit(self, number: int, *, day: date = DAY, lines: Iterable[InsuranceLine] = tuple(InsuranceLine)) -> None:
        plans = {InsuranceLine.MEDICAL: MEDICAL, InsuranceLine.DENTAL: DENTAL}
        NoteSubmission(self.store)([make_submitted(number, line, plans[line], day) for line in lines])

    def cancel(self, number: int, *, day: date = DAY, reason: str = "changed_mind") -> None:
        NoteCancellation(self.store)(f"A-{number:04d}", day, reason)

    def later(self) -> None:
        self.clock.set_day("2026-11-29")

    def read(self, *parts: str) -> list[JudgedAnswer] | None:
        whole = interchange(*parts)
        found = self._read(PROFILE, hashlib.sha256(whole.encode()).hexdigest(), [whole])
        return None if found is None else list(found)

    def sent(self) -> dict[int, tuple[str, str, str]]:
        """Policy, maintenance and state by control number."""
        with self.store() as work:
            rows = work.session.scalars(select(TransactionRow).order_by(TransactionRow.control_number))
            return {one.control_number: (one.policy_id, one.maintenance, one.state) for one in rows}

    def numbers(self) -> tuple[int, int]:
        """Of the only interchange and its first group."""
        with self.store() as work:
            whole = work.session.scalars(select(InterchangeRow.control_number)).one()
            return whole, work.session.scalars(
                select(GroupRow.control_number).order_by(GroupRow.control_number)
            ).first() or 0

    def groups(self) -> list[int]:
        """Control numbers, in order."""
        with self.store() as work:
            return list(work.session.scalars(select(GroupRow.control_number).order_by(GroupRow.control_number)))

    def events(self) -> list[str]:
        with self.store() as work:
            bodies = work.session.scalars(select(INFRASTRUCTURE.outbox.c.body).order_by(INFRASTRUCTURE.outbox.c.id))
            return [bytes(one).decode() for one in bodies]


def make_submitted(number: int, line: InsuranceLine, plan_id: str, day: date = DAY) -> SubmittedPolicy:
    record_number = f"A-{number:04d}"
    return SubmittedPolicy(
        policy_id=make_policy_id(record_number, line),
        subscriber_id=f"{number}12",
        record_number=record_number,
        writing_number="220002580",
        plan_id=plan_id,
        line=line,
        premium=Money.total(one.premium for one in (ADA, BEN, MIA)),
        submitted_on=day,
        begins_on=BEGIN,
    )


@pytest.fixture
def carrier(store: Store) -> Carrier:
    return Carrier(store)
