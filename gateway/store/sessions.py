"""Sessions and sign-in attempts: rows only; what they mean is decided in ``auth``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.tables import sessions, sign_in_attempts


@dataclass(frozen=True, slots=True)
class SessionRow:
    user_id: str
    created_at: datetime
    last_seen_at: datetime


async def add(connection: AsyncConnection, secret_hash: bytes, user_id: str, transport: str, now: datetime) -> None:
    await connection.execute(
        insert(sessions).values(
            secret_hash=secret_hash, user_id=user_id, transport=transport, created_at=now, last_seen_at=now
        )
    )


async def find(connection: AsyncConnection, secret_hash: bytes, transport: str) -> SessionRow | None:
    """A session counts only on the way it was given out: a cookie's secret is no bearer token."""
    query = select(sessions).where(sessions.c.secret_hash == secret_hash, sessions.c.transport == transport)
    row = (await connection.execute(query)).one_or_none()
    return SessionRow(row.user_id, row.created_at, row.last_seen_at) if row else None


async def touch(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> None:
    await connection.execute(update(sessions).where(sessions.c.secret_hash == secret_hash).values(last_seen_at=now))


async def remove(connection: AsyncConnection, secret_hash: bytes) -> None:
    await connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))


async def prune(connection: AsyncConnection, created_before: datetime, attempts_before: datetime) -> None:
    await connection.execute(delete(sessions).where(sessions.c.created_at < created_before))
    await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < attempts_before))


async def add_attempt(connection: AsyncConnection, account_hash: bytes, address: str, now: datetime) -> None:
    await connection.execute(insert(sign_in_attempts).values(account_hash=account_hash, address=address, at=now))


async def lock_attempts(connection: AsyncConnection, account_hash: bytes) -> None:
    """Attempts on one account queue up, so that many at once cannot all be the fifth."""
    await connection.execute(
        text("select pg_advisory_xact_lock(:key)"), {"key": int.from_bytes(account_hash[:8], signed=True)}
    )


async def attempts(
    connection: AsyncConnection, account_hash: bytes, address: str, since: datetime
) -> tuple[int, int, datetime | None]:
    """Attempts since an instant: on the account, from the address, and when the first of all these was."""
    table = sign_in_attempts.c
    query = select(
        func.count().filter(table.account_hash == account_hash),
        func.count().filter(table.address == address),
        func.min(table.at),
    ).where(table.at >= since, or_(table.account_hash == account_hash, table.address == address))
    of_account, of_address, first = (await connection.execute(query)).one()
    return of_account, of_address, first


async def forget_attempts(connection: AsyncConnection, account_hash: bytes) -> None:
    await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.account_hash == account_hash))
