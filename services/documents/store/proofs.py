"""Store: proof documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.documents.domain.proof import ProofDocument
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import ProofDocumentRow as Row
from services.documents.usecases.not_found import proof_document_not_found
from services.documents.usecases.ports import StoredProof

_FIELDS = tuple(ProofDocument.__dataclass_fields__)


class ProofRepository:
    """The port ``usecases.ports.Proofs`` over PostgreSQL."""

    def __init__(self, session: Session, ciphers: DocumentCiphers) -> None:
        self._session = session
        self._ciphers = ciphers

    def next_number(self, record_number: str) -> int:
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(record_number))))
        count = select(func.count()).select_from(Row).where(Row.record_number == record_number)
        return int(self._session.scalar(count) or 0) + 1

    def add_proof(self, document: ProofDocument, content: bytes) -> None:
        values = {name: getattr(document, name) for name in _FIELDS}
        sealed = self._ciphers.proof.seal(content, document.document_id)
        self._session.execute(insert(Row).values(**values, content=sealed))

    def list_proofs(self, record_number: str) -> list[ProofDocument]:
        columns = [getattr(Row, name) for name in _FIELDS]
        rows = self._session.execute(select(*columns).where(Row.record_number == record_number).order_by(Row.number))
        return [_document(row) for row in rows]

    def get_proof(self, record_number: str, document_id: str) -> StoredProof:
        row = self._session.get(Row, document_id)
        if row is None or row.record_number != record_number:
            raise proof_document_not_found()
        return StoredProof(_document(row), self._ciphers.proof.open(row.content, document_id))


def _document(row: Any) -> ProofDocument:
    return ProofDocument(**{name: getattr(row, name) for name in _FIELDS})
