"""Seals rows of the audit: each seal holds a digest of rows and the hash of the seal before (docs/adr/0046).

Rows are sealed a few seconds after they were committed, in batches, by whichever worker comes first. Writers never wait
for it, and the order of commits does not matter: a row that is committed late goes into a later seal.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Table, text
from sqlalchemy.orm import Session

from chassis.db.access_log import signer_of
from chassis.db.database import Database
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.signature import content_of

# Rows of one seal: what an auditor looks through when its digest is wrong and all signatures are right.
BATCH = 1000
# A row that was not seen for so long after others with higher ids were sealed is no late commit: statements end after
# 15 s, and no transaction that writes audit has hundreds of them. Verification calls such a row inserted.
LATE_COMMIT_SECONDS = 3600
# Of the advisory lock that lets one worker seal at a time.
_LOCK = "suite.audit.seal"
_NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Seal:
    """A row of ``audit_seals``. ``ids``: first and last id of each range."""

    number: int
    table_name: str
    ids: tuple[tuple[int, int], ...]
    sealed_up_to: int
    digest: bytes
    previous_hash: bytes
    sealed_at: datetime

    def hash_with(self, key: bytes) -> bytes:
        """Over everything that the seal says."""
        at = self.sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
        plain = f"{self.number}|{self.table_name}|{self.written_ids}|{self.sealed_up_to}|{at}".encode()
        return hmac.digest(key, b"|".join([plain, self.digest, self.previous_hash]), hashlib.sha256)

    @property
    def written_ids(self) -> str:
        """As PostgreSQL writes a multirange: ``{[1,5),[7,9)}``."""
        return "{" + ",".join(f"[{first},{last + 1})" for first, last in self.ids) + "}"


def seal_rows(database: Database, tables: InfrastructureTables) -> int:
    """Seal what is not sealed yet; gives how many rows were. 0 while another process seals."""
    done = 0
    for table in (tables.audit, tables.access_log):
        while count := _seal_batch(database, table):
            done += count
            if count < BATCH:
                break
    return done


def digest_of(table: Table, rows: Iterable[Row[Any]]) -> bytes:
    """Of rows in the order of their ids."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.id}".encode() + content_of(table.name, row._asdict()) + (row.signature or b"") + b"\n")
    return digest.digest()


def ranges_of(ids: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ids in rising order as ranges of first and last."""
    found: list[tuple[int, int]] = []
    for one in ids:
        if found and found[-1][1] == one - 1:
            found[-1] = found[-1][0], one
        else:
            found.append((one, one))
    return tuple(found)


def _seal_batch(database: Database, table: Table) -> int:
    with database.transaction() as session:
        if not session.scalar(text("select pg_try_advisory_xact_lock(hashtext(:lock))"), {"lock": _LOCK}):
            return 0
        rows = _unsealed_rows(session, table)
        if not rows:
            return 0
        last = session.execute(text("select number, hash from audit_seals order by number desc limit 1")).one_or_none()
        ids = [row.id for row in rows]
        seal = Seal(
            number=last.number + 1 if last else 1,
            table_name=table.name,
            ids=ranges_of(ids),
            sealed_up_to=max(ids[-1], _sealed_up_to(session, table)),
            digest=digest_of(table, rows),
            previous_hash=bytes(last.hash) if last else _NO_HASH,
            sealed_at=session.scalar(text("select clock_timestamp()")) or datetime.now(UTC),
        )
        session.execute(_INSERT, _values(seal, signer_of(session).key))
    return len(rows)


def _unsealed_rows(session: Session, table: Table) -> list[Row[Any]]:
    """The first of them, among those that are so young that they may have been committed late."""
    rows: list[Row[Any]] = []
    for gap in session.execute(_GAPS, {"table": table.name, "late": LATE_COMMIT_SECONDS}):
        columns = table.c
        query = table.select().where(columns.id >= gap.first).order_by(columns.id).limit(BATCH - len(rows))
        rows += session.execute(query if gap.end is None else query.where(columns.id < gap.end)).all()
        if len(rows) == BATCH:
            break
    return rows


def _sealed_up_to(session: Session, table: Table) -> int:
    return session.scalar(_SEALED_UP_TO, {"table": table.name}) or 0


def _values(seal: Seal, key: bytes) -> dict[str, Any]:
    return {
        "number": seal.number,
        "table_name": seal.table_name,
        "ids": seal.written_ids,
        "sealed_up_to": seal.sealed_up_to,
        "digest": seal.digest,
        "previous_hash": seal.previous_hash,
        "hash": seal.hash_with(key),
        "sealed_at": seal.sealed_at,
    }


_SEALED_UP_TO = text("select sealed_up_to from audit_seals where table_name = :table order by number desc limit 1")

# What lies between the ids that were sealed lately, and behind them; what was below them an hour ago is closed.
_GAPS = text(
    """
    with closed as (
        select coalesce(max(sealed_up_to), 0) as id from (
            select sealed_up_to from audit_seals
            where table_name = :table and sealed_at < clock_timestamp() - make_interval(secs => :late)
            order by number desc limit 1
        ) as before
    ), recent as (
        select coalesce(range_agg(one), '{}') as ids
        from audit_seals, unnest(ids) as one
        where table_name = :table and sealed_at >= clock_timestamp() - make_interval(secs => :late)
    )
    select lower(gap) as first, upper(gap) as end
    from closed, recent, unnest(int8multirange(int8range(closed.id + 1, null)) - recent.ids) as gap
    order by 1
    """
)

_INSERT = text(
    """
    insert into audit_seals (number, table_name, ids, sealed_up_to, digest, previous_hash, hash, sealed_at)
    values (:number, :table_name, cast(:ids as int8multirange), :sealed_up_to, :digest, :previous_hash, :hash,
            :sealed_at)
    """
)
