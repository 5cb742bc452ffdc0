"""Server-side sessions: the person holds a random 256-bit secret, the database its hash (reliability.md 2)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cachetools import TTLCache

from chassis.kernel import Clock, NotFound
from chassis.security_log import SecurityEvent, record_act
from gateway.settings import SessionLimits
from gateway.store import sessions
from gateway.store.database import GatewayDatabase
from gateway.user import ApiScope, User

# The time of the last request is written at most this often; idleness is then off by this much at the most.
TOUCH_EVERY = timedelta(seconds=30)
# A page asks for several things at once; the session is looked up for the first of them, and the others wait for that
# look-up. Who is locked out, or signs
# out in another process, is believed for this much longer at the most; a sign-out in this one holds at once.
SESSION_CACHE_TTL = timedelta(seconds=1)
# More than the people who do something in one process within that time; about 1 MB.
SESSIONS_KEPT = 1024
# Hexadecimal digits of a form's token: the mask, the signature after it, then whose form it is.
_MASK, _SIGNED = 16, 16 + 64


class SessionTransport(StrEnum):
    """How the secret travels. One given out for a cookie is no bearer token, and the other way round."""

    COOKIE = "cookie"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is signed in, and how."""

    secret: str
    transport: SessionTransport
    user: User
    # When it ends at the latest, whatever the person does.
    ends_at: datetime
    # What an API client may do; None for a person, who may do what the role allows.
    scopes: frozenset[ApiScope] | None = None

    @property
    def form_token(self) -> str:
        """What a form of this session has to carry: nobody without the cookie can compute it.

        Another text each time, so that the length of a compressed page says nothing about it (docs/adr/0027).
        """
        mask = secrets.token_hex(8)
        return mask + self._sign(mask) + self._name_person(mask)

    @property
    def secret_hash(self) -> bytes:
        """By which the database knows the session."""
        return _hash(self.secret)

    def owns_form(self, token: str) -> bool:
        mask, signature = token[:_MASK], token[_MASK:_SIGNED]
        return hmac.compare_digest(self._sign(mask).encode(), signature.encode())

    def is_of_person(self, token: str) -> bool:
        """Whether a form was made for this person, in whichever session; it proves nothing, and opens nothing."""
        return token[_SIGNED:] == self._name_person(token[:_MASK])

    def _sign(self, mask: str) -> str:
        return hmac.new(self.secret.encode(), b"form" + mask.encode(), hashlib.sha256).hexdigest()

    def _name_person(self, mask: str) -> str:
        return hashlib.sha256(f"{mask}{self.user.user_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions, for the person to recognize. ``opened_from``: browser and system, "" where unknown.

    ``last_seen_at`` is off by ``TOUCH_EVERY`` at the most.
    """

    session_id: str
    transport: SessionTransport
    opened_from: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


class Sessions:
    """Opens, recognizes and ends sessions. ``clock`` runs on real time, whatever the business date.

    ``business_clock``: by which a delegate's access begins and ends; the same clock unless given.
    """

    def __init__(
        self, database: GatewayDatabase, clock: Clock, limits: SessionLimits, business_clock: Clock | None = None
    ) -> None:
        self.limits = limits
        self._database = database
        self._clock = clock
        self._business_clock = business_clock or clock
        self._believed: TTLCache[tuple[bytes, SessionTransport], Session] = TTLCache(
            SESSIONS_KEPT, SESSION_CACHE_TTL.total_seconds(), timer=lambda: clock.now().timestamp()
        )
        self._under_way: dict[tuple[bytes, SessionTransport], asyncio.Task[Session | None]] = {}

    async def open(self, user_id: str, transport: SessionTransport, opened_from: str = "") -> tuple[str, datetime]:
        """A new secret, whatever the person held before, and when the session ends at the latest."""
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        async with self._database.transaction() as connection:
            await sessions.prune_sessions(connection, now - self.limits.absolute)
            await sessions.add_session(connection, _hash(secret), user_id, transport, opened_from, now)
        return secret, now + self.limits.absolute

    async def recognize(self, secret: str, transport: SessionTransport) -> Session | None:
        """The session of a secret; None when there is none, or it was idle or open for too long."""
        key = _hash(secret), transport
        if believed := self._believed.get(key):
            return believed
        found = self._under_way.get(key)
        if found is None:
            found = self._under_way[key] = asyncio.create_task(self._recognize(secret, transport))
            found.add_done_callback(lambda done: self._forget(key, done))
        # whoever hangs up meanwhile does not end it for the others
        return await asyncio.shield(found)

    async def _recognize(self, secret: str, transport: SessionTransport) -> Session | None:
        hashed, now = _hash(secret), self._clock.now()
        async with self._database.autocommit_read() as connection:
            row = await sessions.find_session(connection, hashed, transport, self._business_clock.now())
        if row is None or self._is_over(row, now):
            return None
        if now - row.last_seen_at > TOUCH_EVERY:
            async with self._database.transaction() as connection:
                await sessions.touch_session(connection, hashed, now)
        session = self._session(secret, transport, row)
        if self._under_way.get((hashed, transport)) is asyncio.current_task():  # else the person signed out meanwhile
            self._believed[hashed, transport] = session
        return session

    def _forget(self, key: tuple[bytes, SessionTransport], done: asyncio.Task[Session | None]) -> None:
        if self._under_way.get(key) is done:
            del self._under_way[key]

    async def look_up(self, secret: str, transport: SessionTransport) -> Session | None:
        """The same for what a page asks by itself: it counts as no use, so an idle session ends all the same."""
        async with self._database.autocommit_read() as connection:
            row = await sessions.find_session(connection, _hash(secret), transport, self._business_clock.now())
        return None if row is None or self._is_over(row, self._clock.now()) else self._session(secret, transport, row)

    async def find_ended(self, secret: str, transport: SessionTransport) -> Session | None:
        """Whose session it was, for as long as its row is there; opens nothing.

        None while it lasts, after a sign-out, and when the row was pruned.
        """
        async with self._database.autocommit_read() as connection:
            row = await sessions.find_session(connection, _hash(secret), transport, self._business_clock.now())
        return self._session(secret, transport, row) if row and self._is_over(row, self._clock.now()) else None

    def seconds_left(self, session: Session) -> int:
        """Until the session ends for its age. It ends earlier after ``limits.idle`` without a request."""
        return max(0, int((session.ends_at - self._clock.now()).total_seconds()))

    def forget(self, user_id: str) -> None:
        """Look a person's sessions up anew from now on, since what the person may do has changed."""
        for key in [key for key, session in self._believed.items() if session.user.user_id == user_id]:
            self._believed.pop(key, None)
        self._under_way.clear()  # they may have read what was before; their answers are not kept then

    async def end(self, session: Session) -> None:
        with record_act(SecurityEvent.SIGN_OUT, session.user.user_id):
            async with self._database.transaction() as connection:
                await sessions.remove_session(connection, session.secret_hash)
            self.believe_no_longer([session.secret_hash])

    async def list_open(self, current: Session) -> list[OpenSession]:
        """The person's sessions that are not over, the last used one first."""
        now = self._clock.now()
        async with self._database.autocommit_read() as connection:
            rows = await sessions.list_sessions(
                connection, current.user.user_id, now - self.limits.idle, now - self.limits.absolute
            )
        return [
            OpenSession(
                row.session_id,
                SessionTransport(row.transport),
                row.opened_from,
                row.created_at,
                row.last_seen_at,
                row.secret_hash == current.secret_hash,
            )
            for row in rows
        ]

    async def end_one(self, current: Session, session_id: str) -> None:
        """One of the person's own; NotFound for any other."""
        unknown = NotFound("You have no such session. It may have ended already.")
        if "\x00" in session_id:  # PostgreSQL takes no text with it, so no id has one
            raise unknown
        with record_act(SecurityEvent.SIGN_OUT, current.user.user_id):
            async with self._database.transaction() as connection:
                ended = await sessions.remove_sessions(connection, current.user.user_id, session_id=session_id)
            if not ended:
                raise unknown
            self.believe_no_longer(ended)

    async def end_others(self, current: Session) -> None:
        """All of the person's sessions but this one."""
        with record_act(SecurityEvent.SIGN_OUT, current.user.user_id):
            async with self._database.transaction() as connection:
                ended = await sessions.remove_sessions(connection, current.user.user_id, keep=current.secret_hash)
            self.believe_no_longer(ended)

    async def end_all(self, user_id: str) -> None:
        with record_act(SecurityEvent.SIGN_OUT, user_id):
            async with self._database.transaction() as connection:
                ended = await sessions.remove_sessions(connection, user_id)
            self.believe_no_longer(ended)

    def believe_no_longer(self, ended: Iterable[bytes]) -> None:
        """Sessions, by their hashes, that a transaction has ended."""
        for hashed in ended:
            for transport in SessionTransport:
                self._believed.pop((hashed, transport), None)
                self._under_way.pop((hashed, transport), None)

    def _is_over(self, row: sessions.SessionRow, now: datetime) -> bool:
        return now - row.last_seen_at > self.limits.idle or now - row.created_at > self.limits.absolute

    def _session(self, secret: str, transport: SessionTransport, row: sessions.SessionRow) -> Session:
        return Session(secret, transport, row.user, row.created_at + self.limits.absolute)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
