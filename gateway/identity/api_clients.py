"""API clients: programs that act for a producer, by client credentials (RFC 6749, 4.4), within scopes and numbers.

A client exchanges its secret for a token that is good for minutes; the database knows the hashes of both. Whatever it
does counts as the producer's, under the client's own name.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TTLCache
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identity import CallerKind
from chassis.kernel import Clock, InvalidInput, NotFound, Problem, Unauthenticated
from chassis.security_log import SecurityEvent, record_act
from gateway.identity.sessions import SESSION_CACHE_TTL, SESSIONS_KEPT, Session, SessionTransport
from gateway.store import api_client_rows, user_changes
from gateway.store.api_client_rows import ApiClient, SecretUse
from gateway.store.database import GatewayDatabase
from gateway.user import ApiScope, User

# Short enough that a leaked token is soon of no use, long enough that a client asks for one a few times in an hour.
TOKEN_LIFETIME = timedelta(minutes=15)
# A day to bring the new secret to every place that uses the old one.
OLD_SECRET_HOURS = 24
# Tells a client's token from a person's, and tells scanners of repositories what they have found.
TOKEN_PREFIX, SECRET_PREFIX = "pat_", "pcs_"
LONGEST_NAME = 120


class InvalidScope(InvalidInput):
    """The client asks for a scope that it does not have."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    token: str
    scopes: frozenset[ApiScope]
    lifetime: timedelta


class ApiClients:
    """``clock`` runs on real time."""

    def __init__(self, database: GatewayDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # as with sessions: a client that was revoked is believed for a second more at the most
        self._believed: TTLCache[bytes, Session] = TTLCache(
            SESSIONS_KEPT, SESSION_CACHE_TTL.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    async def issue_token(self, client_id: str, secret: str, scopes: Collection[str] | None = None) -> AccessToken:
        """For all scopes of the client unless some are named. Unauthenticated alike for an unknown client, a revoked
        one and a wrong secret; InvalidScope."""
        now, token = self._clock.now(), TOKEN_PREFIX + secrets.token_urlsafe(32)
        with record_act(SecurityEvent.API_CLIENT) as account:
            async with self._database.transaction() as connection:
                client = await api_client_rows.find(connection, client_id)
                account.user_id = client.client_id if client else ""  # what was sent may be anything
                is_known = await api_client_rows.use_secret(connection, client_id, _hash(secret), now)
                if client is None or not is_known:
                    raise Unauthenticated("The client or its secret is not known.")
                asked = client.scopes if scopes is None else scopes
                if not set(asked) <= set(client.scopes):
                    raise InvalidScope("The client does not have this scope.")
                await api_client_rows.prune_tokens(connection, now)
                await api_client_rows.add_token(connection, _hash(token), client_id, asked, now + TOKEN_LIFETIME)
        return AccessToken(token, frozenset(map(ApiScope, asked)), TOKEN_LIFETIME)

    async def recognize(self, token: str) -> Session | None:
        """What a token signs in; None for one that is none, has ended, or whose client was revoked."""
        hashed = _hash(token)
        if believed := self._believed.get(hashed):
            return believed if self._clock.now() < believed.ends_at else None
        async with self._database.autocommit_read() as connection:
            found = await api_client_rows.find_token(connection, hashed, self._clock.now())
            client = await api_client_rows.find(connection, found[0]) if found else None
        if found is None or client is None:
            return None
        _, scopes, ends_at = found
        session = Session(token, SessionTransport.BEARER, _user(client), ends_at, frozenset(map(ApiScope, scopes)))
        self._believed[hashed] = session
        return session

    async def add(
        self, owner_email: str, name: str, scopes: Collection[ApiScope], numbers: Collection[str]
    ) -> tuple[str, str]:
        """Id and secret of a new client; the secret is shown once. ``numbers``: of the owner's own."""
        name = " ".join(name.split())
        async with self._database.transaction() as connection:
            owner = await user_changes.find_account(connection, owner_email.strip().lower())
            if owner is None or not owner.active or owner.role != CallerKind.PRODUCER:
                raise NotFound(f"No producer signs in as {owner_email}.")
            owned = {one.number for one in await user_changes.list_numbers(connection, owner.user_id)}
            _refuse(name, scopes, set(numbers), owned)
            client_id, now = str(uuid.uuid4()), self._clock.now()
            await api_client_rows.add(connection, client_id, name, owner.user_id, sorted(scopes), now)
            await api_client_rows.add_numbers(connection, client_id, sorted(set(numbers)))
            return client_id, await self._add_secret(connection, client_id, now)

    async def rotate_secret(self, client_id: str, old_ends_in: timedelta) -> str:
        """A new secret; those of before end after a while, so that nothing stands still meanwhile."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            if await api_client_rows.find(connection, client_id) is None:
                raise _unknown(client_id)
            await api_client_rows.end_secrets(connection, client_id, now + old_ends_in)
            await api_client_rows.prune_secrets(connection, client_id, now)
            return await self._add_secret(connection, client_id, now)

    async def revoke(self, client_id: str) -> None:
        """Secrets and tokens open nothing any more, within a second everywhere."""
        async with self._database.transaction() as connection:
            if not await api_client_rows.revoke(connection, client_id, self._clock.now()):
                raise _unknown(client_id)

    async def list_clients(self) -> list[tuple[ApiClient, list[SecretUse]]]:
        """Those that are not revoked, of active owners, the oldest first."""
        async with self._database.transaction() as connection:
            found = [await api_client_rows.find(connection, one) for one in await api_client_rows.list_ids(connection)]
            return [
                (client, await api_client_rows.list_secrets(connection, client.client_id)) for client in found if client
            ]

    async def _add_secret(self, connection: AsyncConnection, client_id: str, now: datetime) -> str:
        secret = SECRET_PREFIX + secrets.token_urlsafe(32)
        await api_client_rows.add_secret(connection, client_id, _hash(secret), now)
        return secret


def _refuse(name: str, scopes: Collection[ApiScope], numbers: set[str], owned: set[str]) -> None:
    problems = []
    if not 0 < len(name) <= LONGEST_NAME:
        problems.append(Problem("name", f"Give the client a name, {LONGEST_NAME} characters at most."))
    if not scopes:
        problems.append(Problem("scope", "Give at least one scope."))
    if not numbers or not numbers <= owned:
        problems.append(Problem("number", "Give writing numbers of the owner's own."))
    if problems:
        raise InvalidInput("The API client was not added.", problems=tuple(problems))


def _user(client: ApiClient) -> User:
    """The client as services and lists see it: it acts for the producer, under its own id and name."""
    subject = f"api-client:{client.client_id}"
    return User(client.client_id, subject, client.name, CallerKind.PRODUCER, tuple(client.numbers))


def _unknown(client_id: str) -> NotFound:
    return NotFound(f"There is no API client {client_id}. `portal api-client list` shows all of them.")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(b"api client\x00" + secret.encode()).digest()
