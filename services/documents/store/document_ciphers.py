"""Store: documents are sealed where they lie (docs/adr/0009); a ciphertext opens for its own row alone."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.crypto import FieldCipher, KeyProvider
from services.documents.domain.retention import DocumentKind


@dataclass(frozen=True, slots=True)
class DocumentCiphers:
    """One cipher for each column that holds documents."""

    application_pdf: FieldCipher
    proof: FieldCipher

    def of(self, kind: DocumentKind) -> FieldCipher:
        return self.application_pdf if kind is DocumentKind.APPLICATION_PDF else self.proof

    @classmethod
    def with_keys(cls, keys: KeyProvider) -> DocumentCiphers:
        return cls(FieldCipher(keys, "application_pdf", "content"), FieldCipher(keys, "proof_document", "content"))
