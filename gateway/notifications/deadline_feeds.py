"""Calendar addresses: each opens one person's deadlines without a sign-in (docs/adr/0018).

Calendar programs cannot sign in, so the address holds a secret; the database holds its hash. Every reading is answered
for the writing numbers that the person has at that moment.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from chassis.kernel import Clock, Conflict, NotFound, new_id
from gateway.store import deadline_feed_rows
from gateway.store.database import GatewayDatabase
from gateway.store.deadline_feed_rows import DeadlineFeed
from gateway.user import User

# A calendar on each of somebody's devices, and some that were forgotten; more is a program that went astray.
MOST_FEEDS = 10


@dataclass(frozen=True, slots=True)
class DeadlineFeeds:
    database: GatewayDatabase
    clock: Clock

    async def create(self, user: User) -> tuple[DeadlineFeed, str]:
        """The feed, and the secret that is shown this once."""
        secret, feed = secrets.token_urlsafe(32), DeadlineFeed(new_id(), self.clock.now(), None)
        async with self.database.transaction() as connection:
            if await deadline_feed_rows.lock_and_count(connection, user.user_id) >= MOST_FEEDS:
                message = f"You already have {MOST_FEEDS} calendar addresses. Revoke one that you no longer use."
                raise Conflict(message, code="too_many_feeds")
            await deadline_feed_rows.add_feed(connection, feed.feed_id, _hash(secret), user.user_id, feed.created_at)
        return feed, secret

    async def of(self, user: User) -> list[DeadlineFeed]:
        async with self.database.transaction() as connection:
            return await deadline_feed_rows.of_person(connection, user.user_id)

    async def revoke(self, user: User, feed_id: str) -> None:
        """Closes the address at once."""
        unknown = NotFound("You have no calendar address with this ID.")
        if "\x00" in feed_id:  # PostgreSQL takes no text with it, so no id has one
            raise unknown
        async with self.database.transaction() as connection:
            if not await deadline_feed_rows.remove_feed(connection, feed_id, user.user_id):
                raise unknown

    async def owner(self, secret: str) -> User:
        """Whose deadlines an address shows; the same NotFound for one that was revoked and one that never was."""
        async with self.database.transaction() as connection:
            person = await deadline_feed_rows.find_owner(connection, _hash(secret), self.clock.now())
        if person is None:
            raise NotFound("This calendar address was revoked or does not exist.")
        return person


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
