"""Store: seals social security numbers and birth dates, and makes blind indexes (docs/adr/0009)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chassis import telemetry
from chassis.crypto import BlindIndex, FieldCipher, KeyProvider, KeyRing, KeyUnavailable
from chassis.kernel import Unavailable
from services.enrollment.store.birth_date_encryption import BirthDateEncryption

# Hexadecimal digits of a token: 64 bits, so that even among a million people no two terms meet by chance.
TOKEN_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SsnEncryption:
    cipher: FieldCipher
    index: BlindIndex
    birth_dates: BirthDateEncryption

    @classmethod
    def with_keys(cls, field_keys: str, index_key: str) -> SsnEncryption:
        """``field_keys``: as ``KeyRing.parse`` reads them; ``index_key``: 32 bytes in base64."""
        return cls.with_provider(KeyRing.parse(field_keys), index_key)

    @classmethod
    def with_provider(cls, keys: KeyProvider, index_key: str) -> SsnEncryption:
        birth_dates = BirthDateEncryption.with_provider(keys)
        return cls(FieldCipher(keys, "person", "ssn"), BlindIndex.from_base64(index_key), birth_dates)

    def seal(self, ssn: str, person_id: str) -> dict[str, bytes | str]:
        """The sealed columns of one person's row. Raises Unavailable as ``unseal`` does."""
        try:
            return {"ssn": self.cipher.encrypt(ssn, person_id), "ssn_index": self.index.of(ssn, "ssn")}
        except KeyUnavailable as missing:
            raise _unavailable(missing, "saved") from missing

    def unseal(self, sealed: bytes, person_id: str) -> str:
        """Raises Unavailable while the key is missing from the settings, or its service does not give it."""
        try:
            return self.cipher.decrypt(sealed, person_id)
        except KeyUnavailable as missing:
            raise _unavailable(missing, "read") from missing

    def own(self, writing_number: str, value: str, purpose: str) -> str:
        """A blind index within one writing number: equal values of two producers do not show that they are equal."""
        return self.index.of(f"{writing_number}\x00{value}", purpose)

    def tokens(self, writing_number: str, terms: Iterable[str]) -> list[int]:
        """The terms as the search index holds them."""
        digests = (self.own(writing_number, term, "client_term") for term in terms)
        return sorted(int(digest[:TOKEN_DIGITS], 16) - 2**63 for digest in digests)


def _unavailable(missing: KeyUnavailable, done: str) -> Unavailable:
    telemetry.get_logger().error("a key cannot be used", key_id=missing.key_id, reason=missing.reason)
    return Unavailable(f"Social Security numbers cannot be {done} right now. Please try again later.")
