"""Command: wrap documents in the database under the current key, and count those in the blob store
(docs/how-to/rotate-keys.md)."""

from __future__ import annotations

from chassis import rotate_keys as command
from chassis.db.key_rotation import SealedColumn
from chassis.service import Runtime
from services.documents.settings import DocumentsSettings
from services.documents.store.blob_keys import count_blobs
from services.documents.store.blobs import Blobs
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
    counted = {"blob store": lambda: count_blobs(runtime.database, blobs)}
    command.rotate_keys(runtime, keys, INFRASTRUCTURE, columns, counted)
