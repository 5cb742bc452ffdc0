"""Wraps the data keys of stored values again, under the current key (docs/adr/0042). The values stay closed.

Safe beside the service and after a kill: each batch is a transaction, and a value under the current key is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, bindparam, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.crypto import ENVELOPE_BYTES, DecryptionFailed, FieldCipher, KeyUnavailable, describe_key, read_header
from chassis.db.access_log import AuditLine, insert_audit
from chassis.db.database import Database
from chassis.db.infrastructure_tables import InfrastructureTables

# The second finds rows that were held or written meanwhile, the third that nothing is left. A process that still seals
# under the old key would keep more of them busy without end.
PASSES = 3


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """``row_id`` is the column of what each value is bound to, and the primary key of its table."""

    cipher: FieldCipher
    row_id: InstrumentedAttribute[str]
    sealed: InstrumentedAttribute[bytes | None]
    # Rows of a transaction, locked meanwhile: some milliseconds for short values; long ones are written again whole.
    at_once: int = 100

    @property
    def name(self) -> str:
        return f"{self.sealed.class_.__tablename__}.{self.sealed.key}"


@dataclass(slots=True)
class RotationResult:
    """How many values were rewrapped, and which could not be: by the reason."""

    done: int = 0
    failed: Counter[str] = field(default_factory=Counter)


def count_by_key(database: Database, column: SealedColumn) -> Counter[str]:
    """How many values are sealed under which key, as ``name_key`` names it."""
    found: Counter[str] = Counter()
    for first, last in _batches(database, column):
        there = column.row_id.between(first, last), column.sealed.is_not(None)
        with database.transaction() as session:
            found.update(map(name_key, session.scalars(select(_beginning(column)).where(*there))))
    return found


def name_key(sealed: bytes) -> str:
    try:
        return describe_key(read_header(sealed)[0])
    except ValueError:
        return "no key: the value is damaged"


def rewrap(database: Database, column: SealedColumn) -> RotationResult:
    """All but what another transaction holds each time, or no key of the ring opens."""
    done = 0
    found = RotationResult()
    for _ in range(PASSES):
        found = RotationResult()
        for first, last in _batches(database, column):
            with database.transaction() as session:
                _rewrap_batch(session, column, column.row_id.between(first, last), found)
        done += found.done
        if not found.done:
            break
    return RotationResult(done, found.failed)


def record_rotation(database: Database, tables: InfrastructureTables, service: str, at: datetime, summary: str) -> None:
    """One line of the audit; ``summary`` names keys and counts."""
    line = AuditLine(at, service, "field keys", "field_keys.rotated", summary)
    with database.transaction() as session:
        insert_audit(session, tables.audit, line)


def _batches(database: Database, column: SealedColumn) -> Iterator[tuple[str, str]]:
    """The first and the last id of each."""
    last: str | None = None
    while True:
        query = select(column.row_id).order_by(column.row_id).limit(column.at_once)
        with database.transaction() as session:
            found = list(session.scalars(query if last is None else query.where(column.row_id > last)))
        if not found:
            return
        last = found[-1]
        yield found[0], last


def _rewrap_batch(session: Session, column: SealedColumn, within: Any, found: RotationResult) -> None:
    current = column.cipher.current_header
    under_another = func.substring(column.sealed, 1, len(current)) != current
    query = select(column.row_id, _beginning(column)).where(within, under_another).with_for_update(skip_locked=True)
    rows = []
    for row_id, beginning in session.execute(query):
        try:
            rows.append({"of": row_id, "beginning": column.cipher.rewrap(beginning, row_id)})
        except KeyUnavailable as missing:
            found.failed[f"under {describe_key(missing.key_id)}, which {missing.reason}"] += 1
        except DecryptionFailed:
            found.failed["damaged, or of another row"] += 1
    if not rows:
        return
    rest = func.substring(column.sealed, ENVELOPE_BYTES + 1)
    table: Any = column.sealed.class_.__table__
    whole = bindparam("beginning", type_=LargeBinary).op("||")(rest)
    change = update(table).where(column.row_id == bindparam("of")).values({column.sealed.key: whole})
    session.connection().execute(change, rows)
    found.done += len(rows)


def _beginning(column: SealedColumn) -> Any:
    """PostgreSQL reads no more of a long value than this."""
    return func.substring(column.sealed, 1, ENVELOPE_BYTES, type_=LargeBinary)
