"""Store: under which keys the documents in the blob store are sealed."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from chassis.db import Database
from chassis.db.key_rotation import name_key
from services.documents.store.blobs import BlobMissing, Blobs
from services.documents.store.tables import ApplicationPdfRow, ProofDocumentRow


def count_blobs(database: Database, blobs: Blobs | None) -> Counter[str]:
    """Reads each once. A blob is never written again, so that it keeps its key until its document is deleted."""
    found: Counter[str] = Counter()
    for row in (ApplicationPdfRow, ProofDocumentRow):
        with database.transaction() as session:
            names = list(session.scalars(select(row.blob).where(row.blob.is_not(None))))
        for name in names:
            if blobs is None:
                raise SystemExit("Documents lie in a blob store, and DOCUMENTS_BLOBS names none.")
            try:
                found[name_key(blobs.get(str(name)))] += 1
            except BlobMissing:
                found["no key: the blob is missing"] += 1
    return found
