"""Store: proof documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.documents.domain.proof import ProofDocument
from services.documents.domain.retention import DocumentKind
from services.documents.store.contents import DocumentContents
from services.documents.store.moving import move_content
from services.documents.store.retention import delete_documents
from services.documents.store.tables import ProofDocumentRow as Row
from services.documents.usecases.not_found import proof_document_not_found
from services.documents.usecases.ports import DeletedDocument, MovedDocument, StoredProof

_FIELDS = tuple(ProofDocument.__dataclass_fields__)
_KIND = DocumentKind.PROOF


class ProofRepository:
    """The port ``usecases.ports.Proofs`` over PostgreSQL."""

    def __init__(self, session: Session, contents: DocumentContents) -> None:
        self._session = session
        self._contents = contents

    def next_number(self, record_number: str) -> int:
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(record_number))))
        last = select(func.max(Row.number)).where(Row.record_number == record_number)
        return int(self._session.scalar(last) or 0) + 1

    def add_proof(self, document: ProofDocument, content: bytes) -> None:
        values = {name: getattr(document, name) for name in _FIELDS}
        lies = self._contents.save(_KIND, content, document.document_id, document.added_at)
        self._session.execute(insert(Row).values(**{**lies, **values}))

    def list_proofs(self, record_number: str) -> list[ProofDocument]:
        columns = [getattr(Row, name) for name in _FIELDS]
        rows = self._session.execute(select(*columns).where(Row.record_number == record_number).order_by(Row.number))
        return [_document(row) for row in rows]

    def get_proof(self, record_number: str, document_id: str) -> StoredProof:
        row = self._session.get(Row, document_id)
        if row is None or row.record_number != record_number:
            raise proof_document_not_found()
        return StoredProof(_document(row), self._contents.load(_KIND, row, document_id))

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        old = select(Row).where(Row.added_at < day).order_by(Row.added_at)
        return delete_documents(self._session, self._contents, old, most)

    def move_next(self, after: str) -> MovedDocument | None:
        left = select(Row).where(Row.content.is_not(None), Row.document_id > after)
        return move_content(self._session, self._contents, _KIND, left, Row.document_id, Row.added_at)

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        return set(self._session.scalars(select(Row.blob).where(Row.blob.in_(names))))


def _document(row: Any) -> ProofDocument:
    return ProofDocument(**{name: getattr(row, name) for name in _FIELDS})
