"""Store: the unit of work of documents."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, Transactions, UnitOfWork
from chassis.db.plumbing import Plumbing
from chassis.db.unit_of_work import EventTranslator
from services.documents.store.documents import DocumentRepository
from services.documents.store.proofs import StoredProofs
from services.documents.store.tables import PLUMBING
from services.documents.store.vault import Vault


class DocumentsWork(UnitOfWork):
    def __init__(self, session: Session, plumbing: Plumbing, translate: EventTranslator, vault: Vault) -> None:
        super().__init__(session, plumbing, translate)
        self._vault = vault

    @cached_property
    def documents(self) -> DocumentRepository:
        return DocumentRepository(self.session, self._vault)

    @cached_property
    def proofs(self) -> StoredProofs:
        return StoredProofs(self.session, self._vault)


def transactions(database: Database, vault: Vault, translate: EventTranslator) -> Transactions[DocumentsWork]:
    """Opens the units of work of documents."""

    def make(session: Session, plumbing: Plumbing, events: EventTranslator) -> DocumentsWork:
        return DocumentsWork(session, plumbing, events, vault)

    return Transactions(database, make, PLUMBING, translate)
