"""Sessions and sign-in attempts: rows only; what they mean is decided in ``auth``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store import emergency_rows, user_rows
from gateway.store.tables import sessions, sign_in_attempts, users, writing_numbers
from gateway.user import User


@dataclass(frozen=True, slots=True)
class SessionRow:
    created_at: datetime
    last_seen_at: datetime
    user: User


@dataclass(frozen=True, slots=True)
class ListedSession:
    """One of a person's sessions. ``session_id`` names it and opens nothing."""

    secret_hash: bytes
    session_id: str
    transport: str
    opened_from: str
    created_at: datetime
    last_seen_at: datetime


async def add_session(
    connection: AsyncConnection, secret_hash: bytes, user_id: str, transport: str, opened_from: str, now: datetime
) -> None:
    row = {"secret_hash": secret_hash, "user_id": user_id, "transport": transport, "opened_from": opened_from}
    await connection.execute(insert(sessions).values(row | {"created_at": now, "last_seen_at": now}))


async def list_sessions(
    connection: AsyncConnection, user_id: str, used_since: datetime, opened_since: datetime
) -> list[ListedSession]:
    """Those of one person that are not over, the last used one first."""
    s = sessions.c
    query = select(s.secret_hash, s.session_id, s.transport, s.opened_from, s.created_at, s.last_seen_at).where(
        s.user_id == user_id, s.last_seen_at >= used_since, s.created_at >= opened_since
    )
    rows = await connection.execute(query.order_by(s.last_seen_at.desc(), s.session_id))
    return [ListedSession(bytes(row.secret_hash), *row[1:]) for row in rows]


async def remove_sessions(
    connection: AsyncConnection, user_id: str, *, session_id: str | None = None, keep: bytes | None = None
) -> list[bytes]:
    """All sessions of a person, or one of them, or all but one; what the database knew them by."""
    s = sessions.c
    gone = delete(sessions).where(s.user_id == user_id)
    if session_id is not None:
        gone = gone.where(s.session_id == session_id)
    if keep is not None:
        gone = gone.where(s.secret_hash != keep)
    return [bytes(one) for one in (await connection.execute(gone.returning(s.secret_hash))).scalars()]


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
    if not rows:
        return None
    user = user_rows.user_from_rows(rows)
    emergencies = await emergency_rows.find_running(connection, user.user_id, acting_at)
    return SessionRow(rows[0].created_at, rows[0].last_seen_at, replace(user, emergencies=emergencies))


async def touch_session(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> None:
    await connection.execute(update(sessions).where(sessions.c.secret_hash == secret_hash).values(last_seen_at=now))


async def remove_session(connection: AsyncConnection, secret_hash: bytes) -> None:
    await connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))


async def prune_sessions(connection: AsyncConnection, created_before: datetime) -> None:
    await connection.execute(delete(sessions).where(sessions.c.created_at < created_before))


async def prune_attempts(connection: AsyncConnection, before: datetime) -> None:
    await connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at < before))


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
