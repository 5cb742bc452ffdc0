"""Store: what carriers have to be told, and in which file they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import FromClause, and_, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import Money
from services.documents.domain.edi.enrollment import COMPONENT_LENGTH, InsuranceLine, Maintenance
from services.documents.domain.edi.policy_ledger import PolicyState
from services.documents.domain.edi.sent_file import UNANSWERED, OverdueFiles, SentFile
from services.documents.domain.edi.submitted_policy import (
    ContactChange,
    CoverageTermination,
    PendingPolicy,
    PlannedGroup,
    PlannedInterchange,
    PlannedTransaction,
    SubmittedPolicy,
    ending_reason,
)
from services.documents.store.carrier_tables import (
    CONTROL_NUMBERS,
    CancelledApplicationRow,
    ChangedContactRow,
    GroupRow,
    InterchangeRow,
    SubmittedPolicyRow,
    TerminatedCoverageRow,
    TransactionRow,
)
from services.documents.store.pending_policies import pending_queries

_POLICY = SubmittedPolicyRow
_POLICIES: Any = SubmittedPolicyRow.__table__
# Built once: building costs more than running it.
_NOTE_POLICY = upsert(_POLICIES).on_conflict_do_nothing()


class CarrierFileRepository:
    """The port ``usecases.carrier_ports.CarrierFiles`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note_submission(self, policies: Sequence[SubmittedPolicy]) -> None:
        rows = [
            {
                "policy_id": policy.policy_id,
                "subscriber_id": policy.subscriber_id,
                "record_number": policy.record_number,
                "writing_number": policy.writing_number,
                "issuer_id": policy.issuer_id,
                "plan_id": policy.plan_id,
                "line": policy.line,
                "premium_cents": policy.premium.cents,
                "submitted_on": policy.submitted_on,
                "begins_on": policy.begins_on,
            }
            for policy in policies
        ]
        if rows:
            self._session.execute(_NOTE_POLICY, rows)

    def note_cancellation(self, record_number: str, cancelled_on: date, reason: str) -> None:
        new = upsert(CancelledApplicationRow).values(
            record_number=record_number, cancelled_on=cancelled_on, reason=reason
        )
        self._session.execute(new.on_conflict_do_nothing())

    def note_termination(self, termination: CoverageTermination) -> None:
        new = upsert(TerminatedCoverageRow).values(asdict(termination))
        self._session.execute(new.on_conflict_do_nothing())

    def note_contact_change(self, change: ContactChange) -> None:
        new = upsert(ChangedContactRow).values(asdict(change))
        self._session.execute(new.on_conflict_do_nothing())

    def lock_carrier(self, carrier: str) -> bool:
        key = func.hashtextextended(literal(f"carrier file {carrier}"), 0)
        return bool(self._session.scalar(select(func.pg_try_advisory_xact_lock(key))))

    def find_file(self, carrier: str, day: date) -> PlannedInterchange | None:
        row = self._session.scalar(
            select(InterchangeRow).where(
                InterchangeRow.carrier == carrier, InterchangeRow.day == day, InterchangeRow.sha256.is_not(None)
            )
        )
        return self._load(row) if row else None

    def find_unwritten(self, carrier: str) -> PlannedInterchange | None:
        row = self._session.scalar(
            select(InterchangeRow).where(InterchangeRow.carrier == carrier, InterchangeRow.written_at.is_(None))
        )
        return self._load(row) if row else None

    def list_pending(
        self, issuer_ids: Collection[str], day: date, *, with_rejected: bool = False
    ) -> list[PendingPolicy]:
        found: list[PendingPolicy] = []
        for maintenance, query in pending_queries(issuer_ids, day, with_rejected=with_rejected).items():
            for row, why, effective_on, contact_change in self._session.execute(query):
                policy, reason = policy_of_row(row), ending_reason(maintenance, why)
                if maintenance is Maintenance.CHANGE:
                    effective_on = max(effective_on, policy.begins_on)
                found.append(PendingPolicy(policy, maintenance, reason, effective_on, contact_change))
        return found

    def plan_interchange(
        self, carrier: str, day: date, at: datetime, pending: Sequence[PendingPolicy]
    ) -> PlannedInterchange:
        (number,) = self._next_numbers(1)
        self._session.execute(insert(InterchangeRow).values(control_number=number, carrier=carrier, day=day, at=at))
        ordered = sorted(pending, key=lambda one: (one.policy.plan_id, one.policy.policy_id))
        groups = [
            self._plan_group(number, plan_id, list(found))
            for plan_id, found in groupby(ordered, key=lambda one: one.policy.plan_id[:COMPONENT_LENGTH])
        ]
        return PlannedInterchange(number, carrier, day, at, groups)

    def list_sent(self, carrier: str, since: date) -> list[SentFile]:
        query = (
            select(InterchangeRow, TransactionRow.state, func.count())
            .join(GroupRow, GroupRow.interchange == InterchangeRow.control_number)
            .join(TransactionRow, TransactionRow.group_number == GroupRow.control_number)
            .where(InterchangeRow.carrier == carrier)
            .where(InterchangeRow.written_at.is_(None) | InterchangeRow.sha256.is_not(None))
            .group_by(InterchangeRow.control_number, TransactionRow.state)
            .order_by(InterchangeRow.control_number, TransactionRow.state)
        )
        rows = groupby(self._session.execute(query), key=lambda row: row[0])
        found = [(file, {PolicyState(state): count for _, state, count in states}) for file, states in rows]
        sent = [
            (file.day, SentFile(_name(file), file.written_at, file.acknowledge_by, policies))
            for file, policies in found
        ]
        return [one for day, one in sent if day >= since or one.unanswered]

    def count_overdue(self, now: datetime) -> list[OverdueFiles]:
        waits = (
            exists()
            .where(GroupRow.interchange == InterchangeRow.control_number)
            .where(TransactionRow.group_number == GroupRow.control_number)
            .where(TransactionRow.state.in_(UNANSWERED))
        )
        overdue = and_(InterchangeRow.acknowledge_by < now, waits)
        query = (
            select(
                InterchangeRow.carrier,
                func.count().filter(overdue),
                func.min(InterchangeRow.written_at).filter(overdue),
            )
            .where(InterchangeRow.sha256.is_not(None))
            .group_by(InterchangeRow.carrier)
            .order_by(InterchangeRow.carrier)
        )
        rows = self._session.execute(query)
        return [OverdueFiles(carrier, files, now - since if since else timedelta()) for carrier, files, since in rows]

    def mark_written(
        self,
        control_number: int,
        at: datetime,
        acknowledge_by: datetime,
        sha256: str | None,
        set_aside: Mapping[int, str],
        contact_changes: Mapping[int, int],
    ) -> None:
        self._session.execute(
            update(InterchangeRow)
            .where(InterchangeRow.control_number == control_number)
            .values(written_at=at, acknowledge_by=acknowledge_by, sha256=sha256)
        )
        for number, why in set_aside.items():
            self._session.execute(
                update(TransactionRow)
                .where(TransactionRow.control_number == number)
                .values(state=PolicyState.SET_ASIDE, why=why)
            )
        for number, change in contact_changes.items():
            self._session.execute(
                update(TransactionRow).where(TransactionRow.control_number == number).values(contact_change=change)
            )

    def _plan_group(self, interchange: int, plan_id: str, pending: Sequence[PendingPolicy]) -> PlannedGroup:
        number, *numbers = self._next_numbers(1 + len(pending))
        self._session.execute(insert(GroupRow).values(control_number=number, interchange=interchange, plan_id=plan_id))
        planned = [
            PlannedTransaction(number, one.policy, one.maintenance, one.reason, one.effective_on, one.contact_change)
            for number, one in zip(numbers, pending, strict=True)
        ]
        rows = [
            {
                "control_number": one.control_number,
                "group_number": number,
                "policy_id": one.policy.policy_id,
                "maintenance": one.maintenance,
                "reason": one.reason,
                "effective_on": one.effective_on,
                "contact_change": one.contact_change,
                "state": PolicyState.SENT,
                "why": "",
            }
            for one in planned
        ]
        self._session.execute(insert(TransactionRow), rows)
        return PlannedGroup(number, plan_id, planned)

    def _next_numbers(self, count: int) -> Sequence[int]:
        """They rise; a file's transactions are counted up."""
        return sorted(self._session.scalars(select(CONTROL_NUMBERS.next_value()).select_from(_rows(count))))

    def _load(self, row: InterchangeRow) -> PlannedInterchange:
        """As it was planned; what stayed out of it included."""
        query = (
            select(GroupRow.control_number, GroupRow.plan_id, TransactionRow, _POLICY)
            .join(TransactionRow, TransactionRow.group_number == GroupRow.control_number)
            .join(_POLICY, _POLICY.policy_id == TransactionRow.policy_id)
            .where(GroupRow.interchange == row.control_number)
            .order_by(GroupRow.control_number, TransactionRow.control_number)
        )
        groups: dict[tuple[int, str], list[PlannedTransaction]] = defaultdict(list)
        for number, plan_id, sent, policy in self._session.execute(query):
            groups[number, plan_id].append(
                PlannedTransaction(
                    sent.control_number,
                    policy_of_row(policy),
                    Maintenance(sent.maintenance),
                    sent.reason,
                    sent.effective_on,
                    sent.contact_change,
                )
            )
        planned = [PlannedGroup(*key, found) for key, found in groups.items()]
        return PlannedInterchange(row.control_number, row.carrier, row.day, row.at, planned)


def _name(file: InterchangeRow) -> str:
    return PlannedInterchange(file.control_number, file.carrier, file.day, file.at).file_name


def _rows(count: int) -> FromClause:
    return func.generate_series(1, count).table_valued("place")


def policy_of_row(row: SubmittedPolicyRow) -> SubmittedPolicy:
    return SubmittedPolicy(
        policy_id=row.policy_id,
        subscriber_id=row.subscriber_id,
        record_number=row.record_number,
        writing_number=row.writing_number,
        plan_id=row.plan_id,
        line=InsuranceLine(row.line),
        premium=Money(row.premium_cents),
        submitted_on=row.submitted_on,
        begins_on=row.begins_on,
    )
