"""Store: proof documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.documents.domain.proof import ProofDocument
from services.documents.store.tables import ProofDocumentRow as Row
from services.documents.store.vault import Vault
from services.documents.usecases.ports import KeptProof
from services.documents.usecases.read_proofs import unknown_document

_FIELDS = tuple(ProofDocument.__dataclass_fields__)


class StoredProofs:
    """The port ``usecases.ports.Proofs`` over PostgreSQL."""

    def __init__(self, session: Session, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    def next_number(self, record_number: str) -> int:
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtext(record_number))))
        count = select(func.count()).select_from(Row).where(Row.record_number == record_number)
        return int(self._session.scalar(count) or 0) + 1

    def add(self, document: ProofDocument, content: bytes) -> None:
        values = {name: getattr(document, name) for name in _FIELDS}
        sealed = self._vault.proof.seal(content, document.document_id)
        self._session.execute(insert(Row).values(**values, content=sealed))

    def of(self, record_number: str) -> list[ProofDocument]:
        columns = [getattr(Row, name) for name in _FIELDS]
        rows = self._session.execute(select(*columns).where(Row.record_number == record_number).order_by(Row.number))
        return [_document(row) for row in rows]

    def get(self, record_number: str, document_id: str) -> KeptProof:
        row = self._session.get(Row, document_id)
        if row is None or row.record_number != record_number:
            raise unknown_document()
        return KeptProof(_document(row), self._vault.proof.open(row.content, document_id))


def _document(row: Any) -> ProofDocument:
    return ProofDocument(**{name: getattr(row, name) for name in _FIELDS})
