"""Signing in by address and password, slowed down for those who guess."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from chassis.kernel import Clock, DomainError, Unauthenticated
from gateway.identity.passwords import Passwords
from gateway.identity.sessions import ABSOLUTE
from gateway.store import sessions, user_rows
from gateway.store.database import GatewayDatabase

# Five wrong passwords lock an account for the rest of the window; fifty from one address, since an office shares one.
WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
ADDRESS_LIMIT = 50


class TooManyAttempts(DomainError):
    """Too many wrong passwords of late; ``retry_after`` is in seconds."""

    code = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many sign-in attempts. Please wait a few minutes, then try again.")
        self.retry_after = retry_after


class SignIn:
    """Checks a password. ``clock`` runs on real time."""

    def __init__(self, database: GatewayDatabase, passwords: Passwords, clock: Clock) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def check(self, email: str, password: str, address: str) -> str:
        """The user id; Unauthenticated alike for a wrong password and an unknown account, TooManyAttempts beyond."""
        email = email.strip().lower()
        account = hashlib.sha256(email.encode()).digest()
        await self._count(account, address[:64])
        async with self._database.transaction() as connection:
            known = await user_rows.find_password(connection, email)
        if not await self._passwords.verify(known[1] if known else None, password) or known is None:
            raise Unauthenticated("The email address or password is incorrect. Try again.")
        async with self._database.transaction() as connection:
            await sessions.forget_attempts(connection, account)
        return known[0]

    async def _count(self, account: bytes, address: str) -> None:
        """Write the attempt down before the password is checked: parallel guesses then cannot outrun the limit."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await sessions.lock_attempts(connection, account)
            await sessions.prune_sessions(connection, now - ABSOLUTE, now - WINDOW)
            of_account, of_address, first = await sessions.count_attempts(connection, account, address, now - WINDOW)
            if of_account >= ACCOUNT_LIMIT or of_address >= ADDRESS_LIMIT:
                raise TooManyAttempts(_seconds_left(first, now))
            await sessions.add_attempt(connection, account, address, now)


def _seconds_left(first: datetime | None, now: datetime) -> int:
    return max(1, int(((first or now) + WINDOW - now).total_seconds()))
