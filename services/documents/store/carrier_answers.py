"""Store: what carriers answered, and how each transaction stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.documents.domain.edi.enrollment import Maintenance, write_variant_id
from services.documents.domain.edi.policy_ledger import LedgerEntry, PolicyState, SentPolicy
from services.documents.store.carrier_files import policy_of_row
from services.documents.store.carrier_tables import (
    AnswerFileRow,
    AnswerRow,
    GroupRow,
    InterchangeRow,
    SubmittedPolicyRow,
    TransactionRow,
)
from services.documents.usecases.carrier_ports import SentTransaction


class CarrierAnswerRepository:
    """The port ``usecases.carrier_ports.CarrierAnswers`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_file(self, sha256: str, carrier: str, at: datetime) -> bool:
        new = upsert(AnswerFileRow).values(sha256=sha256, carrier=carrier, read_at=at)
        added = self._session.execute(new.on_conflict_do_nothing().returning(AnswerFileRow.sha256))
        return added.first() is not None

    def add_entry(self, sha256: str, place: int, entry: LedgerEntry) -> None:
        said = json.loads(json.dumps(asdict(entry), default=str))
        values = {"sha256": sha256, "place": place, "kind": type(entry).__name__, "entry": said}
        self._session.execute(insert(AnswerRow).values(**values))

    def sent_to(self, carrier: str) -> SentFileRepository:
        return SentFileRepository(self._session, carrier)

    def get_transaction(self, control_number: int) -> SentTransaction:
        query = (
            select(TransactionRow, SubmittedPolicyRow)
            .join(SubmittedPolicyRow, SubmittedPolicyRow.policy_id == TransactionRow.policy_id)
            .where(TransactionRow.control_number == control_number)
            .with_for_update(of=TransactionRow)
            .execution_options(populate_existing=True)
        )
        sent, policy = self._session.execute(query).one()
        return SentTransaction(policy_of_row(policy), Maintenance(sent.maintenance), PolicyState(sent.state))

    def set_state(self, control_number: int, state: PolicyState, why: str) -> None:
        one = TransactionRow.control_number == control_number
        self._session.execute(update(TransactionRow).where(one).values(state=state, why=why))


class SentFileRepository:
    """The port ``domain.edi.policy_ledger.SentFiles``, for one carrier."""

    def __init__(self, session: Session, carrier: str) -> None:
        self._session = session
        self._carrier = carrier

    def find_interchange(self, control_number: int) -> Sequence[int] | None:
        return self._numbers(self._sent(TransactionRow.control_number).where(GroupRow.interchange == control_number))

    def find_group(self, control_number: int) -> Sequence[int] | None:
        of_group = TransactionRow.group_number == control_number
        return self._numbers(self._sent(TransactionRow.control_number).where(of_group))

    def find_policy(self, control_number: int) -> SentPolicy | None:
        query = self._sent(TransactionRow, SubmittedPolicyRow).join(
            SubmittedPolicyRow, SubmittedPolicyRow.policy_id == TransactionRow.policy_id
        )
        found = self._session.execute(query.where(TransactionRow.control_number == control_number)).first()
        if found is None:
            return None
        sent, policy = found[0], policy_of_row(found[1])
        return SentPolicy(
            control_number=control_number,
            policy_id=policy.policy_id,
            subscriber_id=policy.subscriber_id,
            plan_id=write_variant_id(policy.plan_id),
            begins_on=policy.begins_on,
            premium=policy.premium,
            last_day=sent.effective_on if sent.maintenance == Maintenance.TERMINATION else None,
        )

    def _sent(self, *what: Any) -> Select[Any]:
        """What stayed out of the file was not sent."""
        return (
            select(*what)
            .select_from(TransactionRow)
            .join(GroupRow, GroupRow.control_number == TransactionRow.group_number)
            .join(InterchangeRow, InterchangeRow.control_number == GroupRow.interchange)
            .where(InterchangeRow.carrier == self._carrier, TransactionRow.state != PolicyState.SET_ASIDE)
            .order_by(TransactionRow.control_number)
        )

    def _numbers(self, query: Select[Any]) -> Sequence[int] | None:
        return self._session.scalars(query).all() or None
