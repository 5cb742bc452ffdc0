"""Signing in at the organization's OpenID provider, from the button to the account (docs/adr/0053).

The browser keeps a secret in a cookie, from which state, nonce and code verifier follow; the database keeps its hash
until the answer comes. So an answer counts once, for a while, and in the browser where the sign-in was begun.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chassis.kernel import Clock
from chassis.security_log import DONE, REFUSED, SecurityEvent, log_security_event
from gateway.identity.organization_accounts import Claims, OrganizationAccounts
from gateway.identity.organization_refusals import OrganizationRefused, Refusal, describe_error
from gateway.settings import OrganizationSettings
from gateway.store import organization_rows
from gateway.store.database import GatewayDatabase

# Where the provider sends people back to, at the portal's own origin.
ANSWER_PATH = "/sign-in/organization/answer"
# Long enough to find a phone for the provider's second factor, or to choose a new password there.
SIGN_IN_LIFETIME = timedelta(minutes=10)
# As long as the column; no address of a page comes near it.
LONGEST_PATH = 500
# A few times the longest code that a large provider is known to give.
LONGEST_CODE = 4096


class Provider(Protocol):
    """What ``gateway.identity.openid_provider`` does."""

    async def address_to_sign_in(self, state: str, nonce: str, verifier: str) -> str: ...

    async def refuse_other_sender(self, issuer: str | None) -> None: ...

    async def read_claims(self, code: str, nonce: str, verifier: str) -> Claims: ...


@dataclass(frozen=True, slots=True)
class StartedSignIn:
    """``address``: of the provider's page. ``secret``: for the cookie."""

    address: str
    secret: str


class OrganizationSignIn:
    """``clock`` runs on real time. Everything raises OrganizationRefused."""

    def __init__(
        self,
        database: GatewayDatabase,
        provider: Provider,
        accounts: OrganizationAccounts,
        settings: OrganizationSettings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._provider = provider
        self._accounts = accounts
        self._clock = clock
        self.name = settings.name

    async def begin(self, next_path: str) -> StartedSignIn:
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        with _log_refusal():
            address = await self._provider.address_to_sign_in(
                _derive(secret, "state"), _derive(secret, "nonce"), _derive(secret, "code verifier")
            )
        wanted = next_path if len(next_path) <= LONGEST_PATH else "/"
        async with self._database.transaction() as connection:
            await organization_rows.prune_sign_ins(connection, now)
            await organization_rows.add_sign_in(connection, _hash(secret), wanted, now + SIGN_IN_LIFETIME)
        return StartedSignIn(address, secret)

    async def finish(self, secret: str, answer: Mapping[str, str]) -> tuple[str, str]:
        """User id, and where the person wanted to go. ``answer``: the provider's, each of its parts once."""
        with _log_refusal():
            next_path = await self._take(secret, answer.get("state", ""))
            try:
                user_id = await self._let_in(secret, answer)
            except OrganizationRefused as refused:
                refused.next_path = next_path
                raise
        log_security_event(SecurityEvent.SIGN_IN, DONE, user_id=user_id)
        return user_id, next_path

    async def _take(self, secret: str, state: str) -> str:
        """Where the person wanted to go; the sign-in is no longer under way."""
        if not secret or not hmac.compare_digest(_derive(secret, "state").encode(), state.encode()):
            raise OrganizationRefused(Refusal.LATE, "state")
        async with self._database.transaction() as connection:
            next_path = await organization_rows.take_sign_in(connection, _hash(secret), self._clock.now())
        if next_path is None:
            raise OrganizationRefused(Refusal.LATE, "taken or expired")
        return next_path

    async def _let_in(self, secret: str, answer: Mapping[str, str]) -> str:
        await self._provider.refuse_other_sender(answer.get("iss"))
        if error := answer.get("error"):
            is_away = error in ("server_error", "temporarily_unavailable")
            raise OrganizationRefused(Refusal.AWAY if is_away else Refusal.DECLINED, describe_error(error))
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise OrganizationRefused(Refusal.UNTRUSTED, "code")
        claims = await self._provider.read_claims(code, _derive(secret, "nonce"), _derive(secret, "code verifier"))
        return await self._accounts.let_in(claims)


@contextmanager
def _log_refusal() -> Iterator[None]:
    """Nothing of the person, and nothing that the provider wrote."""
    try:
        yield
    except OrganizationRefused as refused:
        log_security_event(SecurityEvent.SIGN_IN, REFUSED, code=refused.code, reason=refused.detail)
        raise


def _derive(secret: str, purpose: str) -> str:
    """43 characters of base64url: as RFC 7636 (4.1) wants a code verifier."""
    derived = hmac.new(secret.encode(), f"organization {purpose}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(b"organization sign-in\x00" + secret.encode()).digest()
