"""Text sealed in a column of its row; people are told to try again while its key cannot be used (docs/adr/0056)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis import telemetry
from chassis.crypto import FieldCipher, KeyUnavailable
from chassis.kernel import Unavailable


@dataclass(frozen=True, slots=True)
class TextCipher:
    """``named``: what it seals, in the plural, as a person reads it: ``Birth dates``."""

    cipher: FieldCipher
    named: str

    def seal(self, plain: str, row_id: str) -> bytes:
        """Raises Unavailable as ``open`` does."""
        try:
            return self.cipher.encrypt(plain, row_id)
        except KeyUnavailable as missing:
            raise self._unavailable(missing, "saved") from missing

    def open(self, sealed: bytes, row_id: str) -> str:
        """Raises Unavailable while the key is missing from the settings or its service does not give it, and
        DecryptionFailed for what is damaged or of another row."""
        try:
            return self.cipher.decrypt(sealed, row_id)
        except KeyUnavailable as missing:
            raise self._unavailable(missing, "read") from missing

    def _unavailable(self, missing: KeyUnavailable, done: str) -> Unavailable:
        telemetry.get_logger().error("a key cannot be used", key_id=missing.key_id, reason=missing.reason)
        return Unavailable(f"{self.named} cannot be {done} right now. Please try again later.")
