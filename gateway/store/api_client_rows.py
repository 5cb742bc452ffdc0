"""API clients, their secrets and tokens: rows only; ``gateway.identity.api_clients`` says what they open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import WritingNumber
from gateway.store.tables import (
    api_client_numbers,
    api_client_secrets,
    api_client_tokens,
    api_clients,
    users,
    writing_numbers,
)

_c, _s, _t = api_clients.c, api_client_secrets.c, api_client_tokens.c


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A secret as it is listed: when it was made, ends and was last used; never the secret."""

    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApiClient:
    """``numbers``: those of its list that its owner, active, still has."""

    client_id: str
    name: str
    owner_email: str
    scopes: Sequence[str]
    numbers: Sequence[WritingNumber]


async def add(
    connection: AsyncConnection, client_id: str, name: str, owner_id: str, scopes: Collection[str], now: datetime
) -> None:
    row = {"client_id": client_id, "name": name, "owner_id": owner_id, "scopes": list(scopes), "created_at": now}
    await connection.execute(insert(api_clients).values(row))


async def add_numbers(connection: AsyncConnection, client_id: str, numbers: Collection[str]) -> None:
    await connection.execute(insert(api_client_numbers), [{"client_id": client_id, "number": one} for one in numbers])


async def find(connection: AsyncConnection, client_id: str) -> ApiClient | None:
    """A client that is not revoked, of an active owner."""
    joined = api_clients.join(users, users.c.user_id == _c.owner_id)
    query = select(_c.client_id, _c.name, users.c.email, _c.scopes, _c.owner_id).select_from(joined)
    row = (
        await connection.execute(query.where(_c.client_id == client_id, _c.revoked_at.is_(None), users.c.active))
    ).one_or_none()
    if row is None:
        return None
    numbers = await _list_numbers(connection, client_id, row.owner_id)
    return ApiClient(row.client_id, row.name, row.email, tuple(row.scopes), numbers)


async def _list_numbers(connection: AsyncConnection, client_id: str, owner_id: str) -> tuple[WritingNumber, ...]:
    n = writing_numbers.c
    joined = api_client_numbers.join(writing_numbers, n.number == api_client_numbers.c.number)
    query = select(n.number, n.state, n.producer_name, n.company_name, n.phone, n.npn).select_from(joined)
    mine = query.where(api_client_numbers.c.client_id == client_id, n.user_id == owner_id)
    return tuple(WritingNumber(*row) for row in await connection.execute(mine.order_by(n.state, n.number)))


async def list_ids(connection: AsyncConnection) -> list[str]:
    query = select(_c.client_id).where(_c.revoked_at.is_(None)).order_by(_c.created_at, _c.client_id)
    return list((await connection.execute(query)).scalars())


async def revoke(connection: AsyncConnection, client_id: str, now: datetime) -> bool:
    """False when there is no such client, or it was revoked before."""
    ended = update(api_clients).where(_c.client_id == client_id, _c.revoked_at.is_(None)).values(revoked_at=now)
    await connection.execute(delete(api_client_tokens).where(_t.client_id == client_id))
    await connection.execute(delete(api_client_secrets).where(_s.client_id == client_id))
    return (await connection.execute(ended.returning(_c.client_id))).first() is not None


async def add_secret(connection: AsyncConnection, client_id: str, secret_hash: bytes, now: datetime) -> None:
    row = {"client_id": client_id, "secret_hash": secret_hash, "created_at": now}
    await connection.execute(insert(api_client_secrets).values(row))


async def end_secrets(connection: AsyncConnection, client_id: str, at: datetime) -> None:
    """All that the client has end at an instant at the latest; what ends sooner stays so."""
    mine = update(api_client_secrets).where(_s.client_id == client_id)
    later = or_(_s.expires_at.is_(None), _s.expires_at > at)
    await connection.execute(mine.where(later).values(expires_at=at))


async def prune_secrets(connection: AsyncConnection, client_id: str, now: datetime) -> None:
    await connection.execute(delete(api_client_secrets).where(_s.client_id == client_id, _s.expires_at <= now))


async def list_secrets(connection: AsyncConnection, client_id: str) -> list[SecretUse]:
    query = select(_s.created_at, _s.expires_at, _s.last_used_at).where(_s.client_id == client_id)
    return [SecretUse(*row) for row in await connection.execute(query.order_by(_s.created_at))]


async def use_secret(connection: AsyncConnection, client_id: str, secret_hash: bytes, now: datetime) -> bool:
    """Note that a secret was used; False when it is not one of the client's, or has ended."""
    mine = _s.secret_hash == secret_hash, _s.client_id == client_id, or_(_s.expires_at.is_(None), _s.expires_at > now)
    used = update(api_client_secrets).where(*mine).values(last_used_at=now).returning(_s.client_id)
    return (await connection.execute(used)).first() is not None


async def add_token(
    connection: AsyncConnection, token_hash: bytes, client_id: str, scopes: Collection[str], expires_at: datetime
) -> None:
    row = {"token_hash": token_hash, "client_id": client_id, "scopes": list(scopes), "expires_at": expires_at}
    await connection.execute(insert(api_client_tokens).values(row))


async def find_token(
    connection: AsyncConnection, token_hash: bytes, now: datetime
) -> tuple[str, Sequence[str], datetime] | None:
    """Client id, scopes and end of a token that has not ended."""
    query = select(_t.client_id, _t.scopes, _t.expires_at).where(_t.token_hash == token_hash, _t.expires_at > now)
    row = (await connection.execute(query)).one_or_none()
    return (row.client_id, tuple(row.scopes), row.expires_at) if row else None


async def prune_tokens(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(delete(api_client_tokens).where(_t.expires_at <= now))
