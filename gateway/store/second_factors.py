"""Second factors and recovery codes: rows only; ``gateway.identity.second_factor`` says what they open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.tables import recovery_codes, second_factors

_f, _c = second_factors.c, recovery_codes.c


@dataclass(frozen=True, slots=True)
class SecondFactorRow:
    """``sealed``: the shared secret. ``last_step``: of the last code that was taken."""

    sealed: bytes
    last_step: int


async def find(connection: AsyncConnection, user_id: str) -> SecondFactorRow | None:
    row = (await connection.execute(select(_f.sealed, _f.last_step).where(_f.user_id == user_id))).one_or_none()
    return SecondFactorRow(bytes(row.sealed), row.last_step) if row else None


async def add(connection: AsyncConnection, user_id: str, sealed: bytes, step: int, now: datetime) -> None:
    """In place of the one that the person had, with its recovery codes."""
    await remove(connection, user_id)
    row = {"user_id": user_id, "sealed": sealed, "last_step": step, "turned_on_at": now}
    await connection.execute(insert(second_factors).values(row))


async def remove(connection: AsyncConnection, user_id: str) -> None:
    await connection.execute(delete(second_factors).where(_f.user_id == user_id))


async def take_step(connection: AsyncConnection, user_id: str, step: int, sealed: bytes) -> bool:
    """Note that the code of a step was used; False when that one, or a later one, was used before."""
    later = update(second_factors).where(_f.user_id == user_id, _f.last_step < step)
    taken = await connection.execute(later.values(last_step=step, sealed=sealed).returning(_f.user_id))
    return taken.first() is not None


async def put_codes(connection: AsyncConnection, user_id: str, hashes: Mapping[str, str]) -> None:
    """Selector -> hash, in place of those of before."""
    await connection.execute(delete(recovery_codes).where(_c.user_id == user_id))
    rows = [{"user_id": user_id, "selector": selector, "code_hash": one} for selector, one in hashes.items()]
    await connection.execute(insert(recovery_codes), rows)


async def find_code(connection: AsyncConnection, user_id: str, selector: str) -> str | None:
    query = select(_c.code_hash).where(_c.user_id == user_id, _c.selector == selector)
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def take_code(connection: AsyncConnection, user_id: str, selector: str) -> bool:
    """False when it was used meanwhile."""
    gone = delete(recovery_codes).where(_c.user_id == user_id, _c.selector == selector).returning(_c.selector)
    return (await connection.execute(gone)).first() is not None


async def count_codes(connection: AsyncConnection, user_id: str) -> int:
    return int((await connection.execute(select(func.count()).where(_c.user_id == user_id))).scalar_one())
