"""Store: documents are sealed where they lie (docs/adr/0009); a ciphertext opens in its own row alone."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.crypto import FieldCipher, LocalKey


@dataclass(frozen=True, slots=True)
class DocumentCiphers:
    """One cipher for each column that holds documents."""

    application_pdf: FieldCipher
    proof: FieldCipher

    @classmethod
    def with_key(cls, field_key: str) -> DocumentCiphers:
        """``field_key``: 32 bytes in base64."""
        keys = LocalKey.from_base64(field_key)
        return cls(FieldCipher(keys, "application_pdf", "content"), FieldCipher(keys, "proof_document", "content"))
