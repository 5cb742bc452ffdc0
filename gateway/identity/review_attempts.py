"""Slows down whoever tries proofs at review links; the links themselves close after five wrong ones."""

from __future__ import annotations

import hashlib

from chassis.kernel import Clock, SystemClock
from chassis.security_log import SecurityEvent, record_act
from gateway.identity.sign_in import ADDRESS_LIMIT, WINDOW, TooManyAttempts
from gateway.store import sessions
from gateway.store.database import GatewayDatabase

# Of one link within the window of sign-ins: more than anybody mistypes, and enough that two people read it.
LINK_LIMIT = 20


class ReviewAttempts:
    """Counts beside the attempts to sign in, since one address has one limit. ``clock`` runs on real time."""

    def __init__(self, database: GatewayDatabase, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def count(self, token: str, address: str) -> None:
        """Raises TooManyAttempts beyond the limits; the attempt is written down before it is looked at."""
        link, now = hashlib.sha256(b"review\x00" + token.encode()).digest(), self._clock.now()
        with record_act(SecurityEvent.REVIEW_LINK):
            async with self._database.transaction() as connection:
                await sessions.lock_attempts(connection, link)
                found = await sessions.count_attempts(connection, link, address[:64], now - WINDOW)
                of_link, of_address, _ = found
                if of_link >= LINK_LIMIT or of_address >= ADDRESS_LIMIT:
                    raise TooManyAttempts(int(WINDOW.total_seconds()))
                await sessions.add_attempt(connection, link, address[:64], now)
