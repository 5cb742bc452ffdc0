"""Passwords: argon2id, always in a thread."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.identity.password_rules import LONGEST

# Each verification takes 64 MiB for some 50 ms; more at once would starve the process rather than serve people faster.
AT_ONCE = 4


class Passwords:
    """Hashes and checks passwords; an unknown account takes the same time as a wrong password."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._gate = asyncio.Semaphore(AT_ONCE)
        # made now, so that the first unknown account takes no longer than the second
        self._nobodys = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    async def hash_in_thread(self, password: str) -> str:
        async with self._gate:
            return await asyncio.to_thread(self.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """False for an account without a password too, and for a text that is longer than any."""
        known = stored if stored and len(password) <= LONGEST else None
        async with self._gate:
            return await asyncio.to_thread(self._verify, known, password[:LONGEST])

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._nobodys, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
