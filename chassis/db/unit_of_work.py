"""One request or message is one transaction: domain rows, inbox row, outbox rows and audit rows, or nothing.

Application code never commits. A service's store subclasses :class:`UnitOfWork` and adds its repositories.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis import failpoints, telemetry
from chassis.db.database import Database
from chassis.db.plumbing import Plumbing
from chassis.kernel import AlreadyExists, InvalidInput, new_id

# Draft "Idempotency-Key" practice: long enough not to collide by chance, short enough for an index.
KEY_LENGTHS = range(8, 256)


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """A domain event as it goes out: its wire type, what it is about, and the proto message."""

    type: str
    subject: str
    message: Message


# Made by a service's ``events`` room: only that room knows wire names.
EventTranslator = Callable[[object], OutgoingEvent]


class UnitOfWork:
    """The transaction that is open now."""

    def __init__(self, session: Session, plumbing: Plumbing, translate: EventTranslator) -> None:
        self.session = session
        self._plumbing = plumbing
        self._translate = translate

    def publish(self, event: object) -> None:
        """Put a domain event into the outbox; it leaves after the commit, and only then."""
        outgoing = self._translate(event)
        self.session.execute(
            insert(self._plumbing.outbox).values(
                event_id=new_id(),
                type=outgoing.type,
                subject=outgoing.subject,
                body=json_format.MessageToJson(
                    outgoing.message, indent=None, preserving_proto_field_name=False
                ).encode(),
                headers=telemetry.trace_headers(),
            )
        )

    def accept(self, consumer: str, message_id: str) -> bool:
        """True the first time that this consumer sees the message; False when its work is done already."""
        row = upsert(self._plumbing.inbox).values(consumer=consumer, message_id=message_id)
        accepted = self.session.execute(row.on_conflict_do_nothing().returning(self._plumbing.inbox.c.message_id))
        first = accepted.first() is not None
        failpoints.trigger("after inbox before commit")
        return first

    def repeated(self, principal: str, operation: str, key: str, content: bytes) -> str | None:
        """What an earlier call with this idempotency key gave, or None when the key is new and now ours.

        The key is held until the transaction ends, so a second call waits and then gets the first one's result.
        Raises AlreadyExists when the key came with other content.
        """
        if len(key) not in KEY_LENGTHS:
            raise InvalidInput.at("idempotency_key", "Please send an idempotency key of 8 to 255 characters.")
        table = self._plumbing.idempotency
        fingerprint = hashlib.sha256(content).hexdigest()
        mine = {"principal": principal, "operation": operation, "key": key}
        claim = upsert(table).values(**mine, fingerprint=fingerprint, result="").on_conflict_do_nothing()
        if self.session.execute(claim.returning(table.c.key)).first() is not None:
            return None
        earlier = self.session.execute(
            select(table.c.fingerprint, table.c.result).where(*(table.c[name] == value for name, value in mine.items()))
        ).one()
        if earlier.fingerprint != fingerprint:
            raise AlreadyExists(
                "This idempotency key was used before with other content. Use a new key for a new request.",
                code="idempotency_key_reused",
            )
        return str(earlier.result)

    def remember(self, principal: str, operation: str, key: str, result: str) -> None:
        """Keep the id of what the idempotent call made."""
        table = self._plumbing.idempotency
        self.session.execute(
            table.update()
            .where(table.c.principal == principal, table.c.operation == operation, table.c.key == key)
            .values(result=result)
        )

    def record(self, at: datetime, actor: str, subject: str, action: str, summary: str, on_behalf_of: str = "") -> None:
        """Write an audit row; ``summary`` names fields and rules, never what a person typed."""
        self.session.execute(
            insert(self._plumbing.audit).values(
                at=at, actor=actor, on_behalf_of=on_behalf_of, subject=subject, action=action, summary=summary
            )
        )


U_co = TypeVar("U_co", bound=UnitOfWork, covariant=True)


class Transactions(Generic[U_co]):
    """Opens units of work: ``with transactions() as work: ...`` commits at the end, or rolls back on any error."""

    def __init__(
        self,
        database: Database,
        make: Callable[[Session, Plumbing, EventTranslator], U_co],
        plumbing: Plumbing,
        translate: EventTranslator,
    ) -> None:
        self._database = database
        self._make = make
        self._plumbing = plumbing
        self._translate = translate

    @contextmanager
    def __call__(self) -> Iterator[U_co]:
        with self._database.transaction() as session:
            yield self._make(session, self._plumbing, self._translate)
            session.flush()
            failpoints.trigger("before commit")
        failpoints.trigger("after commit before publish")
