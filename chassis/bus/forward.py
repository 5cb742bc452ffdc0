"""Feeds -> the queues of outside subscribers (docs/adr/0047).

Each feed has a forwarder of its own, with its own thread and its own connection to the broker. A queue that is full,
gone or without a leader stops its own forwarder: the relay does not wait for it, and what is not delivered waits in the
database.
"""

from __future__ import annotations

import select as sockets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kombu import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis import failpoints, telemetry
from chassis.bus import headers, publish
from chassis.bus.envelope import Envelope
from chassis.bus.relay import (
    BATCH,
    FAILURE_PAUSE_SECONDS,
    FIRST_REST_SECONDS,
    LONGEST_REST_SECONDS,
    LOOK_SECONDS,
    REPORT_SECONDS,
    WAKE_SECONDS,
    read_broker,
)
from chassis.bus.topology import FeedQueue, declare_feed
from chassis.db import Database
from chassis.db.feeds import FeedTables, claim_feed, find_waiting, list_due, mark_delivered, read_feeds
from chassis.kernel import Unavailable


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A service's database with its part of the feeds."""

    database: Database
    tables: FeedTables


class FeedForwarder:
    """Delivers one feed into its queue, the part of each service in the order of its numbers."""

    def __init__(self, feed: str, sources: Mapping[str, FeedSource], amqp_url: str) -> None:
        self._feed = feed
        self._sources = sources
        self._amqp_url = amqp_url
        self._queue = FeedQueue(feed)
        self._due = threading.Event()
        # After so many tries one after the other that the queue did not take everything.
        self._refusals = 0
        self._log = telemetry.get_logger()
        self.rounds = 0

    def wake(self) -> None:
        """Something waits."""
        self._due.set()

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop; whatever fails is tried again."""
        while not stop.is_set():
            try:
                with publish.open_connection(self._amqp_url) as connection, publish.leaving_when_lost(connection):
                    self._forward_over(connection, stop)
            except Exception as error:
                self._log.warning("feed pauses", queue=self._queue.name, exc_info=error)
                self._rest(stop)

    def _forward_over(self, connection: Connection, stop: threading.Event) -> None:
        declare_feed(connection, self._queue)
        publisher = publish.ConfirmedPublisher(connection)
        while not stop.is_set():
            self._due.clear()
            delivered = [self._forward_from(service, publisher) for service in self._sources]
            self.rounds += 1
            if not any(delivered):
                self._wait(connection, stop)

    def _forward_from(self, service: str, publisher: publish.ConfirmedPublisher) -> int:
        """The database of another service may answer although this one does not."""
        try:
            return self.forward_batch(service, publisher)
        except (Unavailable, SQLAlchemyError) as away:
            self._log.warning("feed not read", queue=self._queue.name, service=service, exc_info=away)
            return 0

    def forward_batch(self, service: str, publisher: publish.ConfirmedPublisher) -> int:
        """Publish and mark one batch; gives how many were delivered.

        Raises Refused when the queue did not take all of them, TimeoutError when not all were answered, and one of
        BROKER_ERRORS when the connection is lost.
        """
        source = self._sources[service]
        with source.database.transaction() as session:
            if not session.execute(claim_feed(self._feed)).scalar():
                return 0  # another replica delivers it
            rows = session.execute(find_waiting(source.tables, self._feed, BATCH)).all()
            if not rows:
                return 0
            outcomes = publisher.publish_events([_envelope(row) for row in rows], self._queue.name)
            failpoints.trigger_failpoint("after forward before mark", service)
            said_yes = publish.Outcome.CONFIRMED
            confirmed = [row.sequence for row, said in zip(rows, outcomes, strict=True) if said is said_yes]
            if confirmed:
                session.execute(mark_delivered(source.tables, self._feed, confirmed))
        self._count(outcomes)
        if publish.Outcome.UNCONFIRMED in outcomes:
            raise TimeoutError  # the connection may be dead
        if len(confirmed) < len(rows):
            raise Refused
        self._refusals = 0
        return len(confirmed)

    def _count(self, outcomes: Sequence[publish.Outcome]) -> None:
        for outcome in outcomes:
            telemetry.FORWARDED.labels(self._feed, outcome.name.lower()).inc()

    def _rest(self, stop: threading.Event) -> None:
        """Longer each time, while the loop is seen to go round."""
        seconds = min(FIRST_REST_SECONDS * 2 ** min(self._refusals, 10), LONGEST_REST_SECONDS)
        self._refusals += 1
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            self.rounds += 1
            stop.wait(min(left, FAILURE_PAUSE_SECONDS))

    def _wait(self, connection: Connection, stop: threading.Event) -> None:
        """Until something waits; what the broker says meanwhile is read, heartbeats among it."""
        broker = connection.connection.sock
        while not stop.is_set() and not self._due.is_set():
            self.rounds += 1
            if sockets.select([broker], [], [], WAKE_SECONDS)[0]:
                read_broker(connection)
            connection.heartbeat_check()


class Refused(Exception):
    """The queue is full, has no leader, or is not there: it took a part or nothing."""


class FeedForwarders:
    """Runs a forwarder for each feed that is registered, and ends it when the feed is removed."""

    def __init__(self, sources: Mapping[str, FeedSource], amqp_url: str) -> None:
        self._sources = sources
        self._amqp_url = amqp_url
        self._running: dict[str, _Running] = {}
        self._due = threading.Event()
        self._seen: dict[str, int] = {}
        # The feeds of each service, as it last said.
        self._registered: dict[str, set[str]] = {}
        self._reported_at: dict[str, float] = {}
        self._log = telemetry.get_logger()
        # Goes on only while every forwarder's loop does.
        self.rounds = 0

    def wake(self) -> None:
        """Events were numbered: a relay of this process has sent some."""
        self._due.set()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._due.clear()
            due = {name for service in self._sources for name in self._look(service)}
            self._follow_registrations()
            for name in due & self._running.keys():
                self._running[name].forwarder.wake()
            self._count_round()
            self._due.wait(LOOK_SECONDS)
        for one in self._running.values():
            one.end()

    def _look(self, service: str) -> set[str]:
        """The feeds of a service for which something waits; those that run go on while its database is away."""
        source = self._sources[service]
        try:
            with source.database.transaction() as session:
                found = session.execute(list_due(source.tables)).all()
                self._report(session, service)
        except (Unavailable, SQLAlchemyError) as away:
            self._log.warning("feeds not read", service=service, exc_info=away)
            return set()
        self._registered[service] = {row.name for row in found}
        return {row.name for row in found if row.is_due}

    def _follow_registrations(self) -> None:
        services: dict[str, set[str]] = {}
        for service, names in self._registered.items():
            for name in names:
                services.setdefault(name, set()).add(service)
        for name in [name for name, one in self._running.items() if one.services != frozenset(services.get(name, ()))]:
            self._running.pop(name).end()
        for name in services.keys() - self._running.keys():
            sources = {service: self._sources[service] for service in sorted(services[name])}
            self._running[name] = _Running(FeedForwarder(name, sources, self._amqp_url), frozenset(sources))

    def _report(self, session: Session, service: str) -> None:
        if time.monotonic() - self._reported_at.get(service, float("-inf")) < REPORT_SECONDS:
            return
        self._reported_at[service] = time.monotonic()
        for state in read_feeds(session, self._sources[service].tables):
            telemetry.FEED_WAITING.labels(state.name, service).set(state.waiting)
            telemetry.FEED_AGE.labels(state.name, service).set(state.waiting_seconds)

    def _count_round(self) -> None:
        rounds = {name: one.forwarder.rounds for name, one in self._running.items()}
        if all(self._seen.get(name) != count for name, count in rounds.items()):
            self._seen = rounds
            self.rounds += 1


class _Running:
    """A forwarder in its thread."""

    def __init__(self, forwarder: FeedForwarder, services: frozenset[str]) -> None:
        self.forwarder = forwarder
        self.services = services
        self._stop = threading.Event()
        # It may wait seconds for a broker that says nothing; the process does not wait for it.
        threading.Thread(target=forwarder.run, args=(self._stop,), name="feed", daemon=True).start()

    def end(self) -> None:
        self._stop.set()


def _envelope(row: Any) -> Envelope:
    extra = {**row.headers, headers.SEQUENCE: row.sequence}
    return Envelope(row.event_id, row.type, row.subject, row.created_at, row.body, extra)
