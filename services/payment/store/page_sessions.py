"""Store: sessions of the payment page, by digest, and what was chosen in them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey
from services.payment.store.tables import PageSessionRow
from services.payment.usecases.ports import FormDraft, PageSession

# Used links and ended sessions are kept for questions ("I never clicked it") and then removed when new ones are made.
KEEP_SPENT = timedelta(days=7)
_DRAFT = TypeAdapter(FormDraft)


class FormDraftCipher:
    """The port ``FormDraftEncryption``. The database has the secret's digest alone: it cannot read its own drafts."""

    def seal(self, draft: FormDraft, session_secret: str) -> bytes:
        return _cipher(session_secret).seal(_DRAFT.dump_json(draft), "")

    def open(self, sealed: bytes, session_secret: str) -> FormDraft:
        try:
            return _DRAFT.validate_json(_cipher(session_secret).open(sealed, ""))
        except DecryptionFailed:  # nothing was kept yet
            return FormDraft()


def _cipher(session_secret: str) -> FieldCipher:
    key = hmac.new(session_secret.encode(), b"payment form draft", hashlib.sha256).digest()
    return FieldCipher(LocalKey(key), PageSessionRow.__tablename__, "form_draft")


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
                form_draft=session.form_draft,
                expires_at=expires_at,
            )
        )

    def find_session(self, digest: str, now: datetime) -> PageSession | None:
        row = self._session.execute(
            select(
                PageSessionRow.digest,
                PageSessionRow.record_number,
                PageSessionRow.attempt_id,
                PageSessionRow.form_draft,
            ).where(PageSessionRow.digest == digest, PageSessionRow.expires_at > now)
        ).one_or_none()
        return None if row is None else PageSession(*row)

    def set_attempt(self, digest: str, attempt_id: str) -> None:
        self._session.execute(
            update(PageSessionRow).where(PageSessionRow.digest == digest).values(attempt_id=attempt_id)
        )

    def set_form_draft(self, digest: str, sealed: bytes) -> None:
        self._session.execute(update(PageSessionRow).where(PageSessionRow.digest == digest).values(form_draft=sealed))

    def end_session(self, digest: str) -> None:
        self._session.execute(delete(PageSessionRow).where(PageSessionRow.digest == digest))

    def end_sessions(self, record_number: str) -> None:
        self._session.execute(delete(PageSessionRow).where(PageSessionRow.record_number == record_number))
