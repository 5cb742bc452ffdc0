"""One transaction as a use case sees it: what every service's unit of work can do beside its own repositories.

``chassis.db`` implements it on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar


class UnitOfWork(Protocol):
    """The transaction that is open now. A service's port extends it by its repositories."""

    def publish_event(self, event: object) -> None:
        """Have a domain event sent to the other services: after the commit, and only then (docs/adr/0004)."""
        ...

    def accept_message(self, consumer: str, message_id: str) -> bool:
        """True the first time that this consumer sees the message; False when its work is done already."""
        ...

    def find_response(self, principal: str, operation: str, key: str, content: bytes) -> str | None:
        """What an earlier call with this idempotency key answered; None when the key is new, and now the caller's.

        Raises InvalidInput for a key that is too short or too long, AlreadyExists when it came with other content.
        """
        ...

    def save_response(self, principal: str, operation: str, key: str, response: str) -> None:
        """Keep the answer for whoever repeats the call: the id of what it made."""
        ...

    def record_audit(
        self,
        at: datetime,
        actor: str,
        subject: str,
        action: str,
        summary: str,
        on_behalf_of: str = "",
        changed_fields: Sequence[str] = (),
    ) -> None:
        """Write an audit row; ``summary`` and ``changed_fields`` name fields and rules, never what a person typed."""
        ...


U_co = TypeVar("U_co", bound=UnitOfWork, covariant=True)


class Transactions(Protocol[U_co]):
    """Opens units of work: ``with transactions() as work: ...`` commits at the end, or rolls back on any error."""

    def __call__(self) -> AbstractContextManager[U_co]: ...
