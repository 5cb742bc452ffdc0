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
from chassis.crypto import KeyRing
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.kernel import FixedClock, Money
from services.documents.domain.edi.enrollment import InsuranceLine, Maintenance, MemberChange, PolicyEnrollment
from services.documents.domain.edi.submitted_policy import (
    ContactChange,
    CoverageTermination,
    PlannedTransaction,
    SubmittedPolicy,
    make_policy_id,
)
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
from services.documents.usecases.note_contact_change import NoteContactChange
from services.documents.usecases.note_submission import NoteSubmission
from services.documents.usecases.note_termination import NoteTermination
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
    yield make_transactions(db, DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(KEY))), event_to_proto)
    db.close()


@dataclass
class FakeSubmissions:
    """A family of three in every policy. ``refused``: record numbers, and why each is.

    ``changes``: how often each application's contact details were changed; the phone ends with that number.
    """

    refused: dict[str, Exception] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)

    def get_policy(self, carrier: str, planned: PlannedTransaction) -> PolicyEnrollment:
        policy = planned.policy
        if why := self.refused.get(policy.record_number):
            raise why
        family = [replace(one, member_id=f"{policy.subscriber_id}{one.member_id[-2:]}") for one in (ADA, BEN, MIA)]
        changes = self.changes.get(policy.record_number, 0)
        kind = MemberChange.DEMOGRAPHIC if planned.maintenance is Maintenance.CHANGE else MemberChange.UNCHANGED
        family[0] = replace(family[0], phone=f"312-555-01{changes:02d}", change=kind)
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
            effective_on=planned.effective_on,
            contact_changes=changes,
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

    def terminate(
        self, number: int, line: InsuranceLine, last_day: date, *, day: date = DAY, reason: str = "no_longer_wanted"
    ) -> None:
        policy_id = make_policy_id(f"A-{number:04d}", line)
        NoteTermination(self.store)(CoverageTermination(policy_id, day, last_day, reason))

    def change_contact(self, number: int, change: int, *, day: date = DAY) -> None:
        """In enrollment, whose event comes at once."""
        record_number = f"A-{number:04d}"
        self.submissions.changes[record_number] = change
        NoteContactChange(self.store)(ContactChange(record_number, change, day))

    def later(self, day: date = NEXT_DAY) -> None:
        self.clock.set_day(day.isoformat())

    def write_on(self, day: date, *, with_rejected: bool = False) -> list[tuple[str, str]]:
        """What the carrier is told by the file of that day: policies, and what of each, in the file's order."""
        self.later(day)
        written = self.write(PROFILE, day, with_rejected=with_rejected)
        return [
            (one.policy.policy_id, str(one.maintenance)) for file in written for one in file.interchange.transactions
        ]

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
