"""Store: the unit of work of pcp."""

from __future__ import annotations

from functools import cached_property

from chassis.db import Database, Transactions, UnitOfWork
from chassis.db.unit_of_work import EventTranslator
from services.pcp.store.assignments import AssignmentRepository
from services.pcp.store.directory import DirectoryRepository
from services.pcp.store.providers import ProviderRepository
from services.pcp.store.tables import PLUMBING


class PcpWork(UnitOfWork):
    """One transaction over directory and assignments."""

    @cached_property
    def providers(self) -> ProviderRepository:
        return ProviderRepository(self.session)

    @cached_property
    def assignments(self) -> AssignmentRepository:
        return AssignmentRepository(self.session)

    @cached_property
    def directory(self) -> DirectoryRepository:
        return DirectoryRepository(self.session)


def transactions(database: Database, translate: EventTranslator) -> Transactions[PcpWork]:
    """Opens the units of work of pcp."""
    return Transactions(database, PcpWork, PLUMBING, translate)
