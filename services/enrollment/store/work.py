"""Store: the unit of work with enrollment's repositories."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from chassis.db.unit_of_work import EventTranslator
from services.enrollment.store.application_lists import StoredLists
from services.enrollment.store.applications import StoredApplications
from services.enrollment.store.clients import StoredClients
from services.enrollment.store.duplicates import StoredDuplicates
from services.enrollment.store.places import StoredPlaces
from services.enrollment.store.radar import StoredRadar
from services.enrollment.store.submissions import StoredSubmissions
from services.enrollment.store.tables import INFRASTRUCTURE
from services.enrollment.store.vault import Vault


class UnitOfWork(PostgresUnitOfWork):
    def __init__(
        self, session: Session, tables: InfrastructureTables, translate: EventTranslator, vault: Vault
    ) -> None:
        super().__init__(session, tables, translate)
        self._vault = vault

    @cached_property
    def applications(self) -> StoredApplications:
        return StoredApplications(self.session, self._vault)

    @cached_property
    def clients(self) -> StoredClients:
        return StoredClients(self.session, self._vault)

    @cached_property
    def duplicates(self) -> StoredDuplicates:
        return StoredDuplicates(self.session, self._vault)

    @cached_property
    def submissions(self) -> StoredSubmissions:
        return StoredSubmissions(self.session)

    @cached_property
    def lists(self) -> StoredLists:
        return StoredLists(self.session)

    @cached_property
    def radar(self) -> StoredRadar:
        return StoredRadar(self.session)

    @cached_property
    def places(self) -> StoredPlaces:
        return StoredPlaces(self.session)


def transactions(database: Database, vault: Vault, translate: EventTranslator) -> PostgresTransactions[UnitOfWork]:
    """Opens enrollment's units of work."""

    def make(session: Session, tables: InfrastructureTables, events: EventTranslator) -> UnitOfWork:
        return UnitOfWork(session, tables, events, vault)

    return PostgresTransactions(database, make, INFRASTRUCTURE, translate)
