"""Store: the unit of work of pcp."""

from __future__ import annotations

from functools import cached_property

from chassis.db import UnitOfWork
from services.pcp.store.assignments import AssignmentRepository
from services.pcp.store.providers import ProviderRepository
from services.pcp.store.shelf import DirectoryShelf


class PcpWork(UnitOfWork):
    """One transaction over directory and assignments."""

    @cached_property
    def providers(self) -> ProviderRepository:
        return ProviderRepository(self.session)

    @cached_property
    def assignments(self) -> AssignmentRepository:
        return AssignmentRepository(self.session)

    @cached_property
    def shelf(self) -> DirectoryShelf:
        return DirectoryShelf(self.session)
