"""Domain: links that show a quote without a sign-in, and their signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.kernel import NotFound

KEY_PURPOSE = "suite quote share links"
# A month of thinking it over.
DEFAULT_DAYS = 30
# A signature of 128 bits: nobody guesses one, and the address stays short enough for an email.
SIGNATURE_BYTES = 16
_ID_BYTES, _EXPIRY_BYTES = 16, 5
_TOKEN_LENGTH = 50


def link_not_found() -> NotFound:
    """The same for a link that expired, was revoked or never was."""
    return NotFound("This link has expired or was withdrawn. Please ask your producer for a new one.")


@dataclass(frozen=True, slots=True)
class ShareLink:
    """The token that opens it is not kept: it is worked out from the id and the expiry."""

    link_id: str
    quote_id: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    # When it went out by email, with the proposal.
    delivered_at: datetime | None = None

    @classmethod
    def new(cls, link_id: str, quote_id: str, days: int, now: datetime) -> ShareLink:
        """``days`` 0 is the default. The expiry is a whole second, since the token holds no less."""
        expires = now.replace(microsecond=0) + timedelta(days=days or DEFAULT_DAYS)
        return cls(link_id, quote_id, now, expires)

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def revoke(self, now: datetime) -> ShareLink:
        """A second time changes nothing."""
        return self if self.revoked_at else replace(self, revoked_at=now)


@dataclass(frozen=True, slots=True)
class ShareLinkSigner:
    """Signs and checks tokens with one secret key."""

    key: bytes

    def make_token(self, link: ShareLink) -> str:
        content = UUID(link.link_id).bytes + int(link.expires_at.timestamp()).to_bytes(_EXPIRY_BYTES)
        return base64.urlsafe_b64encode(content + self._sign(content)).decode().rstrip("=")

    def make_url(self, portal_url: str, link: ShareLink) -> str:
        """Where people open the link."""
        return f"{portal_url.rstrip('/')}/shared/{self.make_token(link)}"

    def read_link_id(self, token: str, now: datetime) -> str:
        """The id in a token of ours that has not expired; NotFound for anything else."""
        content = self._verify(token)
        expires = int.from_bytes(content[_ID_BYTES:])
        if now.timestamp() >= expires:
            raise link_not_found()
        return str(UUID(bytes=content[:_ID_BYTES]))

    def _verify(self, token: str) -> bytes:
        if len(token) != _TOKEN_LENGTH or not token.isascii():
            raise link_not_found()
        try:
            raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
        except ValueError:
            raise link_not_found() from None
        content, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        if not hmac.compare_digest(self._sign(content), signature):
            raise link_not_found()
        return content

    def _sign(self, content: bytes) -> bytes:
        return hmac.new(self.key, content, hashlib.sha256).digest()[:SIGNATURE_BYTES]
