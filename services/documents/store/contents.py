"""Store: the contents of documents, sealed, in their own rows or in a blob store.

A row has either. Whoever sets up a blob store later has new documents there, and the old ones in the database until
they are moved.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis import telemetry
from chassis.crypto import DecryptionFailed, KeyUnavailable
from chassis.kernel import Unavailable
from services.documents.domain.document import DocumentDamaged
from services.documents.domain.retention import DocumentKind, keep_until
from services.documents.store.blobs import BlobMissing, Blobs
from services.documents.store.document_ciphers import DocumentCiphers


class ContentRow(Protocol):
    """What a row says of its document."""

    content: Any
    blob: Any
    sha256: Any


@dataclass(frozen=True, slots=True)
class DocumentContents:
    """``blobs``: None for the rows themselves."""

    ciphers: DocumentCiphers
    blobs: Blobs | None = None

    def save(self, kind: DocumentKind, content: bytes, document_id: str, made_at: datetime) -> Mapping[str, Any]:
        """Seal it and put it where documents lie; the values for its row. Raises Unavailable as ``load`` does."""
        try:
            sealed = self.ciphers.of(kind).seal(content, document_id)
        except KeyUnavailable as missing:
            raise _unavailable(missing, "saved") from missing
        digest = hashlib.sha256(content).hexdigest()
        if self.blobs is None:
            return {"content": sealed, "blob": None, "sha256": digest}
        return {"content": None, "blob": self._put(kind, sealed, made_at), "sha256": digest}

    def move(self, kind: DocumentKind, row: ContentRow, document_id: str, made_at: datetime) -> str:
        """Put what lies in the row into the blob store, as it is sealed there, and give the blob's name.

        Raises DocumentDamaged when it is not what was saved, Unavailable when the store gives back anything else.
        """
        self.load(kind, row, document_id)
        name = self._put(kind, row.content, made_at)
        try:
            kept = self._blobs().get(name)
        except BlobMissing:
            kept = b""
        if kept != row.content:
            telemetry.get_logger().error("the blob store does not give back what was put", code=str(kind))
            raise Unavailable("The store of documents does not keep what it is given.")
        return name

    def load(self, kind: DocumentKind, row: ContentRow, document_id: str) -> bytes:
        """Raises DocumentDamaged when it is not what was saved, Unavailable while the store cannot be reached or the
        key is missing from the settings or not given by its service."""
        try:
            sealed = row.content if row.blob is None else self._blobs().get(row.blob)
            content = self.ciphers.of(kind).open(sealed, document_id)
        except KeyUnavailable as missing:
            raise _unavailable(missing, "read") from missing
        except (BlobMissing, DecryptionFailed) as error:
            telemetry.get_logger().error("document damaged", code=str(kind), exc_info=error)
            raise DocumentDamaged from None
        if hashlib.sha256(content).hexdigest() != row.sha256:
            telemetry.get_logger().error("document damaged", code=str(kind))
            raise DocumentDamaged
        return content

    def delete(self, blob: str | None) -> None:
        if blob is not None:
            self._blobs().delete(blob)

    def _put(self, kind: DocumentKind, sealed: bytes, made_at: datetime) -> str:
        name = secrets.token_hex(16)  # random, so that a name says nothing of the document
        self._blobs().put(name, sealed, keep_until(kind, made_at))
        return name

    def _blobs(self) -> Blobs:
        if self.blobs is None:
            telemetry.get_logger().error("documents lie in a blob store, and DOCUMENTS_BLOBS names none")
            raise Unavailable("The store of documents cannot be reached now. Try again in a minute.")
        return self.blobs


def _unavailable(missing: KeyUnavailable, done: str) -> Unavailable:
    telemetry.get_logger().error("a key cannot be used", key_id=missing.key_id, reason=missing.reason)
    return Unavailable(f"Documents cannot be {done} right now. Please try again later.")
