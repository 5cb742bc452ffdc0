"""How a password changes: by its owner, who knows the old one, or by a one-time link that an operator hands over."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import timedelta

from chassis.kernel import Clock, InvalidInput, NotFound, Unauthenticated
from chassis.security_log import SecurityEvent, record_act
from gateway.identity.password_rules import refuse_weak_password
from gateway.identity.passwords import Passwords
from gateway.identity.sessions import Session, Sessions
from gateway.identity.sign_in import SignIn
from gateway.identity.stolen_passwords import StolenPasswords
from gateway.store import sessions, user_changes
from gateway.store.database import GatewayDatabase
from gateway.store.user_changes import Account

# Handed over on a Friday, it still opens on Monday.
LINK_LIFETIME = timedelta(hours=72)


class LinkClosed(NotFound):
    """The link was used, has expired, or never was one."""

    def __init__(self) -> None:
        super().__init__("This link was used or has expired. Ask the people who run your portal for a new one.")


class PasswordChanges:
    """``clock`` runs on real time. Every change ends the person's sessions with it: whoever knew the old one is out."""

    def __init__(
        self,
        database: GatewayDatabase,
        passwords: Passwords,
        sign_in: SignIn,
        sessions: Sessions,
        clock: Clock,
        stolen: StolenPasswords | None = None,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sign_in = sign_in
        self._sessions = sessions
        self._clock = clock
        self._stolen = stolen

    async def change(self, session: Session, old: str, new: str, address: str) -> None:
        """Raises InvalidInput at ``old_password`` or ``new_password``, TooManyAttempts as a sign-in does."""
        user = session.user
        with record_act(SecurityEvent.NEW_CREDENTIAL, user.user_id):
            try:
                await self._sign_in.confirm(user.email, old, address)
            except Unauthenticated:
                raise InvalidInput.at("old_password", "This is not your password. Try again.") from None
            if new == old:
                raise InvalidInput.at("new_password", "Choose a password that you do not have already.")
            await self._set(user.user_id, new, (user.email, user.name))

    async def find_owner(self, secret: str) -> Account:
        """Whose password a link sets; LinkClosed."""
        async with self._database.autocommit_read() as connection:
            found = await user_changes.find_link(connection, hash_link(secret), self._clock.now())
        if found is None:
            raise LinkClosed
        return found

    async def set_by_link(self, secret: str, new: str) -> None:
        """The link works once. Raises LinkClosed, InvalidInput at ``new_password``."""
        with record_act(SecurityEvent.NEW_CREDENTIAL) as account:
            owner = await self.find_owner(secret)
            account.user_id = owner.user_id
            await self._set(owner.user_id, new, (owner.email, owner.name), hash_link(secret))

    async def _set(self, user_id: str, new: str, personal: tuple[str, ...], link: bytes | None = None) -> None:
        await asyncio.to_thread(refuse_weak_password, new, "new_password", personal)
        if self._stolen:
            await asyncio.to_thread(self._stolen.refuse, new, "new_password")
        hashed = await self._passwords.hash_in_thread(new)
        async with self._database.transaction() as connection:
            if link is None:
                await user_changes.remove_links(connection, user_id)
            elif not await user_changes.use_link(connection, link):
                raise LinkClosed
            await user_changes.set_password(connection, user_id, hashed)
            ended = await sessions.remove_sessions(connection, user_id)
        self._sessions.believe_no_longer(ended)


def make_link() -> tuple[str, bytes]:
    """A secret for the address of a link, and what the database keeps of it."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_link(secret)


def hash_link(secret: str) -> bytes:
    return hashlib.sha256(b"password link\x00" + secret.encode()).digest()
