"""Store: the unit of work with enrollment's repositories."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.unit_of_work import EventTranslator
from services.enrollment.store.application_lists import ApplicationListRepository
from services.enrollment.store.applications import ApplicationRepository
from services.enrollment.store.book import BookRepository
from services.enrollment.store.client_reviews import ClientReviewRepository
from services.enrollment.store.clients import ClientRepository
from services.enrollment.store.deadlines import DeadlineRepository
from services.enrollment.store.duplicates import DuplicateRepository
from services.enrollment.store.geography import GeographyRepository
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import INFRASTRUCTURE


class UnitOfWork(PostgresUnitOfWork):
    def __init__(
        self, session: Session, tables: InfrastructureTables, translate: EventTranslator, encryption: SsnEncryption
    ) -> None:
        super().__init__(session, tables, translate)
        self._encryption = encryption

    @cached_property
    def applications(self) -> ApplicationRepository:
        return ApplicationRepository(self.session, self._encryption)

    @cached_property
    def clients(self) -> ClientRepository:
        return ClientRepository(self.session, self._encryption)

    @cached_property
    def duplicates(self) -> DuplicateRepository:
        return DuplicateRepository(self.session, self._encryption)

    @cached_property
    def client_reviews(self) -> ClientReviewRepository:
        return ClientReviewRepository(self.session, self._encryption.birth_dates.shown)

    @cached_property
    def lists(self) -> ApplicationListRepository:
        return ApplicationListRepository(self.session)

    @cached_property
    def book(self) -> BookRepository:
        return BookRepository(self.session)

    @cached_property
    def deadlines(self) -> DeadlineRepository:
        return DeadlineRepository(self.session)

    @cached_property
    def places(self) -> GeographyRepository:
        return GeographyRepository(self.session)


def make_transactions(
    database: Database, encryption: SsnEncryption, translate: EventTranslator
) -> PostgresTransactions[UnitOfWork]:
    """Opens enrollment's units of work."""

    def make(session: Session, tables: InfrastructureTables, events: EventTranslator) -> UnitOfWork:
        return UnitOfWork(session, tables, events, encryption)

    return PostgresTransactions(database, make, INFRASTRUCTURE, translate)
