"""Store: seals the birth dates of a quote's members (docs/adr/0056)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chassis.crypto import FieldCipher, KeyProvider
from chassis.sealed_text import TextCipher


@dataclass(frozen=True, slots=True)
class BirthDateEncryption:
    """One sealed list for each quote, which opens for that quote alone; in order of the members' positions."""

    cipher: TextCipher

    @classmethod
    def with_provider(cls, keys: KeyProvider) -> BirthDateEncryption:
        cipher = FieldCipher(keys.for_purpose("birth_date"), "quote", "birth_dates_sealed")
        return cls(TextCipher(cipher, "Birth dates"))

    def seal(self, born: Iterable[date], quote_id: str) -> bytes:
        return self.cipher.seal(json.dumps([one.isoformat() for one in born]), quote_id)

    def open(self, sealed: bytes, quote_id: str) -> list[date]:
        return [date.fromisoformat(one) for one in json.loads(self.cipher.open(sealed, quote_id))]
