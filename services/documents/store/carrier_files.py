"""Store: what carriers have to be told, and in which file they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import Money
from services.documents.domain.edi.enrollment import COMPONENT_LENGTH, InsuranceLine, Maintenance
from services.documents.domain.edi.policy_ledger import PolicyState
from services.documents.domain.edi.sent_file import UNANSWERED, OverdueFiles, SentFile
from services.documents.domain.edi.submitted_policy import (
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
    GroupRow,
    InterchangeRow,
    SubmittedPolicyRow,
    TransactionRow,
)

_POLICY, _CANCELLED = SubmittedPolicyRow, CancelledApplicationRow
_POLICIES: Any = SubmittedPolicyRow.__table__
# Built once: building costs more than running it.
_NOTE_POLICY = upsert(_POLICIES).on_conflict_do_nothing()
# A carrier that did not take an enrollment, or ended it by itself, is not told of a cancellation.
_KNOWS_NOTHING_TO_END = (PolicyState.SET_ASIDE, PolicyState.REJECTED, PolicyState.CANCELLED, PolicyState.TERMINATED)


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
        new = upsert(_CANCELLED).values(record_number=record_number, cancelled_on=cancelled_on, reason=reason)
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
        queries = {
            Maintenance.INITIAL: self._pending_initial(day, with_rejected=with_rejected),
            Maintenance.CANCELLATION: self._pending_cancellation(day),
        }
        found: list[PendingPolicy] = []
        for maintenance, query in queries.items():
            rows = self._session.execute(query.where(_POLICY.issuer_id.in_(issuer_ids)))
            found += (
                PendingPolicy(policy_of_row(row), maintenance, ending_reason(why) if why else "") for row, why in rows
            )
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

    def _pending_initial(self, day: date, *, with_rejected: bool) -> Any:
        again = (PolicyState.SET_ASIDE, *((PolicyState.REJECTED,) if with_rejected else ()))
        return (
            select(_POLICY, literal(""))
            .where(_POLICY.submitted_on <= day)
            .where(~exists().where(_CANCELLED.record_number == _POLICY.record_number))
            .where(~_told(Maintenance.INITIAL, again))
        )

    def _pending_cancellation(self, day: date) -> Any:
        return (
            select(_POLICY, _CANCELLED.reason)
            .join(_CANCELLED, _CANCELLED.record_number == _POLICY.record_number)
            .where(_CANCELLED.cancelled_on <= day)
            .where(_told(Maintenance.INITIAL, _KNOWS_NOTHING_TO_END))
            .where(~_told(Maintenance.CANCELLATION, (PolicyState.SET_ASIDE,)))
        )

    def _plan_group(self, interchange: int, plan_id: str, pending: Sequence[PendingPolicy]) -> PlannedGroup:
        number, *numbers = self._next_numbers(1 + len(pending))
        self._session.execute(insert(GroupRow).values(control_number=number, interchange=interchange, plan_id=plan_id))
        planned = [
            PlannedTransaction(number, one.policy, one.maintenance, one.reason)
            for number, one in zip(numbers, pending, strict=True)
        ]
        rows = [
            {
                "control_number": one.control_number,
                "group_number": number,
                "policy_id": one.policy.policy_id,
                "maintenance": one.maintenance,
                "reason": one.reason,
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
            maintenance = Maintenance(sent.maintenance)
            groups[number, plan_id].append(
                PlannedTransaction(sent.control_number, policy_of_row(policy), maintenance, sent.reason)
            )
        planned = [PlannedGroup(*key, found) for key, found in groups.items()]
        return PlannedInterchange(row.control_number, row.carrier, row.day, row.at, planned)


def _name(file: InterchangeRow) -> str:
    return PlannedInterchange(file.control_number, file.carrier, file.day, file.at).file_name


def _rows(count: int) -> FromClause:
    return func.generate_series(1, count).table_valued("place")


def _told(maintenance: Maintenance, unless: Sequence[PolicyState]) -> ColumnElement[bool]:
    """The carrier was told so of the policy, and not in vain."""
    sent = and_(
        TransactionRow.policy_id == _POLICY.policy_id,
        TransactionRow.maintenance == maintenance,
        TransactionRow.state.not_in(unless),
    )
    return exists().where(sent)


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
