"""Store: seals birth dates, and what they are a part of (docs/adr/0056)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.crypto import FieldCipher, KeyProvider
from chassis.sealed_text import TextCipher


@dataclass(frozen=True, slots=True)
class BirthDateEncryption:
    """One cipher for each column; a value opens for its own row alone.

    ``person`` and ``client`` seal a date; ``first_identity`` a JSON document; ``shown`` what a client signed, byte for
    byte.
    """

    person: TextCipher
    client: TextCipher
    first_identity: TextCipher
    shown: TextCipher

    @classmethod
    def with_provider(cls, keys: KeyProvider) -> BirthDateEncryption:
        own = keys.for_purpose("birth_date")
        return cls(
            TextCipher(FieldCipher(own, "person", "birth_date_sealed"), "Birth dates"),
            TextCipher(FieldCipher(own, "client", "birth_date_sealed"), "Birth dates"),
            TextCipher(FieldCipher(own, "person", "first_identity_sealed"), "Birth dates"),
            TextCipher(FieldCipher(own, "client_review", "shown_sealed"), "Reviews"),
        )


def seal_date(cipher: TextCipher, born: date | None, row_id: str) -> bytes | None:
    return cipher.seal(born.isoformat(), row_id) if born else None


def open_date(cipher: TextCipher, plain: date | None, sealed: bytes | None, row_id: str) -> date | None:
    """The plain date wins while it is there: an older process that changed it left the sealed one as it was."""
    if plain is not None or sealed is None:
        return plain
    return date.fromisoformat(cipher.open(sealed, row_id))
