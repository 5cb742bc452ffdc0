"""Domain: the secrets of a review link: the token in its address, the code, and the access that opening it gives."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.kernel import Forbidden
from services.enrollment.domain.client_review import ClientReview, review_not_found

# A signature of 128 bits: nobody guesses one, and the address stays short enough for a text message.
SIGNATURE_BYTES = 16
KEY_PURPOSE = "suite client review links"
_ID_BYTES, _EXPIRY_BYTES = 16, 5
_TOKEN_LENGTH = 50
CODE_DIGITS = 6
# Long enough to read the largest application on a phone; whoever takes longer answers the question again, and what was
# marked is kept.
ACCESS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ReviewLinks:
    """Makes and checks them with one secret key; the database holds nothing that opens a link (docs/adr/0031)."""

    key: bytes
    portal_url: str

    def make_url(self, review: ClientReview) -> str:
        return f"{self.portal_url.rstrip('/')}/review/{self.make_token(review)}"

    def make_token(self, review: ClientReview) -> str:
        return self._seal(b"token", review.review_id, review.expires_at)

    def make_code(self, review: ClientReview) -> str:
        digest = hmac.new(self.key, b"code" + UUID(review.review_id).bytes, hashlib.sha256).digest()
        return f"{int.from_bytes(digest[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"

    def make_access(self, review: ClientReview, now: datetime) -> str:
        return self._seal(b"access", review.review_id, now + ACCESS)

    def read_token(self, token: str, now: datetime) -> str:
        """The review's id; NotFound, always the same, for anything but a token of ours that has not expired."""
        found = self._open(b"token", token, now)
        if found is None:
            raise review_not_found()
        return found

    def check_access(self, access: str, review_id: str, now: datetime) -> None:
        """Raises Forbidden unless the link was opened within the last hour."""
        if self._open(b"access", access, now) != review_id:
            raise Forbidden("Please answer the question again.", code="review_access_ended")

    def _seal(self, purpose: bytes, review_id: str, until: datetime) -> str:
        content = UUID(review_id).bytes + int(until.timestamp()).to_bytes(_EXPIRY_BYTES)
        return base64.urlsafe_b64encode(content + self._sign(purpose, content)).decode().rstrip("=")

    def _open(self, purpose: bytes, token: str, now: datetime) -> str | None:
        if len(token) != _TOKEN_LENGTH or not token.isascii():
            return None
        try:
            raw = base64.b64decode(token + "==", altchars=b"-_", validate=True)
        except ValueError:
            return None
        content, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        if not hmac.compare_digest(self._sign(purpose, content), signature):
            return None
        is_over = now.timestamp() >= int.from_bytes(content[_ID_BYTES:])
        return None if is_over else str(UUID(bytes=content[:_ID_BYTES]))

    def _sign(self, purpose: bytes, content: bytes) -> bytes:
        return hmac.new(self.key, purpose + content, hashlib.sha256).digest()[:SIGNATURE_BYTES]
