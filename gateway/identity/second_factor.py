"""Two-step sign-in: a code of an authenticator app (RFC 6238) beside the password, and recovery codes without the app.

A code is taken once. Whoever tries codes is slowed down with those who try passwords (``gateway.identity.sign_in``).
"""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from chassis import telemetry
from chassis.crypto import DecryptionFailed, FieldCipher, KeyUnavailable
from chassis.kernel import Clock, InvalidInput, Unavailable
from chassis.security_log import SecurityEvent, record_act
from gateway.identity.passwords import Passwords
from gateway.store import second_factors
from gateway.store.database import GatewayDatabase
from gateway.store.second_factors import SecondFactorRow

ISSUER = "Producer Portal"
# RFC 6238: 30 seconds a step. One step before and one after: the time to type it, and clocks that are off.
STEP_SECONDS, DRIFT_STEPS, DIGITS = 30, 1, 6
# As long as the HMAC's digest (RFC 4226, 4).
SECRET_BYTES = 20
RECOVERY_CODES = 10
# 40 bits that argon2 hashes, behind 20 that find the row: a tenth of all tries would have to be right at once.
_SELECTOR, _CODE = 4, 12
# Long enough to take out a phone and install an app.
PROPOSAL_LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that the person may put into an app. ``token`` comes back with the first code; nothing is stored yet."""

    secret: str
    address: str
    token: str


class SecondFactors:
    """``clock`` runs on real time; ``secrets_of_users`` seals what is stored, ``proposals`` what a form carries."""

    def __init__(
        self,
        database: GatewayDatabase,
        passwords: Passwords,
        secrets_of_users: FieldCipher,
        proposals: FieldCipher,
        clock: Clock,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._secrets = secrets_of_users
        self._proposals = proposals
        self._clock = clock

    async def is_on(self, user_id: str) -> bool:
        async with self._database.autocommit_read() as connection:
            return await second_factors.find(connection, user_id) is not None

    async def count_recovery_codes(self, user_id: str) -> int:
        async with self._database.autocommit_read() as connection:
            return await second_factors.count_codes(connection, user_id)

    def propose(self, user_id: str, email: str) -> Proposal:
        secret = b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        return Proposal(secret, _provisioning_address(secret, email), self._seal_proposal(user_id, secret))

    def propose_again(self, user_id: str, email: str, token: str) -> Proposal:
        """The same secret as before, for the page after a wrong code; another one when it is too old."""
        try:
            secret = self._open_proposal(user_id, token)
        except InvalidInput:
            return self.propose(user_id, email)
        return Proposal(secret, _provisioning_address(secret, email), token)

    async def turn_on(self, user_id: str, token: str, code: str) -> list[str]:
        """The recovery codes, which are shown once. InvalidInput at ``code`` for a wrong one."""
        with record_act(SecurityEvent.TWO_STEP_ON, user_id):
            secret = self._open_proposal(user_id, token)
            step = self._find_step(secret, code)
            if step is None:
                advice = "This code is not right. Wait for the next one in your app, then enter that."
                raise InvalidInput.at("code", advice)
            codes, hashes = await self._make_codes()
            sealed = self._secrets.seal(secret.encode(), user_id)
            async with self._database.transaction() as connection:
                await second_factors.add(connection, user_id, sealed, step, self._clock.now())
                await second_factors.put_codes(connection, user_id, hashes)
            return codes

    async def turn_off(self, user_id: str) -> None:
        with record_act(SecurityEvent.TWO_STEP_OFF, user_id):
            async with self._database.transaction() as connection:
                await second_factors.remove(connection, user_id)

    async def renew_codes(self, user_id: str) -> list[str]:
        """Ten new recovery codes; those of before open nothing any more."""
        with record_act(SecurityEvent.RECOVERY_CODES, user_id):
            codes, hashes = await self._make_codes()
            async with self._database.transaction() as connection:
                await second_factors.put_codes(connection, user_id, hashes)
            return codes

    async def accept(self, user_id: str, code: str) -> bool:
        """Whether it is a code of the app or a recovery code, and was not used before; it is used from now on."""
        typed = "".join(code.split()).replace("-", "").upper()
        if len(typed) == _CODE:
            return await self._accept_recovery_code(user_id, typed)
        async with self._database.transaction() as connection:
            row = await second_factors.find(connection, user_id)
            if row is None:
                return False
            secret, sealed = self._open_secret(row, user_id)
            step = self._find_step(secret, typed)
            return step is not None and await second_factors.take_step(connection, user_id, step, sealed)

    def _open_secret(self, row: SecondFactorRow, user_id: str) -> tuple[str, bytes]:
        """The secret, and how it is stored from now on: under the current key."""
        try:
            return self._secrets.open(row.sealed, user_id).decode(), self._secrets.rewrap(row.sealed, user_id)
        except DecryptionFailed as failed:
            key_id = failed.key_id if isinstance(failed, KeyUnavailable) else ""
            telemetry.get_logger().error("a second factor cannot be opened", key_id=key_id)
            raise Unavailable("Codes cannot be checked right now. Use a recovery code, or call support.") from None

    async def _accept_recovery_code(self, user_id: str, typed: str) -> bool:
        selector = typed[:_SELECTOR]
        async with self._database.autocommit_read() as connection:
            known = await second_factors.find_code(connection, user_id, selector)
        if not await self._passwords.verify(known, typed):
            return False
        async with self._database.transaction() as connection:
            return await second_factors.take_code(connection, user_id, selector)

    async def _make_codes(self) -> tuple[list[str], dict[str, str]]:
        """Codes as they are shown, and selector -> hash."""
        made: dict[str, str] = {}
        while len(made) < RECOVERY_CODES:
            code = b32encode(secrets.token_bytes(8)).decode()[:_CODE]
            made[code[:_SELECTOR]] = code
        hashes = await asyncio.gather(*map(self._passwords.hash_in_thread, made.values()))
        shown = ["-".join(code[at : at + 4] for at in range(0, _CODE, 4)) for code in made.values()]
        return shown, dict(zip(made, hashes, strict=True))

    def _find_step(self, secret: str, code: str) -> int | None:
        """The step whose code it is; all steps are looked at, whichever it is."""
        from pyotp import TOTP  # only those who turned it on need it

        totp = TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
        now = int(self._clock.now().timestamp()) // STEP_SECONDS
        typed = "".join(code.split()).encode()
        found = None
        for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
            if compare_digest(totp.generate_otp(step).encode(), typed):
                found = step
        return found

    def _seal_proposal(self, user_id: str, secret: str) -> str:
        until = (self._clock.now() + PROPOSAL_LIFETIME).timestamp()
        sealed = self._proposals.seal(json.dumps([secret, until]).encode(), user_id)
        return urlsafe_b64encode(sealed).decode()

    def _open_proposal(self, user_id: str, token: str) -> str:
        try:
            secret, until = json.loads(self._proposals.open(urlsafe_b64decode(token.encode()), user_id))
        except (DecryptionFailed, NotBase64, ValueError):
            secret, until = "", 0.0
        if until < self._clock.now().timestamp():
            raise InvalidInput.at(
                "code", "This page is too old. Scan the new QR code below, then enter the digits that the app shows."
            )
        return str(secret)


def _provisioning_address(secret: str, email: str) -> str:
    """What the QR code holds (the Key Uri Format of authenticator apps)."""
    from pyotp import TOTP

    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)
