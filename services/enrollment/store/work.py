"""Store: the unit of work with enrollment's repositories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy import insert
from sqlalchemy.orm import Session

from chassis.db import Database, Transactions, UnitOfWork
from chassis.db.plumbing import Plumbing
from chassis.db.unit_of_work import EventTranslator
from services.enrollment.store.application_lists import StoredLists
from services.enrollment.store.applications import StoredApplications
from services.enrollment.store.clients import StoredClients
from services.enrollment.store.duplicates import StoredDuplicates
from services.enrollment.store.places import StoredPlaces
from services.enrollment.store.radar import StoredRadar
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

    def record(
        self,
        at: datetime,
        actor: str,
        subject: str,
        action: str,
        summary: str,
        on_behalf_of: str = "",
        changed_fields: Sequence[str] = (),
    ) -> None:
        """With the fields that the act changed, beside what every service's audit rows say."""
        row = {"at": at, "actor": actor, "on_behalf_of": on_behalf_of, "subject": subject}
        said = {"action": action, "summary": summary, "changed_fields": list(changed_fields)}
        self.session.execute(insert(PLUMBING.audit).values(**row, **said))


def transactions(database: Database, vault: Vault, translate: EventTranslator) -> Transactions[EnrollmentWork]:
    """Opens enrollment's units of work."""

    def make(session: Session, plumbing: Plumbing, events: EventTranslator) -> EnrollmentWork:
        return EnrollmentWork(session, plumbing, events, vault)

    return Transactions(database, make, PLUMBING, translate)
