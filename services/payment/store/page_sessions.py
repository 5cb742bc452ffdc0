"""Store: sessions of the payment page, by digest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.payment.store.tables import PageSessionRow
from services.payment.usecases.ports import PageSession

# Used links and ended sessions are kept for questions ("I never clicked it") and then removed when new ones are made.
KEEP_SPENT = timedelta(days=7)


class PageSessionRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_session(self, session: PageSession, expires_at: datetime) -> None:
        self._session.execute(delete(PageSessionRow).where(PageSessionRow.expires_at < expires_at - KEEP_SPENT))
        self._session.execute(
            insert(PageSessionRow).values(
                digest=session.digest,
                record_number=session.record_number,
                attempt_id=session.attempt_id,
                expires_at=expires_at,
            )
        )

    def find_session(self, digest: str, now: datetime) -> PageSession | None:
        query = select(PageSessionRow.digest, PageSessionRow.record_number, PageSessionRow.attempt_id)
        row = self._session.execute(
            query.where(PageSessionRow.digest == digest, PageSessionRow.expires_at > now)
        ).one_or_none()
        return None if row is None else PageSession(*row)

    def set_attempt(self, digest: str, attempt_id: str) -> None:
        self._session.execute(
            update(PageSessionRow).where(PageSessionRow.digest == digest).values(attempt_id=attempt_id)
        )

    def end_session(self, digest: str) -> None:
        self._session.execute(delete(PageSessionRow).where(PageSessionRow.digest == digest))

    def end_sessions(self, record_number: str) -> None:
        self._session.execute(delete(PageSessionRow).where(PageSessionRow.record_number == record_number))
