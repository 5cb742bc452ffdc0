"""PostgreSQL: connections, the unit of work, and the plumbing tables that every service's database has."""

from chassis.db.database import Database
from chassis.db.forwarded import ForwardedMessages, create_forwarded
from chassis.db.plumbing import create_plumbing, plumbing_tables
from chassis.db.unit_of_work import EventTranslator, OutgoingEvent, Transactions, UnitOfWork

__all__ = [
    "Database",
    "EventTranslator",
    "ForwardedMessages",
    "OutgoingEvent",
    "Transactions",
    "UnitOfWork",
    "create_forwarded",
    "create_plumbing",
    "plumbing_tables",
]
