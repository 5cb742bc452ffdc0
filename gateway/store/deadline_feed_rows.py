"""Calendar feeds: rows only; what a feed opens is decided in ``gateway.notifications.deadline_feeds``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store import user_rows
from gateway.store.tables import deadline_feeds, users
from gateway.user import User

_f = deadline_feeds.c


@dataclass(frozen=True, slots=True)
class DeadlineFeed:
    feed_id: str
    created_at: datetime
    last_read_at: datetime | None


async def lock_and_count(connection: AsyncConnection, user_id: str) -> int:
    """How many feeds a person has; nobody adds one for the person until the transaction ends."""
    await connection.execute(select(users.c.user_id).where(users.c.user_id == user_id).with_for_update())
    return int((await connection.execute(select(func.count()).where(_f.user_id == user_id))).scalar_one())


async def add_feed(connection: AsyncConnection, feed_id: str, secret_hash: bytes, user_id: str, now: datetime) -> None:
    row = {"feed_id": feed_id, "secret_hash": secret_hash, "user_id": user_id, "created_at": now}
    await connection.execute(insert(deadline_feeds).values(row))


async def of_person(connection: AsyncConnection, user_id: str) -> list[DeadlineFeed]:
    query = select(_f.feed_id, _f.created_at, _f.last_read_at).where(_f.user_id == user_id)
    return [DeadlineFeed(*row) for row in await connection.execute(query.order_by(_f.created_at))]


async def remove_feed(connection: AsyncConnection, feed_id: str, user_id: str) -> bool:
    """False when the person has no such feed."""
    gone = delete(deadline_feeds).where(_f.feed_id == feed_id, _f.user_id == user_id)
    return (await connection.execute(gone.returning(_f.feed_id))).first() is not None


async def find_owner(connection: AsyncConnection, secret_hash: bytes, now: datetime) -> User | None:
    """Whose feed a secret opens, with the numbers of today; notes that it was read. None for unknown ones."""
    seen = update(deadline_feeds).where(_f.secret_hash == secret_hash).values(last_read_at=now)
    user_id = (await connection.execute(seen.returning(_f.user_id))).scalar_one_or_none()
    query = (
        select(*user_rows.USER_COLUMNS)
        .select_from(user_rows.USERS_WITH_NUMBERS)
        .where(users.c.user_id == user_id, users.c.active)
    )
    rows = (await connection.execute(query, {user_rows.ACTING_AT: now})).all()
    return user_rows.user_from_rows(rows) if rows else None
