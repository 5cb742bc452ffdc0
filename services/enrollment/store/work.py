"""Store: the unit of work with enrollment's repositories."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy.orm import Session

from chassis.db import Database, Transactions, UnitOfWork
from chassis.db.plumbing import Plumbing
from chassis.db.unit_of_work import EventTranslator
from services.enrollment.store.applications import StoredApplications
from services.enrollment.store.clients import StoredClients
from services.enrollment.store.places import StoredPlaces
from services.enrollment.store.submissions import StoredSubmissions
from services.enrollment.store.tables import PLUMBING
from services.enrollment.store.vault import Vault


class EnrollmentWork(UnitOfWork):
    def __init__(self, session: Session, plumbing: Plumbing, translate: EventTranslator, vault: Vault) -> None:
        super().__init__(session, plumbing, translate)
        self._vault = vault

    @cached_property
    def applications(self) -> StoredApplications:
        return StoredApplications(self.session, self._vault)

    @cached_property
    def clients(self) -> StoredClients:
        return StoredClients(self.session, self._vault)

    @cached_property
    def submissions(self) -> StoredSubmissions:
        return StoredSubmissions(self.session)

    @cached_property
    def places(self) -> StoredPlaces:
        return StoredPlaces(self.session)


def transactions(database: Database, vault: Vault, translate: EventTranslator) -> Transactions[EnrollmentWork]:
    """Opens enrollment's units of work."""

    def make(session: Session, plumbing: Plumbing, events: EventTranslator) -> EnrollmentWork:
        return EnrollmentWork(session, plumbing, events, vault)

    return Transactions(database, make, PLUMBING, translate)
