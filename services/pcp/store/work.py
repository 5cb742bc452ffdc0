"""Store: the unit of work of pcp."""

from __future__ import annotations

from functools import cached_property

from chassis.db import Database, PostgresTransactions, PostgresUnitOfWork
from chassis.db.unit_of_work import EventTranslator
from services.pcp.store.assignments import AssignmentRepository
from services.pcp.store.directory import DirectoryRepository
from services.pcp.store.providers import ProviderRepository
from services.pcp.store.registrations import RegistrationRepository
from services.pcp.store.reports import ReportRepository
from services.pcp.store.tables import INFRASTRUCTURE


class UnitOfWork(PostgresUnitOfWork):
    """One transaction over directory, assignments and reports."""

    @cached_property
    def providers(self) -> ProviderRepository:
        return ProviderRepository(self.session)

    @cached_property
    def assignments(self) -> AssignmentRepository:
        return AssignmentRepository(self.session)

    @cached_property
    def directory(self) -> DirectoryRepository:
        return DirectoryRepository(self.session)

    @cached_property
    def reports(self) -> ReportRepository:
        return ReportRepository(self.session)

    @cached_property
    def registrations(self) -> RegistrationRepository:
        return RegistrationRepository(self.session)


def make_transactions(database: Database, translate: EventTranslator) -> PostgresTransactions[UnitOfWork]:
    """Opens the units of work of pcp."""
    return PostgresTransactions(database, UnitOfWork, INFRASTRUCTURE, translate)
