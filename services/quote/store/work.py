"""Store: the unit of work of quote."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.unit_of_work import EventTranslator
from services.quote.store.birth_date_encryption import BirthDateEncryption
from services.quote.store.quotes import QuoteRepository
from services.quote.store.share_links import ShareLinkRepository
from services.quote.store.tables import INFRASTRUCTURE


class UnitOfWork(PostgresUnitOfWork):
    def __init__(
        self,
        session: Session,
        tables: InfrastructureTables,
        translate: EventTranslator,
        birth_dates: BirthDateEncryption,
    ) -> None:
        super().__init__(session, tables, translate)
        self._birth_dates = birth_dates

    @cached_property
    def quotes(self) -> QuoteRepository:
        return QuoteRepository(self.session, self._birth_dates)

    @cached_property
    def share_links(self) -> ShareLinkRepository:
        return ShareLinkRepository(self.session)


def make_transactions(
    database: Database, birth_dates: BirthDateEncryption, translate: EventTranslator
) -> PostgresTransactions[UnitOfWork]:
    """Opens quote's units of work."""

    def make(session: Session, tables: InfrastructureTables, events: EventTranslator) -> UnitOfWork:
        return UnitOfWork(session, tables, events, birth_dates)

    return PostgresTransactions(database, make, INFRASTRUCTURE, translate)
