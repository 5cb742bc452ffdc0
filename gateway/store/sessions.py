"""Sessions and sign-in attempts: rows only; what they mean is decided in ``auth``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store import user_rows
from gateway.store.tables import sessions, sign_in_attempts, users, writing_numbers
from gateway.user import User


@dataclass(frozen=True, slots=True)
class SessionRow:
    created_at: datetime
    last_seen_at: datetime
    user: User


async def add_session(
    connection: AsyncConnection, secret_hash: bytes, user_id: str, transport: str, now: datetime
) -> None:
    await connection.execute(
        insert(sessions).values(
            secret_hash=secret_hash, user_id=user_id, transport=transport, created_at=now, last_seen_at=now
        )
    )


# One statement, since every request asks it: the session, its person and the person's numbers. A session counts only
# on the way it was given out: a cookie's secret is no bearer token.
_FIND = (
    select(sessions.c.created_at, sessions.c.last_seen_at, *user_rows.USER_COLUMNS)
    .select_from(sessions.join(user_rows.USERS_WITH_NUMBERS, sessions.c.user_id == users.c.user_id))
    .where(
        sessions.c.secret_hash == bindparam("secret_hash"),
        sessions.c.transport == bindparam("transport"),
        users.c.active,
    )
    .order_by(writing_numbers.c.state, writing_numbers.c.number)
)


async def find_session(
    connection: AsyncConnection, secret_hash: bytes, transport: str, acting_at: datetime
) -> SessionRow | None:
    """The session of an active person, who has the numbers of the instant ``acting_at``."""
    values = {"secret_hash": secret_hash, "transport": transport, user_rows.ACTING_AT: acting_at}
    rows = (await connection.execute(_FIND, values)).all()
    return SessionRow(rows[0].created_at, rows[0].last_seen_at, user_rows.user_from_rows(rows)) if rows else None


async def touch_session(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> None:
    await connection.execute(update(sessions).where(sessions.c.secret_hash == secret_hash).values(last_seen_at=now))


async def remove_session(connection: AsyncConnection, secret_hash: bytes) -> None:
    await connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))


async def prune_sessions(connection: AsyncConnection, created_before: datetime, attempts_before: datetime) -> None:
    await connection.execute(delete(sessions).where(sessions.c.created_at < created_before))
    await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < attempts_before))


async def add_attempt(connection: AsyncConnection, account_hash: bytes, address: str, now: datetime) -> None:
    await connection.execute(insert(sign_in_attempts).values(account_hash=account_hash, address=address, at=now))


async def lock_attempts(connection: AsyncConnection, account_hash: bytes) -> None:
    """Attempts on one account queue up, so that many at once cannot all be the fifth."""
    await connection.execute(
        text("select pg_advisory_xact_lock(:key)"), {"key": int.from_bytes(account_hash[:8], signed=True)}
    )


async def count_attempts(
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
