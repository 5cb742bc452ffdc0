"""Store: of which policies a carrier does not know something yet, as queries.

Each row is a policy, the reason for which it ends, the day on which that or a change takes effect, and the newest
change of contact details that the carrier is to know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, exists, func, literal, null, or_, select, type_coerce

from services.documents.domain.edi.enrollment import Maintenance
from services.documents.domain.edi.policy_ledger import PolicyState
from services.documents.store.carrier_tables import (
    CancelledApplicationRow,
    ChangedContactRow,
    SubmittedPolicyRow,
    TerminatedCoverageRow,
    TransactionRow,
)

_POLICY, _CANCELLED = SubmittedPolicyRow, CancelledApplicationRow
_TERMINATED, _CHANGED = TerminatedCoverageRow, ChangedContactRow
# A carrier that did not take an enrollment, or ended it by itself, is told nothing more of it.
_KNOWS_NOTHING = (PolicyState.SET_ASIDE, PolicyState.REJECTED, PolicyState.CANCELLED, PolicyState.TERMINATED)


def pending_queries(issuer_ids: Collection[str], day: date, *, with_rejected: bool) -> Mapping[Maintenance, Any]:
    """In the order in which they stand in a file: a change before the end of what it changes.

    What stayed out of a file is tried again; what the carrier rejected only where it is asked for.
    """
    again = (PolicyState.SET_ASIDE, *((PolicyState.REJECTED,) if with_rejected else ()))
    queries = {
        Maintenance.INITIAL: _pending_initial(day, again),
        Maintenance.CHANGE: _pending_change(day, again),
        Maintenance.CANCELLATION: _pending_cancellation(day, again),
        Maintenance.TERMINATION: _pending_termination(day, again),
    }
    return {kind: query.where(_POLICY.issuer_id.in_(issuer_ids)) for kind, query in queries.items()}


def _pending_initial(day: date, again: Sequence[PolicyState]) -> Any:
    """It has every change that was made by then, and does not wait for one."""
    changes = select(func.max(_CHANGED.change)).where(_CHANGED.record_number == _POLICY.record_number)
    return (
        select(_POLICY, literal(""), type_coerce(null(), Date), func.coalesce(changes.scalar_subquery(), 0))
        .where(_POLICY.submitted_on <= day)
        .where(~_is_cancelled())
        .where(~_told(Maintenance.INITIAL, again))
    )


def _pending_change(day: date, again: Sequence[PolicyState]) -> Any:
    """Several at once are one: a carrier is told how the applicant is reached, and not how that came."""
    return (
        select(_POLICY, literal(""), func.max(_CHANGED.changed_on), func.max(_CHANGED.change))
        .join(_CHANGED, _CHANGED.record_number == _POLICY.record_number)
        .outerjoin(_TERMINATED, _TERMINATED.policy_id == _POLICY.policy_id)
        .where(_CHANGED.changed_on <= day)
        .where(or_(_TERMINATED.last_day.is_(None), _CHANGED.changed_on <= _TERMINATED.last_day))
        .where(~_is_cancelled())
        .where(_told(Maintenance.INITIAL, _KNOWS_NOTHING))
        .where(~_knows_change(again))
        .group_by(_POLICY.policy_id)
    )


def _pending_cancellation(day: date, again: Sequence[PolicyState]) -> Any:
    return (
        select(_POLICY, _CANCELLED.reason, _POLICY.begins_on, literal(0))
        .join(_CANCELLED, _CANCELLED.record_number == _POLICY.record_number)
        .where(_CANCELLED.cancelled_on <= day)
        .where(_told(Maintenance.INITIAL, _KNOWS_NOTHING))
        .where(~_told(Maintenance.CANCELLATION, again))
    )


def _pending_termination(day: date, again: Sequence[PolicyState]) -> Any:
    return (
        select(_POLICY, _TERMINATED.reason, _TERMINATED.last_day, literal(0))
        .join(_TERMINATED, _TERMINATED.policy_id == _POLICY.policy_id)
        .where(_TERMINATED.requested_on <= day)
        .where(_told(Maintenance.INITIAL, _KNOWS_NOTHING))
        .where(~_told(Maintenance.TERMINATION, again))
    )


def _is_cancelled() -> ColumnElement[bool]:
    return exists().where(_CANCELLED.record_number == _POLICY.record_number)


def _told(maintenance: Maintenance, unless: Sequence[PolicyState]) -> ColumnElement[bool]:
    """The carrier was told so of the policy, and not in vain."""
    sent = and_(
        TransactionRow.policy_id == _POLICY.policy_id,
        TransactionRow.maintenance == maintenance,
        TransactionRow.state.not_in(unless),
    )
    return exists().where(sent)


def _knows_change(unless: Sequence[PolicyState]) -> ColumnElement[bool]:
    """By its enrollment, or by a change of this or a later time."""
    sent = and_(
        TransactionRow.policy_id == _POLICY.policy_id,
        TransactionRow.contact_change >= _CHANGED.change,
        TransactionRow.state.not_in(unless),
    )
    return exists().where(sent)
