"""Emergency access: who may look at which record of others, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.kernel import EmergencyAccess, WritingNumber
from gateway.store.tables import emergency_access


async def find_running(connection: AsyncConnection, user_id: str, now: datetime) -> tuple[EmergencyAccess, ...]:
    """Those of a user at that instant."""
    table = emergency_access.c
    query = select(emergency_access).where(table.user_id == user_id, table.opened_at <= now, table.ends_at > now)
    return tuple(
        EmergencyAccess(row.grant_id, row.record_number, WritingNumber(row.number, row.state, "", ""), row.ends_at)
        for row in await connection.execute(query.order_by(table.opened_at))
    )
