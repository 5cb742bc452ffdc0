"""Store: the unit of work of payment."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.db import EventTranslator, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from services.payment.store.callbacks import StoredCallbacks
from services.payment.store.doors import StoredDoors
from services.payment.store.payments import StoredAttempts, StoredPayments


class UnitOfWork(PostgresUnitOfWork):
    """One transaction with the repositories of payment."""

    def __init__(self, session: Session, tables: InfrastructureTables, translate: EventTranslator) -> None:
        super().__init__(session, tables, translate)
        self.payments = StoredPayments(session)
        self.attempts = StoredAttempts(session)
        self.doors = StoredDoors(session)
        self.callbacks = StoredCallbacks(session)
