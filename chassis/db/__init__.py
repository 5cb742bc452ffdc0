"""PostgreSQL: connections, the unit of work, and the infrastructure tables that every service's database has."""

from chassis.db.database import Database
from chassis.db.forwarded import ForwardedMessages, create_forwarded
from chassis.db.infrastructure_tables import (
    add_outbox_next_try,
    create_infrastructure_tables,
    create_outbox_notification,
    drop_outbox_next_try,
    drop_outbox_notification,
    infrastructure_tables,
)
from chassis.db.notified_keys import NotifiedKeys
from chassis.db.unit_of_work import EventTranslator, OutgoingEvent, PostgresTransactions, PostgresUnitOfWork

__all__ = [
    "Database",
    "EventTranslator",
    "ForwardedMessages",
    "NotifiedKeys",
    "OutgoingEvent",
    "PostgresTransactions",
    "PostgresUnitOfWork",
    "add_outbox_next_try",
    "create_forwarded",
    "create_infrastructure_tables",
    "create_outbox_notification",
    "drop_outbox_next_try",
    "drop_outbox_notification",
    "infrastructure_tables",
]
