"""Store: the unit of work of documents."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.unit_of_work import EventTranslator
from services.documents.store.application_pdfs import ApplicationPdfRepository
from services.documents.store.carrier_answers import CarrierAnswerRepository
from services.documents.store.carrier_files import CarrierFileRepository
from services.documents.store.contents import DocumentContents
from services.documents.store.proofs import ProofRepository
from services.documents.store.tables import INFRASTRUCTURE


class UnitOfWork(PostgresUnitOfWork):
    def __init__(
        self, session: Session, tables: InfrastructureTables, translate: EventTranslator, contents: DocumentContents
    ) -> None:
        super().__init__(session, tables, translate)
        self._contents = contents

    @cached_property
    def application_pdfs(self) -> ApplicationPdfRepository:
        return ApplicationPdfRepository(self.session, self._contents)

    @cached_property
    def proofs(self) -> ProofRepository:
        return ProofRepository(self.session, self._contents)

    @cached_property
    def carrier_files(self) -> CarrierFileRepository:
        return CarrierFileRepository(self.session)

    @cached_property
    def carrier_answers(self) -> CarrierAnswerRepository:
        return CarrierAnswerRepository(self.session)


def make_transactions(
    database: Database, contents: DocumentContents, translate: EventTranslator
) -> PostgresTransactions[UnitOfWork]:
    """Opens the units of work of documents."""

    def make(session: Session, tables: InfrastructureTables, events: EventTranslator) -> UnitOfWork:
        return UnitOfWork(session, tables, events, contents)

    return PostgresTransactions(database, make, INFRASTRUCTURE, translate)
