"""What the use cases of carriers' files need of the outside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import UnitOfWork
from services.documents.domain.edi.enrollment import Maintenance, PolicyEnrollment
from services.documents.domain.edi.policy_ledger import LedgerEntry, PolicyState, SentFiles
from services.documents.domain.edi.sent_file import OverdueFiles, SentFile
from services.documents.domain.edi.submitted_policy import (
    ContactChange,
    CoverageTermination,
    PendingPolicy,
    PlannedInterchange,
    PlannedTransaction,
    SubmittedPolicy,
)


class Submissions(Protocol):
    def get_policy(self, carrier: str, planned: PlannedTransaction) -> PolicyEnrollment:
        """What enrollment lets this carrier read of it.

        Unwritable when that is too little for an 834, NotFound without a grant, Unavailable.
        """
        ...


class OutgoingFiles(Protocol):
    def save(self, name: str, parts: Iterable[str]) -> str | None:
        """Its SHA-256 once the whole file is there; None, and no file, without any part."""
        ...


class CarrierFiles(Protocol):
    def note_submission(self, policies: Sequence[SubmittedPolicy]) -> None:
        """Once, however often."""
        ...

    def note_cancellation(self, record_number: str, cancelled_on: date, reason: str) -> None:
        """Once, however often; before the submission or after it."""
        ...

    def note_termination(self, termination: CoverageTermination) -> None:
        """Once, however often; before the submission or after it."""
        ...

    def note_contact_change(self, change: ContactChange) -> None:
        """Once, however often; before the submission or after it, and in any order."""
        ...

    def lock_carrier(self, carrier: str) -> bool:
        """Until the transaction ends; False while somebody else holds it."""
        ...

    def find_file(self, carrier: str, day: date) -> PlannedInterchange | None: ...

    def find_unwritten(self, carrier: str) -> PlannedInterchange | None:
        """Planned, and then interrupted."""
        ...

    def list_pending(
        self, issuer_ids: Collection[str], day: date, *, with_rejected: bool = False
    ) -> list[PendingPolicy]:
        """Of which the carrier does not know on that day's evening; with what it rejected, if that is sent again."""
        ...

    def plan_interchange(
        self, carrier: str, day: date, at: datetime, pending: Sequence[PendingPolicy]
    ) -> PlannedInterchange:
        """Give out its control numbers."""
        ...

    def list_sent(self, carrier: str, since: date) -> list[SentFile]:
        """By their numbers. Of that day and later, and what is interrupted or not answered; a file into which no policy
        went was not sent."""
        ...

    def count_overdue(self, now: datetime) -> list[OverdueFiles]:
        """Of every carrier that was sent a file, also where none is overdue."""
        ...

    def mark_written(
        self,
        control_number: int,
        at: datetime,
        acknowledge_by: datetime,
        sha256: str | None,
        set_aside: Mapping[int, str],
        contact_changes: Mapping[int, int],
    ) -> None:
        """``set_aside``: transactions that stayed out of it, and why. ``contact_changes``: the newest that is in a
        transaction, where that is another than was planned."""
        ...


@dataclass(frozen=True, slots=True)
class SentTransaction:
    """A transaction of a carrier and how it stands."""

    policy: SubmittedPolicy
    maintenance: Maintenance
    state: PolicyState


class CarrierAnswers(Protocol):
    def add_file(self, sha256: str, carrier: str, at: datetime) -> bool:
        """False for one that was read before."""
        ...

    def add_entry(self, sha256: str, place: int, entry: LedgerEntry) -> None: ...

    def sent_to(self, carrier: str) -> SentFiles:
        """Nothing that another carrier was sent is found."""
        ...

    def get_transaction(self, control_number: int) -> SentTransaction:
        """Of one that was found before; nobody else changes it until the transaction ends."""
        ...

    def set_state(self, control_number: int, state: PolicyState, why: str) -> None: ...


class CarrierUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with what carriers were told and answered."""

    @property
    def carrier_files(self) -> CarrierFiles: ...
    @property
    def carrier_answers(self) -> CarrierAnswers: ...
