"""Store: the unit of work of documents."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.unit_of_work import EventTranslator
from services.documents.store.documents import DocumentRepository
from services.documents.store.proofs import StoredProofs
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.vault import Vault


class UnitOfWork(PostgresUnitOfWork):
    def __init__(
        self, session: Session, tables: InfrastructureTables, translate: EventTranslator, vault: Vault
    ) -> None:
        super().__init__(session, tables, translate)
        self._vault = vault

    @cached_property
    def documents(self) -> DocumentRepository:
        return DocumentRepository(self.session, self._vault)

    @cached_property
    def proofs(self) -> StoredProofs:
        return StoredProofs(self.session, self._vault)


def transactions(database: Database, vault: Vault, translate: EventTranslator) -> PostgresTransactions[UnitOfWork]:
    """Opens the units of work of documents."""

    def make(session: Session, tables: InfrastructureTables, events: EventTranslator) -> UnitOfWork:
        return UnitOfWork(session, tables, events, vault)

    return PostgresTransactions(database, make, INFRASTRUCTURE, translate)
