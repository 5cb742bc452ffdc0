"""PostgreSQL: connections, the unit of work, and the infrastructure tables that every service's database has."""

from chassis.db.audit_tables import create_audit_log, drop_audit_log
from chassis.db.database import Database
from chassis.db.feeds import create_feeds, drop_feeds
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
    "create_audit_log",
    "create_feeds",
    "create_forwarded",
    "create_infrastructure_tables",
    "create_outbox_notification",
    "drop_audit_log",
    "drop_feeds",
    "drop_outbox_next_try",
    "drop_outbox_notification",
    "infrastructure_tables",
]
