"""Store: callbacks of the processor, kept before they are acknowledged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from services.payment.store.tables import CallbackRow
from services.payment.usecases.ports import Answer, ChargeReport


class StoredCallbacks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def store(self, callback_id: str, report: ChargeReport, now: datetime) -> bool:
        row = upsert(CallbackRow).values(
            id=callback_id,
            attempt_id=report.attempt_id,
            answer=report.answer.value,
            reason=report.reason,
            stored_at=now,
        )
        stored = self._session.execute(row.on_conflict_do_nothing().returning(CallbackRow.id))
        return stored.first() is not None

    def take(self, callback_id: str) -> ChargeReport | None:
        query = select(CallbackRow.attempt_id, CallbackRow.answer, CallbackRow.reason)
        open_row = query.where(CallbackRow.id == callback_id, CallbackRow.processed_at.is_(None)).with_for_update()
        row = self._session.execute(open_row).one_or_none()
        return None if row is None else ChargeReport(row.attempt_id, Answer(row.answer), row.reason)

    def done(self, callback_id: str, now: datetime) -> None:
        self._session.execute(update(CallbackRow).where(CallbackRow.id == callback_id).values(processed_at=now))

    def unprocessed(self, stored_before: datetime, limit: int) -> list[str]:
        query = select(CallbackRow.id).where(CallbackRow.processed_at.is_(None), CallbackRow.stored_at < stored_before)
        return list(self._session.scalars(query.order_by(CallbackRow.stored_at).limit(limit)))
