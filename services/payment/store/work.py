"""Store: the unit of work of payment."""

from __future__ import annotations

from sqlalchemy.orm import Session

from chassis.db import Database, EventTranslator, PostgresTransactions, PostgresUnitOfWork
from chassis.db.infrastructure_tables import InfrastructureTables
from services.payment.store.page_sessions import PageSessionRepository
from services.payment.store.payment_links import PaymentLinkRepository
from services.payment.store.payments import AttemptRepository, PaymentRepository
from services.payment.store.subscribers import SubscriberRepository
from services.payment.store.tables import INFRASTRUCTURE
from services.payment.store.webhooks import WebhookRepository


class UnitOfWork(PostgresUnitOfWork):
    """One transaction with the repositories of payment."""

    def __init__(self, session: Session, tables: InfrastructureTables, translate: EventTranslator) -> None:
        super().__init__(session, tables, translate)
        self.payments = PaymentRepository(session)
        self.attempts = AttemptRepository(session)
        self.payment_links = PaymentLinkRepository(session)
        self.page_sessions = PageSessionRepository(session)
        self.subscribers = SubscriberRepository(session)
        self.webhooks = WebhookRepository(session)


def make_transactions(database: Database, translate: EventTranslator) -> PostgresTransactions[UnitOfWork]:
    """Opens the units of work of payment."""
    return PostgresTransactions(database, UnitOfWork, INFRASTRUCTURE, translate)
