"""Signing in by address and password, and by a code where two-step sign-in is on; slowed down for those who guess."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.crypto import DecryptionFailed, FieldCipher
from chassis.kernel import Clock, DomainError, Unauthenticated
from chassis.security_log import Account, SecurityEvent, record_act
from gateway.identity.passwords import Passwords
from gateway.identity.second_factor import SecondFactors
from gateway.store import sessions, user_rows
from gateway.store.database import GatewayDatabase

# Five wrong passwords or codes lock an account for the rest of the window; fifty from one address, since an office
# shares one.
WINDOW = timedelta(minutes=15)
ACCOUNT_LIMIT = 5
ADDRESS_LIMIT = 50
# Between password and code: long enough to find the phone or a recovery code.
STEP_LIFETIME = timedelta(minutes=10)
WRONG_CODE = "wrong_code"


class TooManyAttempts(DomainError):
    """Too many wrong passwords of late; ``retry_after`` is in seconds."""

    code = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many sign-in attempts. Please wait a few minutes, then try again.")
        self.retry_after = retry_after


class CodeRequired(Unauthenticated):
    """The password was right; a code has to come along with ``token``, or with the password once more."""

    code = "code_required"

    def __init__(self, token: str) -> None:
        super().__init__("Enter the code from your authenticator app, or a recovery code.")
        self.token = token


class SetUpRequired(Unauthenticated):
    """The password was right, and the operator asks everybody for a second factor that the person has not set up."""

    code = "two_step_set_up_required"

    def __init__(self, token: str) -> None:
        super().__init__("Set up two-step sign-in on the portal's sign-in page first.")
        self.token = token


@dataclass(frozen=True, slots=True)
class HalfSignIn:
    """Whose password was right a short while ago."""

    user_id: str
    email: str


class SignIn:
    """Checks passwords and codes. ``clock`` runs on real time; ``tokens`` seals who has given a password already.

    ``code_required``: whether the operator asks everybody for a second factor.
    """

    def __init__(
        self,
        database: GatewayDatabase,
        passwords: Passwords,
        second_factors: SecondFactors,
        tokens: FieldCipher,
        clock: Clock,
        *,
        code_required: bool = False,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._tokens = tokens
        self._clock = clock
        self.second_factors = second_factors
        self.code_required = code_required

    async def check(self, email: str, password: str, address: str, code: str = "") -> str:
        """The user id of somebody who may have a session from now on.

        Raises Unauthenticated alike for a wrong password and an unknown account, and for a wrong code; CodeRequired
        and SetUpRequired only after a right password; TooManyAttempts beyond the limits.
        """
        with record_act(SecurityEvent.SIGN_IN) as account:
            user_id = await self._check_password(email, password, address, account)
            if await self.second_factors.is_on(user_id):
                if not code:
                    raise CodeRequired(self._seal(user_id, email))
                await self._check_code(user_id, code)
            elif self.code_required:
                raise SetUpRequired(self._seal(user_id, email))
            await self._forget_attempts(email)
            return user_id

    async def check_code(self, token: str, code: str, address: str) -> str:
        """The same for the second step: ``token`` is that of CodeRequired."""
        half = self.open_token(token)
        with record_act(SecurityEvent.SIGN_IN, half.user_id):
            await self._count(_account(half.email), address[:64])
            await self._check_code(half.user_id, code)
            await self._forget_attempts(half.email)
            return half.user_id

    async def confirm(self, email: str, password: str, address: str, code: str | None = None) -> None:
        """The password once more, and a code where one is given, of somebody who is signed in.

        Half of what signs in takes no attempt back: else the other half could be guessed without end.
        """
        with record_act(SecurityEvent.CONFIRMATION) as account:
            user_id = await self._check_password(email, password, address, account)
            if code is not None:
                await self._check_code(user_id, code)
            if code is not None or not await self.second_factors.is_on(user_id):
                await self._forget_attempts(email)

    async def confirm_code(self, user_id: str, email: str, code: str, address: str) -> None:
        """A code alone, of somebody who is signed in; it takes no attempt back either."""
        with record_act(SecurityEvent.CONFIRMATION, user_id):
            await self._count(_account(email), address[:64])
            await self._check_code(user_id, code)

    def open_token(self, token: str) -> HalfSignIn:
        """Unauthenticated when it is none of ours, or too old."""
        try:
            user_id, email, until = json.loads(self._tokens.open(urlsafe_b64decode(token.encode()), _STEP))
        except (DecryptionFailed, NotBase64, ValueError):
            raise Unauthenticated("Please sign in again.") from None
        if until < self._clock.now().timestamp():
            raise Unauthenticated("That took too long. Please sign in again.")
        return HalfSignIn(user_id, email)

    async def _check_password(self, email: str, password: str, address: str, account: Account) -> str:
        """``account``: told whose it is, whatever follows."""
        email = email.strip().lower()
        async with self._database.autocommit_read() as connection:
            known = await user_rows.find_password(connection, email)
        account.user_id = known[0] if known else ""
        await self._count(_account(email), address[:64])
        if not await self._passwords.verify(known[1] if known else None, password) or known is None:
            raise Unauthenticated("The email address or password is incorrect. Try again.")
        return known[0]

    async def _check_code(self, user_id: str, code: str) -> None:
        if not await self.second_factors.accept(user_id, code):
            raise Unauthenticated("This code is not right, or was used before. Enter the next one.", code=WRONG_CODE)

    async def _count(self, account: bytes, address: str) -> None:
        """Write the attempt down before anything is checked: parallel guesses then cannot outrun the limit."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await sessions.lock_attempts(connection, account)
            await sessions.prune_attempts(connection, now - WINDOW)
            of_account, of_address, first = await sessions.count_attempts(connection, account, address, now - WINDOW)
            if of_account >= ACCOUNT_LIMIT or of_address >= ADDRESS_LIMIT:
                raise TooManyAttempts(_seconds_left(first, now))
            await sessions.add_attempt(connection, account, address, now)

    async def _forget_attempts(self, email: str) -> None:
        async with self._database.transaction() as connection:
            await sessions.forget_attempts(connection, _account(email))

    def _seal(self, user_id: str, email: str) -> str:
        until = (self._clock.now() + STEP_LIFETIME).timestamp()
        sealed = self._tokens.seal(json.dumps([user_id, email.strip().lower(), until]).encode(), _STEP)
        return urlsafe_b64encode(sealed).decode()


_STEP = "second step"


def _account(email: str) -> bytes:
    return hashlib.sha256(email.strip().lower().encode()).digest()


def _seconds_left(first: datetime | None, now: datetime) -> int:
    return max(1, int(((first or now) + WINDOW - now).total_seconds()))
