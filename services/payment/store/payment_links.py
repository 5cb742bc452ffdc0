"""Store: one-time links to the payment page, by digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from services.payment.store.page_sessions import KEEP_SPENT
from services.payment.store.tables import PaymentLinkRow


class PaymentLinkRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_link(self, digest: str, record_number: str, expires_at: datetime) -> None:
        self._session.execute(delete(PaymentLinkRow).where(PaymentLinkRow.expires_at < expires_at - KEEP_SPENT))
        self._session.execute(
            insert(PaymentLinkRow).values(digest=digest, record_number=record_number, expires_at=expires_at)
        )

    def end_links(self, record_number: str, now: datetime) -> None:
        good = update(PaymentLinkRow).where(
            PaymentLinkRow.record_number == record_number,
            PaymentLinkRow.used_at.is_(None),
            PaymentLinkRow.expires_at > now,
        )
        self._session.execute(good.values(expires_at=now))

    def use_link(self, digest: str, now: datetime) -> str | None:
        spend = (
            update(PaymentLinkRow)
            .where(PaymentLinkRow.digest == digest, PaymentLinkRow.used_at.is_(None), PaymentLinkRow.expires_at > now)
            .values(used_at=now)
        )
        return self._session.execute(spend.returning(PaymentLinkRow.record_number)).scalar_one_or_none()
