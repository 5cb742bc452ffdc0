"""Registers the feeds of outside subscribers: in the databases of the services, and at the broker (docs/adr/0047)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import MetaData

from chassis.bus import publish, topology
from chassis.bus.topology import FeedQueue
from chassis.db import Database, infrastructure_tables
from chassis.db.feeds import FeedState, FeedTables, read_feeds, remove_events, remove_feed, save_feed


def _tables() -> FeedTables:
    return infrastructure_tables(MetaData()).feeds


@dataclass(frozen=True)
class Feeds:
    """``databases``: by the name of the service. Raises Unavailable when one is away, and one of BROKER_ERRORS."""

    databases: Mapping[str, Database]
    amqp_url: str
    _tables: FeedTables = field(default_factory=_tables)

    def add(self, name: str, event_types: Sequence[str]) -> None:
        """Add a feed, or give it other event types, of what is sent from now on."""
        with publish.open_connection(self.amqp_url) as connection:
            topology.declare_feed(connection, FeedQueue(name))
        known = {service for service, state in self.list_states() if state.name == name}
        for service, database in self.databases.items():
            own = [event_type for event_type in event_types if event_type.startswith(f"{service}.")]
            if own or service in known:
                with database.transaction() as session:
                    save_feed(session, self._tables, name, own)

    def list_states(self) -> list[tuple[str, FeedState]]:
        """Service and state of each feed, by name."""
        found = []
        for service, database in self.databases.items():
            with database.transaction() as session:
                found += [(service, state) for state in read_feeds(session, self._tables)]
        return sorted(found, key=lambda one: (one[1].name, one[0]))

    def count_untaken(self, name: str) -> int:
        """Events that wait in the databases, or in the queue for its subscriber; one on its way counts twice."""
        with publish.open_connection(self.amqp_url) as connection:
            held = topology.count_messages(connection, FeedQueue(name))
        return held + sum(state.waiting for _, state in self.list_states() if state.name == name)

    def remove(self, name: str) -> None:
        """Remove a feed with all that waits in it."""
        for database in self.databases.values():
            # Relays lock the feed's own row, so that goes last and alone.
            with database.transaction() as session:
                if all(state.name != name for state in read_feeds(session, self._tables)):
                    continue
                save_feed(session, self._tables, name, ())
            left = True
            while left:
                with database.transaction() as session:
                    left = remove_events(session, self._tables, name)
            with database.transaction() as session:
                remove_feed(session, self._tables, name)
        with publish.open_connection(self.amqp_url) as connection:
            topology.delete_feed(connection, FeedQueue(name))
