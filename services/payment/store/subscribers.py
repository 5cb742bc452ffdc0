"""Store: what a carrier's payment page is told about subscribers, sealed, as long as somebody can pay by it."""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey
from services.payment.domain.subscriber import SubscriberDetails
from services.payment.store.tables import SubscriberRow

# What the sealing key is derived for. Nothing is kept longer than half an hour, so a new identity key costs nothing.
SUBSCRIBER_KEY_PURPOSE = "suite payment subscriber"
_DETAILS = TypeAdapter(SubscriberDetails)


class SubscriberCipher:
    """The port ``SubscriberEncryption``."""

    def __init__(self, key: bytes) -> None:
        self._cipher = FieldCipher(LocalKey(key), SubscriberRow.__tablename__, "sealed")

    def seal(self, subscriber: SubscriberDetails, record_number: str) -> bytes:
        return self._cipher.seal(_DETAILS.dump_json(subscriber), record_number)

    def open(self, sealed: bytes, record_number: str) -> SubscriberDetails | None:
        try:
            return _DETAILS.validate_json(self._cipher.open(sealed, record_number))
        except DecryptionFailed:
            return None


class SubscriberRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def keep_subscriber(self, record_number: str, sealed: bytes, expires_at: datetime) -> None:
        values = {"sealed": sealed, "expires_at": expires_at}
        row = upsert(SubscriberRow).values(record_number=record_number, **values)
        self._session.execute(row.on_conflict_do_update(index_elements=["record_number"], set_=values))

    def find_subscriber(self, record_number: str, now: datetime) -> bytes | None:
        query = select(SubscriberRow.sealed)
        kept = query.where(SubscriberRow.record_number == record_number, SubscriberRow.expires_at > now)
        return self._session.execute(kept).scalar_one_or_none()

    def delete_expired_subscribers(self, now: datetime) -> None:
        self._session.execute(delete(SubscriberRow).where(SubscriberRow.expires_at <= now))
