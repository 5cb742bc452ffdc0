"""The unit of work in memory, for unit tests of use cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chassis.kernel import Command
from chassis.kernel.idempotency import key_reused


@dataclass(frozen=True, slots=True)
class AuditRow:
    at: datetime
    actor: str
    subject: str
    action: str
    summary: str
    on_behalf_of: str
    changed_fields: tuple[str, ...]


class FakeUnitOfWork:
    """``chassis.kernel.UnitOfWork`` and ``Transactions`` in one; a service's fake adds its repositories.

    What it holds is what was committed. A transaction works on a copy, which takes the place of the original at the end
    and is thrown away on an error, so repositories have to keep their rows in themselves.
    """

    def __init__(self) -> None:
        self.events: list[object] = []
        self.audit: list[AuditRow] = []
        self.inbox: set[tuple[str, str]] = set()
        # The fingerprint of what was sent, and the answer.
        self.responses: dict[tuple[str, str, str], tuple[str, str]] = {}

    @contextmanager
    def __call__(self) -> Iterator[Self]:
        work = deepcopy(self)
        yield work
        vars(self).update(vars(work))

    @property
    def audited(self) -> list[tuple[str, str]]:
        """Actors and actions."""
        return [(row.actor, row.action) for row in self.audit]

    def publish_event(self, event: object) -> None:
        self.events.append(event)

    def accept_message(self, consumer: str, message_id: str) -> bool:
        first = (consumer, message_id) not in self.inbox
        self.inbox.add((consumer, message_id))
        return first

    def find_response(self, command: Command) -> str | None:
        key = _key_of(command)
        if key not in self.responses:
            self.responses[key] = command.fingerprint, ""
            return None
        fingerprint, response = self.responses[key]
        if fingerprint != command.fingerprint:
            raise key_reused()
        return response

    def save_response(self, command: Command, response: str) -> None:
        self.responses[_key_of(command)] = command.fingerprint, response

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
        self.audit.append(AuditRow(at, actor, subject, action, summary, on_behalf_of, tuple(changed_fields)))


def _key_of(command: Command) -> tuple[str, str, str]:
    return command.caller.subject, command.operation, command.key
