"""Outbox -> RabbitMQ: the one place from which events leave (docs/adr/0005).

Several relays may run at once: rows are claimed with FOR UPDATE SKIP LOCKED, and only the oldest unsent row of each
subject is ever claimed, so the events of one application leave in the order written. A crash between publish and mark
sends an event again; the subscribers' inboxes absorb it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kombu import Connection
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from chassis import failpoints, telemetry
from chassis.bus import publish
from chassis.bus.envelope import Envelope
from chassis.bus.topology import declare_exchange
from chassis.db import Database
from chassis.db.infrastructure_tables import InfrastructureTables

# Rows of one transaction: enough to amortize the commit, few enough that a crash repeats little.
BATCH = 100
# How long an idle relay waits: adds half of it to an event's way on average, and costs ten cheap queries a second.
IDLE_SECONDS = 0.1
# After a failure of broker or database: long enough not to flood them, short enough to be back quickly.
FAILURE_PAUSE_SECONDS = 1.0
# How long rows are kept. Sent rows for questions and replays; inbox rows and forwarded messages longer than the longest
# retry, which ends after some 70 minutes, and than dead letters should wait for somebody (reliability.md 1.1).
KEPT = timedelta(days=14)
# No client repeats a command, keeping its key, after three days (reliability.md 1.8).
IDEMPOTENCY_KEYS_KEPT = timedelta(days=3)


class Relay:
    """Sends one service's outbox. ``needs_subscriber``: of each event type, whether a missing queue is a fault."""

    def __init__(
        self,
        service: str,
        database: Database,
        tables: InfrastructureTables,
        amqp_url: str,
        needs_subscriber: Mapping[str, bool],
    ) -> None:
        self._service = service
        self._database = database
        self._tables = tables
        self._amqp_url = amqp_url
        self._needs_subscriber = needs_subscriber
        self._log = telemetry.get_logger()
        self.healthy = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop.

        Whatever fails is tried again: a relay that ended quietly would leave its process looking well.
        """
        while not stop.is_set():
            try:
                with publish.open_connection(self._amqp_url) as connection:
                    self._send_over(connection, stop)
            except Exception as error:
                self.healthy.clear()
                self._log.warning("relay pauses", service=self._service, exc_info=error)
                stop.wait(FAILURE_PAUSE_SECONDS)

    def _send_over(self, connection: Connection, stop: threading.Event) -> None:
        declare_exchange(connection, self._service)
        publisher = publish.ConfirmedPublisher(connection)
        while not stop.is_set():
            sent = self.send_batch(publisher)
            self.healthy.set()
            if not sent:
                self._report_lag()
                _idle(connection)

    def send_batch(self, publisher: publish.ConfirmedPublisher) -> int:
        """Publish and mark one batch; gives how many were marked sent."""
        sent = 0
        with self._database.transaction() as session:
            for row in self._claim(session):
                outcome = self._publish(publisher, row)
                failpoints.trigger_failpoint("after publish before mark")
                sent += outcome != "unroutable"
                self._mark(session, row, outcome)
                telemetry.PUBLISHED.labels(self._service, outcome).inc()
        if sent:
            failpoints.trigger_failpoint("after mark")
        return sent

    def _claim(self, session: Session) -> list[Any]:
        outbox = self._tables.outbox
        earlier = aliased(outbox)
        has_earlier = (
            select(earlier.c.id)
            .where(earlier.c.sent_at.is_(None), earlier.c.subject == outbox.c.subject, earlier.c.id < outbox.c.id)
            .exists()
        )
        # what was refused before goes last: a batch of events without a queue must not hold up the others
        heads = (
            select(outbox)
            .where(outbox.c.sent_at.is_(None), ~has_earlier)
            .order_by(outbox.c.attempts, outbox.c.id)
            .limit(BATCH)
        )
        return list(session.execute(heads.with_for_update(skip_locked=True, of=outbox)))

    def _publish(self, publisher: publish.ConfirmedPublisher, row: Any) -> str:
        try:
            publisher.event(Envelope(row.event_id, row.type, row.subject, row.created_at, row.body, row.headers))
        except publish.Unroutable:
            if self._needs_subscriber.get(row.type, True):
                self._log.error("event finds no queue", event_type=row.type, event_id=row.event_id)
                return "unroutable"
            return "unheard"  # a value of a metric, which dashboards know
        return "sent"

    def _mark(self, session: Session, row: Any, outcome: str) -> None:
        outbox = self._tables.outbox
        change: dict[str, Any] = {"attempts": outbox.c.attempts + 1}
        if outcome == "unroutable":
            change["last_error"] = outcome
        else:
            change["sent_at"] = func.clock_timestamp()
        session.execute(outbox.update().where(outbox.c.id == row.id).values(change))

    def _report_lag(self) -> None:
        outbox = self._tables.outbox
        age_of_oldest = func.extract("epoch", func.clock_timestamp() - func.min(outbox.c.created_at))
        query = select(func.count(), func.coalesce(age_of_oldest, 0)).where(outbox.c.sent_at.is_(None))
        with self._database.transaction() as session:
            unsent, age = session.execute(query).one()
        telemetry.OUTBOX_UNSENT.labels(self._service).set(unsent)
        telemetry.OUTBOX_AGE.labels(self._service).set(float(age))

    def prune(self) -> None:
        """Remove rows that were sent long ago, and inbox rows and idempotency keys that no repeat can need any more."""
        tables = self._tables
        kept = (
            (tables.outbox.c.sent_at, KEPT),
            (tables.inbox.c.received_at, KEPT),
            (tables.forwarded.c.at, KEPT),
            (tables.idempotency.c.created_at, IDEMPOTENCY_KEYS_KEPT),
        )
        with self._database.transaction() as session:
            for column, period in kept:
                session.execute(delete(column.table).where(column < func.clock_timestamp() - period))


def _idle(connection: Connection) -> None:
    """Wait, and read what the broker says meanwhile: py-amqp counts its heartbeats only when somebody reads them."""
    try:
        connection.drain_events(timeout=IDLE_SECONDS)
    except TimeoutError:
        connection.heartbeat_check()
