"""What the bell shows: which application, what happened, when; no name and no amount (R3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.tables import notifications, seen_events, sessions, users


@dataclass(frozen=True, slots=True)
class Notification:
    notification_id: int
    kind: str
    # Of the last one, where several applications share the entry.
    record_number: str
    applications: int
    at: datetime
    read: bool


async def accept_event(connection: AsyncConnection, queue: str, message_id: str, now: datetime) -> bool:
    """True the first time; False for an event that was handled before."""
    row = upsert(seen_events).values(queue=queue, message_id=message_id, at=now).on_conflict_do_nothing()
    # the row itself is asked for: an insert's row count is not kept once its cursor is closed
    return (await connection.execute(row.returning(seen_events.c.message_id))).first() is not None


async def add_notifications(
    connection: AsyncConnection, user_ids: Sequence[str], kind: str, record_number: str, now: datetime
) -> None:
    if user_ids:
        rows = [{"user_id": user, "kind": kind, "record_number": record_number, "at": now} for user in user_ids]
        await connection.execute(insert(notifications), rows)


async def share_notifications(
    connection: AsyncConnection, user_ids: Sequence[str], kind: str, record_number: str, since: datetime, now: datetime
) -> None:
    """One more application on each person's unread entry of that kind; a new entry where there is none since then.

    One event at a time for each person: two that come at once would both find no entry, and each make one.
    """
    people = select(users.c.user_id).where(users.c.user_id.in_(user_ids)).order_by(users.c.user_id)
    await connection.execute(people.with_for_update(key_share=True))
    mine = notifications.c.user_id.in_(user_ids), notifications.c.kind == kind
    shared = update(notifications).where(*mine, notifications.c.read_at.is_(None), notifications.c.at >= since)
    shared = shared.values(record_number=record_number, applications=notifications.c.applications + 1)
    found = set((await connection.execute(shared.returning(notifications.c.user_id))).scalars())
    await add_notifications(connection, [one for one in user_ids if one not in found], kind, record_number, now)


async def count_unread(connection: AsyncConnection, user_id: str) -> int:
    query = select(func.count()).where(notifications.c.user_id == user_id, notifications.c.read_at.is_(None))
    return int((await connection.execute(query)).scalar_one())


async def count_unread_of_sessions(
    connection: AsyncConnection, secret_hashes: Iterable[bytes], used_since: datetime, opened_since: datetime
) -> dict[bytes, int]:
    """Unread ones by session, of those sessions that are not over: one statement for all of them."""
    person = sessions.c.user_id == users.c.user_id
    unread = and_(notifications.c.user_id == users.c.user_id, notifications.c.read_at.is_(None))
    query = (
        select(sessions.c.secret_hash, func.count(notifications.c.notification_id))
        .select_from(sessions.join(users, person).outerjoin(notifications, unread))
        .where(
            sessions.c.secret_hash.in_(list(secret_hashes)),
            users.c.active,
            sessions.c.last_seen_at >= used_since,
            sessions.c.created_at >= opened_since,
        )
        .group_by(sessions.c.secret_hash)
    )
    return {bytes(secret_hash): count for secret_hash, count in await connection.execute(query)}


async def list_newest(connection: AsyncConnection, user_id: str, limit: int = 50) -> list[Notification]:
    query = (
        select(notifications)
        .where(notifications.c.user_id == user_id)
        .order_by(notifications.c.notification_id.desc())
        .limit(limit)
    )
    return [
        Notification(r.notification_id, r.kind, r.record_number, r.applications, r.at, r.read_at is not None)
        for r in await connection.execute(query)
    ]


async def mark_read(connection: AsyncConnection, user_id: str, now: datetime) -> None:
    unread_rows = notifications.c.user_id == user_id, notifications.c.read_at.is_(None)
    await connection.execute(update(notifications).where(*unread_rows).values(read_at=now))


async def prune_seen(connection: AsyncConnection, before: datetime) -> None:
    await connection.execute(seen_events.delete().where(seen_events.c.at < before))
