"""What the audit of one database says about subjects, for an auditor."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Row, Table, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from chassis.db.database import Database
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.signature import content_of


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line: an access, or a change. ``signature``: "valid", "invalid", or "none" of a release that did not sign."""

    NAMES: ClassVar[tuple[str, ...]]

    at: datetime
    service: str
    # "access" or "change".
    kind: str
    actor: str
    actor_kind: str
    on_behalf_of: str
    # The rpc or event of an access; what was done by a change.
    operation: str
    subjects: Sequence[str]
    personal_data: Sequence[str]
    changed_fields: Sequence[str]
    summary: str
    outcome: str
    grant_id: str
    trace_id: str
    id: int
    signature: str

    @property
    def fields(self) -> dict[str, Any]:
        """As it is written: the time in ISO 8601, in UTC."""
        found = {name: getattr(self, name) for name in self.NAMES}
        lists = {name: list(value) for name, value in found.items() if isinstance(value, tuple | list)}
        return found | lists | {"at": self.at.astimezone(UTC).isoformat()}


AuditEntry.NAMES = tuple(one.name for one in fields(AuditEntry))


def find_entries(
    service: str,
    database: Database,
    tables: InfrastructureTables,
    keys: Sequence[bytes],
    subjects: Sequence[str],
    first: datetime | None = None,
    end: datetime | None = None,
) -> Iterator[AuditEntry]:
    """Of accesses and changes of any of the subjects, from ``first`` on and before ``end``."""
    audit, log = tables.audit, tables.access_log
    about = log.c.subjects.op("&&")(cast(list(subjects), ARRAY(Text)))
    with database.transaction() as session:
        for row in session.execute(select(log).where(about, *_between(log, first, end))):
            yield _access(service, row, _judge(log, row, keys))
        for row in session.execute(select(audit).where(audit.c.subject.in_(subjects), *_between(audit, first, end))):
            yield _change(service, row, _judge(audit, row, keys))


def _between(table: Table, first: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    after = [table.c.at >= first] if first else []
    return after + ([table.c.at < end] if end else [])


def _judge(table: Table, row: Row[Any], keys: Sequence[bytes]) -> str:
    if row.signature is None:
        return "none"
    content = content_of(table.name, row._asdict())
    valid = any(hmac.compare_digest(hmac.digest(key, content, "sha256"), row.signature) for key in keys)
    return "valid" if valid else "invalid"


def _access(service: str, row: Row[Any], signature: str) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        service=service,
        kind="access",
        actor=row.actor,
        actor_kind=row.actor_kind,
        on_behalf_of=row.on_behalf_of,
        operation=row.operation,
        subjects=row.subjects,
        personal_data=row.personal_data,
        changed_fields=(),
        summary="",
        outcome=row.outcome,
        grant_id=row.grant_id,
        trace_id=row.trace_id,
        id=row.id,
        signature=signature,
    )


def _change(service: str, row: Row[Any], signature: str) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        service=service,
        kind="change",
        actor=row.actor,
        actor_kind="",
        on_behalf_of=row.on_behalf_of,
        operation=row.action,
        subjects=(row.subject,),
        personal_data=(),
        changed_fields=row.changed_fields,
        summary=row.summary,
        outcome="",
        grant_id="",
        trace_id=row.trace_id,
        id=row.id,
        signature=signature,
    )
