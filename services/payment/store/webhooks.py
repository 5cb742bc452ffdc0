"""Store: callbacks of the processor, kept before they are acknowledged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import Money
from services.payment.store.tables import WebhookRow
from services.payment.usecases.ports import ChargeReport, ChargeStatus


class WebhookRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_webhook(self, webhook_id: str, report: ChargeReport, now: datetime) -> bool:
        row = upsert(WebhookRow).values(
            id=webhook_id,
            attempt_id=report.attempt_id,
            answer=report.status.value,
            reason=report.reason,
            amount_cents=report.amount.cents,
            currency=report.currency,
            reference=report.reference,
            stored_at=now,
        )
        stored = self._session.execute(row.on_conflict_do_nothing().returning(WebhookRow.id))
        return stored.first() is not None

    def lock_unprocessed(self, webhook_id: str) -> ChargeReport | None:
        query = select(WebhookRow).where(WebhookRow.id == webhook_id, WebhookRow.processed_at.is_(None))
        row = self._session.execute(query.with_for_update()).scalar_one_or_none()
        if row is None:
            return None
        amount = Money(row.amount_cents)
        return ChargeReport(row.attempt_id, ChargeStatus(row.answer), row.reason, amount, row.currency, row.reference)

    def mark_processed(self, webhook_id: str, now: datetime) -> None:
        self._session.execute(update(WebhookRow).where(WebhookRow.id == webhook_id).values(processed_at=now))

    def list_unprocessed(self, stored_before: datetime, limit: int) -> list[str]:
        query = select(WebhookRow.id).where(WebhookRow.processed_at.is_(None), WebhookRow.stored_at < stored_before)
        return list(self._session.scalars(query.order_by(WebhookRow.stored_at).limit(limit)))
