"""One-time secrets that browsers hold: made here, known to the store by their digests only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# 256 bits: nobody guesses one, and a digest without salt is enough to keep it.
SECRET_BYTES = 32


def create_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# What the key of the signatures is derived for.
LINK_KEY_PURPOSE = "suite payment link"


class PaymentLinkSigner:
    """Signs link secrets, so that a made-up token is refused before the database is asked."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, secret: str) -> str:
        return f"{secret}.{self._mac(secret)}"

    def read_secret(self, token: str) -> str | None:
        """The secret in a token that we signed; None for any other text."""
        secret, _, mac = token.partition(".")
        return secret if hmac.compare_digest(mac.encode(), self._mac(secret).encode()) else None

    def _mac(self, secret: str) -> str:
        return hmac.new(self._key, f"payment-link\x00{secret}".encode(), hashlib.sha256).hexdigest()


def create_form_token(session_secret: str) -> str:
    """The token that every form of a session carries: only who holds the session's cookie can know it."""
    return hmac.new(session_secret.encode(), b"payment-form", hashlib.sha256).hexdigest()


def is_same_secret(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
