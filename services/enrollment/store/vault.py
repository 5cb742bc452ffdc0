"""Store: seals social security numbers (docs/adr/0009). Nothing here opens one; whoever must, asks by name."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.crypto import BlindIndex, FieldCipher, LocalKey


@dataclass(frozen=True, slots=True)
class Vault:
    cipher: FieldCipher
    index: BlindIndex

    @classmethod
    def with_keys(cls, field_key: str, index_key: str) -> Vault:
        """Both base64 of 32 bytes."""
        return cls(FieldCipher(LocalKey.from_base64(field_key), "person", "ssn"), BlindIndex.from_base64(index_key))

    def seal(self, ssn: str, person_id: str) -> dict[str, bytes | str]:
        """The sealed columns of one person's row."""
        return {"ssn": self.cipher.encrypt(ssn, person_id), "ssn_index": self.index.of(ssn, "ssn")}
