"""Command: wrap documents in the database under the current key, and count those in the blob store
(docs/how-to/rotate-keys.md)."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from chassis import rotate_keys as command
from chassis.db.key_rotation import SealedColumn, name_key
from chassis.service import Runtime
from services.documents.settings import DocumentsSettings
from services.documents.store.blobs import BlobMissing, Blobs
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE, ApplicationPdfRow, ProofDocumentRow

# A document has up to 10 MB: so many are written again within PostgreSQL's time for a statement.
AT_ONCE = 10


def rotate_keys(runtime: Runtime, blobs: Blobs | None) -> None:
    keys = runtime.settings(DocumentsSettings).key_ring
    ciphers = DocumentCiphers.with_keys(keys)
    columns = [
        SealedColumn(ciphers.application_pdf, ApplicationPdfRow.record_number, ApplicationPdfRow.content, AT_ONCE),
        SealedColumn(ciphers.proof, ProofDocumentRow.document_id, ProofDocumentRow.content, AT_ONCE),
    ]
    counted = {"blob store": lambda: count_blobs(runtime, blobs)}
    command.rotate_keys(runtime, keys, INFRASTRUCTURE, columns, counted)


def count_blobs(runtime: Runtime, blobs: Blobs | None) -> Counter[str]:
    """Reads each once. A blob is never written again, so that it keeps its key until its document is deleted."""
    found: Counter[str] = Counter()
    for row in (ApplicationPdfRow, ProofDocumentRow):
        with runtime.database.transaction() as session:
            names = list(session.scalars(select(row.blob).where(row.blob.is_not(None))))
        for name in names:
            if blobs is None:
                raise SystemExit("Documents lie in a blob store, and DOCUMENTS_BLOBS names none.")
            try:
                found[name_key(blobs.get(str(name)))] += 1
            except BlobMissing:
                found["no key: the blob is missing"] += 1
    return found
