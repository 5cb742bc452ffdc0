"""One transaction as a use case sees it: what every service's unit of work can do beside its own repositories.

``chassis.db`` implements it on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from chassis.kernel.idempotency import Command


class UnitOfWork(Protocol):
    """The transaction that is open now. A service's port extends it by its repositories."""

    def publish_event(self, event: object) -> None:
        """Have a domain event sent to the other services: after the commit, and only then (docs/adr/0004)."""
        ...

    def accept_message(self, consumer: str, message_id: str) -> bool:
        """True the first time that this consumer sees the message; False when its work is done already."""
        ...

    def find_response(self, command: Command) -> str | None:
        """What an earlier call with this key answered; None when the key is new, and now this command's.

        Raises AlreadyExists when the key came with other content. Use cases call :func:`run_once`.
        """
        ...

    def save_response(self, command: Command, response: str) -> None:
        """Keep the answer for anyone who repeats the call: the id of what it made."""
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


def run_once(work: UnitOfWork, command: Command, make: Callable[[], str]) -> str:
    """The id of what the command makes: ``make`` is called for the first call with its key, and for no other one.

    Of calls at the same time the others wait for the first. When ``make`` raises, the key is free again with the
    transaction's end. Raises AlreadyExists when the key came before with other content.
    """
    earlier = work.find_response(command)
    if earlier is not None:
        return earlier
    made = make()
    work.save_response(command, made)
    return made
