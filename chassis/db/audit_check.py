"""Looks through the audit of one database for what was changed, removed or inserted (docs/adr/0046)."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, text
from sqlalchemy.orm import Session

from chassis.db.audit_seals import LATE_COMMIT_SECONDS, Seal, digest_of
from chassis.db.database import Database
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.signature import content_of

# Rows are sealed within seconds; when the oldest one waits so long, no worker of the service seals.
SEALED_WITHIN = timedelta(minutes=10)
# Processes of the release before do not sign. While they run beside new ones, their rows are sealed like others.
UNSIGNED_FOR = timedelta(days=1)

# A range of a multirange of whole numbers, as PostgreSQL writes it.
_RANGE = re.compile(r"\[(\d+),(\d+)\)")


@dataclass(slots=True)
class AuditFindings:
    """``faults``: sentences, the first broken place first. ``head``: number and hash of the last seal."""

    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    unsigned: int = 0
    head: tuple[int, str] = (0, "")
    faults: list[str] = field(default_factory=list)


def check_audit(
    database: Database,
    tables: InfrastructureTables,
    keys: Sequence[bytes],
    anchors: Sequence[tuple[int, str]] = (),
) -> AuditFindings:
    """``keys``: the present one, and those that were replaced. ``anchors``: heads that an earlier check saw."""
    with database.transaction() as session:
        # one picture of everything, however long it takes to look at
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session.execute(text("set local statement_timeout = 0"))
        check = _Check(session, {table.name: table for table in (tables.audit, tables.access_log)}, keys)
        check.read_seals()
        check.read_unsealed()
        check.compare(anchors)
        return check.found


class _Check:
    def __init__(self, session: Session, tables: dict[str, Table], keys: Sequence[bytes]) -> None:
        self._session = session
        self._tables = tables
        self._keys = keys
        self._first_sealed_at: datetime | None = None
        self._hashes: dict[int, str] = {}
        self.found = AuditFindings()

    def read_seals(self) -> None:
        number, previous = 0, bytes(32)
        for row in self._session.execute(_SEALS):
            seal = _seal_of(row)
            self._first_sealed_at = self._first_sealed_at or seal.sealed_at
            if seal.number != number + 1:
                self._fault(f"seals {number + 1} to {seal.number - 1} were removed")
            elif seal.previous_hash != previous:
                self._fault(f"seal {seal.number} does not follow seal {number}: one of them was replaced")
            if not any(hmac.compare_digest(seal.hash_with(key), row.hash) for key in self._keys):
                self._fault(f"seal {seal.number} was changed, or made with a key that was not given")
            self._read_rows(seal)
            number, previous = seal.number, bytes(row.hash)
            self._hashes[number] = previous.hex()
        self.found.seals = len(self._hashes)
        self.found.head = number, previous.hex() if number else ""

    def read_unsealed(self) -> None:
        """Rows in no seal: young ones wait; one between sealed ones came later than any transaction lasts."""
        for name, table in self._tables.items():
            closed = self._session.scalar(_CLOSED, {"table": name, "late": LATE_COMMIT_SECONDS}) or 0
            for row in self._rows_outside(table):
                self._check_row(table, row, self._first_sealed_at)
                if row.id <= closed:
                    self._fault(f"row {row.id} of {name} was inserted: rows behind it were sealed long before it came")
                else:
                    self.found.unsealed += 1
        if self.found.unsealed and not self.found.seals:
            self._fault("nothing is sealed: no worker has run yet, or every seal was removed")
        elif self.found.unsealed and self._session.scalar(_IDLE, {"seconds": SEALED_WITHIN.total_seconds()}):
            self._fault(f"{self.found.unsealed} rows wait for a seal, and no worker made one lately")

    def compare(self, anchors: Sequence[tuple[int, str]]) -> None:
        for number, value in anchors:
            if number not in self._hashes:
                self._fault(f"seal {number}, which an earlier check saw, was removed")
            elif self._hashes[number] != value:
                self._fault(f"seal {number} is not the one that an earlier check saw")

    def _read_rows(self, seal: Seal) -> None:
        table = self._tables.get(seal.table_name)
        if table is None:
            self._fault(f"seal {seal.number} is over a table {seal.table_name}, which is not known")
            return
        rows: list[Row[Any]] = []
        for first, last in seal.ids:
            query = table.select().where(table.c.id.between(first, last)).order_by(table.c.id)
            found = self._session.execute(query).all()
            there = {row.id for row in found}
            for missing in (one for one in range(first, last + 1) if one not in there):
                self._fault(f"row {missing} of {seal.table_name} was removed (seal {seal.number})")
            rows += found
        before = len(self.found.faults)
        for row in rows:
            self._check_row(table, row, seal.sealed_at)
        whole = sum(last - first + 1 for first, last in seal.ids)
        if len(rows) == whole and digest_of(table, rows) != seal.digest and len(self.found.faults) == before:
            among = f"{seal.table_name} among {seal.written_ids}"
            self._fault(f"a row of {among} is another than was sealed (seal {seal.number})")

    def _check_row(self, table: Table, row: Row[Any], seen_at: datetime | None) -> None:
        self.found.rows += 1
        if row.signature is None:
            self.found.unsigned += 1
            if seen_at and self._first_sealed_at and seen_at - self._first_sealed_at > UNSIGNED_FOR:
                self._fault(f"row {row.id} of {table.name} was inserted: it has no signature")
            return
        content = content_of(table.name, row._asdict())
        if not any(hmac.compare_digest(hmac.digest(key, content, "sha256"), row.signature) for key in self._keys):
            self._fault(f"row {row.id} of {table.name} was changed or inserted: its signature is of other values")

    def _rows_outside(self, table: Table) -> Iterator[Row[Any]]:
        for gap in self._session.execute(_OUTSIDE, {"table": table.name}).all():
            query = table.select().where(table.c.id >= gap.first).order_by(table.c.id)
            yield from self._session.execute(query if gap.end is None else query.where(table.c.id < gap.end))

    def _fault(self, sentence: str) -> None:
        self.found.faults.append(sentence)


def _seal_of(row: Row[Any]) -> Seal:
    ids = tuple((int(first), int(end) - 1) for first, end in _RANGE.findall(row.ids))
    return Seal(
        row.number,
        row.table_name,
        ids,
        row.sealed_up_to,
        bytes(row.digest),
        bytes(row.previous_hash),
        row.sealed_at,
    )


_SEALS = text(
    "select number, table_name, cast(ids as text) as ids, sealed_up_to, digest, previous_hash, hash, sealed_at "
    "from audit_seals order by number"
)
_CLOSED = text(
    "select sealed_up_to from audit_seals where table_name = :table "
    "and sealed_at < clock_timestamp() - make_interval(secs => :late) order by number desc limit 1"
)
_IDLE = text("select max(sealed_at) < clock_timestamp() - make_interval(secs => :seconds) from audit_seals")
_OUTSIDE = text(
    """
    select lower(gap) as first, upper(gap) as end
    from (
        select coalesce(range_agg(one), '{}') as ids from audit_seals, unnest(ids) as one where table_name = :table
    ) as sealed, unnest(int8multirange(int8range(1, null)) - sealed.ids) as gap
    order by 1
    """
)
