"""Outbox -> RabbitMQ: the one place from which events leave (docs/adr/0005).

Several relays may run at once: rows are claimed with FOR UPDATE SKIP LOCKED, and only the oldest unsent row of each
subject is ever claimed, so the events of one application leave in the order written. A crash between publish and mark
sends an event again; the subscribers' inboxes absorb it.
"""

from __future__ import annotations

import select as sockets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from kombu import Connection
from sqlalchemy import ARRAY, BigInteger, Executable, any_, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from chassis import failpoints, telemetry
from chassis.bus import publish
from chassis.bus.envelope import Envelope
from chassis.bus.topology import FeedQueue, declare_exchange
from chassis.db import Database
from chassis.db.batching import deferred
from chassis.db.database import Notifications
from chassis.db.feeds import count_expired, lock_feeds, number_events
from chassis.db.infrastructure_tables import OUTBOX_CHANNEL, InfrastructureTables

# Rows of one transaction: enough to amortize the commit, few enough that a crash repeats little.
BATCH = 100
# An idle relay is woken by the database at each commit with an event. A notification that was lost, or an event that
# found no queue, waits for the next look: seldom enough to cost nothing, soon enough for a person who waits.
LOOK_SECONDS = 2.0
# How long an idle relay needs to notice that it should stop, and how long it leaves the broker's heartbeat unread.
WAKE_SECONDS = 0.5
# What is read is there already; py-amqp goes on reading after a heartbeat, and the database must not wait for that.
READ_SECONDS = 0.001
# The lag is for dashboards, which read it every 15 s or more.
REPORT_SECONDS = 5.0
# After a failure of broker or database: long enough not to flood them, short enough to be back quickly.
FAILURE_PAUSE_SECONDS = 1.0
# Outcomes after which an event stays unsent.
_WAITS = frozenset({"refused", "unroutable", "unconfirmed"})
# How long such an event rests before it is tried again, twice as long each time: so soon after a queue was emptied, and
# so seldom that what is published to the other queues again and again, or waited for, is no burden.
FIRST_REST_SECONDS = 2
LONGEST_REST_SECONDS = 60
# How long rows are kept. Sent rows for questions and replays; inbox rows and forwarded messages longer than the longest
# retry, which ends after some 70 minutes, and than dead letters should wait for somebody (reliability.md 1.1).
KEPT = timedelta(days=14)
# No client repeats a command, keeping its key, after three days (reliability.md 1.8).
IDEMPOTENCY_KEYS_KEPT = timedelta(days=3)


class Relay:
    """Sends one service's outbox. ``needs_subscriber``: of each event type, whether a missing queue is a fault;
    ``on_sent``: called after each commit that marked events as sent.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        tables: InfrastructureTables,
        amqp_url: str,
        needs_subscriber: Mapping[str, bool],
        on_sent: Callable[[], None] = lambda: None,
    ) -> None:
        self._service = service
        self._database = database
        self._tables = tables
        self._amqp_url = amqp_url
        self._needs_subscriber = needs_subscriber
        # Feeds may have something new.
        self._on_sent = on_sent
        self._claim_heads, self._mark_done, self._mark_waiting, self._measure_lag = _statements(tables)
        self._lock_feeds, self._number_events = (
            deferred(lock_feeds(tables.feeds)),
            deferred(number_events(tables.feeds)),
        )
        self._reported_at = float("-inf")
        # Whether the last batch was full, or an event in it has another one of its subject behind it.
        self._leaves_more = False
        self._log = telemetry.get_logger()
        self.healthy = threading.Event()
        # How often its loop went round.
        self.rounds = 0

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop.

        Whatever fails is tried again: a relay that ended quietly would leave its process looking well.
        """
        while not stop.is_set():
            try:
                with publish.open_connection(self._amqp_url) as connection, publish.leaving_when_lost(connection):
                    self._send_over(connection, stop)
            except Exception as error:
                self.healthy.clear()
                self._log.warning("relay pauses", service=self._service, exc_info=error)
                self.rounds += 1
                stop.wait(FAILURE_PAUSE_SECONDS)

    def _send_over(self, connection: Connection, stop: threading.Event) -> None:
        declare_exchange(connection, self._service)
        publisher = publish.ConfirmedPublisher(connection)
        # it listens before the first look, so that nothing is committed unheard between the two
        with self._database.listen(OUTBOX_CHANNEL) as notifications:
            while not stop.is_set():
                sent = self.send_batch(publisher)
                self.healthy.set()
                self._report_lag()
                self.rounds += 1
                if not (sent and self._leaves_more):
                    self._wait(connection, notifications, stop)

    def send_batch(self, publisher: publish.ConfirmedPublisher) -> int:
        """Publish and mark one batch; gives how many were marked sent."""
        with self._database.transaction() as session:
            rows = self._claim(session)
            if not rows:
                return 0
            # what is committed after the claim is notified, also when that is before the batch is marked
            self._leaves_more = len(rows) == BATCH or any(row.followed for row in rows)
            outcomes = self._publish(publisher, rows)
            failpoints.trigger_failpoint("after publish before mark", self._service)
            done = self._mark(session, rows, outcomes)
        if done:
            failpoints.trigger_failpoint("after mark", self._service)
            self._on_sent()
        if set(outcomes) == {"unconfirmed"}:
            raise TimeoutError  # the connection may be dead
        return done

    def _claim(self, session: Session) -> list[Any]:
        return list(session.execute(self._claim_heads))

    def _publish(self, publisher: publish.ConfirmedPublisher, rows: Sequence[Any]) -> list[str]:
        """Values of a metric, which dashboards know."""
        envelopes = [
            Envelope(row.event_id, row.type, row.subject, row.created_at, row.body, row.headers) for row in rows
        ]
        outcomes = [self._judge(row, said) for row, said in zip(rows, publisher.publish_events(envelopes), strict=True)]
        for outcome in outcomes:
            telemetry.PUBLISHED.labels(self._service, outcome).inc()
        return outcomes

    def _judge(self, row: Any, said: publish.Outcome) -> str:
        if said is publish.Outcome.CONFIRMED:
            return "sent"
        if said is publish.Outcome.REFUSED:
            self._log.error("event is refused", event_type=row.type, event_id=row.event_id)
            return "refused"
        if said is publish.Outcome.UNCONFIRMED:
            self._log.error("event is not confirmed", event_type=row.type, event_id=row.event_id)
            return "unconfirmed"
        if self._needs_subscriber.get(row.type, True):
            self._log.error("event finds no queue", event_type=row.type, event_id=row.event_id)
            return "unroutable"
        return "unheard"

    def _mark(self, session: Session, rows: Sequence[Any], outcomes: Sequence[str]) -> int:
        waiting = [(row.id, outcome) for row, outcome in zip(rows, outcomes, strict=True) if outcome in _WAITS]
        done = [row.id for row, outcome in zip(rows, outcomes, strict=True) if outcome not in _WAITS]
        if done:
            session.execute(self._mark_done, {"ids": done})
            session.execute(self._lock_feeds)
            session.execute(self._number_events, {"ids": done})
        for error in {outcome for _, outcome in waiting}:
            ids = [row_id for row_id, outcome in waiting if outcome == error]
            session.execute(self._mark_waiting, {"ids": ids, "error": error})
        return len(done)

    def _wait(self, connection: Connection, notifications: Notifications, stop: threading.Event) -> None:
        """Wait for the next commit with an event, or for the next look.

        What the broker says meanwhile is read: py-amqp counts its heartbeats only when somebody reads them.
        """
        broker = connection.connection.sock
        look_at = time.monotonic() + LOOK_SECONDS
        while not stop.is_set() and time.monotonic() < look_at:
            self.rounds += 1
            readable, _, _ = sockets.select([notifications, broker], [], [], WAKE_SECONDS)
            if broker in readable:
                read_broker(connection)
            connection.heartbeat_check()
            if notifications in readable and notifications.take():
                return

    def _report_lag(self) -> None:
        if time.monotonic() - self._reported_at < REPORT_SECONDS:
            return
        self._reported_at = time.monotonic()
        with self._database.transaction() as session:
            unsent, age = session.execute(self._measure_lag).one()
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
            for feed, count in session.execute(count_expired(tables.feeds, KEPT)):
                telemetry.FEED_EXPIRED.labels(feed).inc(count)
                self._log.error("events of a feed expire undelivered", queue=FeedQueue(feed).name, count=count)
            for column, period in kept:
                session.execute(delete(column.table).where(column < func.clock_timestamp() - period))


def _statements(tables: InfrastructureTables) -> tuple[Executable, Executable, Executable, Executable]:
    """Claim, mark as done, mark as waiting, measure the lag: built once, for they are the same each time."""
    outbox = tables.outbox
    earlier = aliased(outbox)
    has_earlier = (
        select(earlier.c.id)
        .where(earlier.c.sent_at.is_(None), earlier.c.subject == outbox.c.subject, earlier.c.id < outbox.c.id)
        .exists()
    )
    # what was refused before goes last: a batch of events without a queue must not hold up the others
    later = earlier.c.subject == outbox.c.subject, earlier.c.id > outbox.c.id
    followed = select(earlier.c.id).where(earlier.c.sent_at.is_(None), *later).exists().label("followed")
    rested = or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= func.clock_timestamp())
    heads = (
        select(outbox, followed)
        .where(outbox.c.sent_at.is_(None), rested, ~has_earlier)
        .order_by(outbox.c.attempts, outbox.c.id)
    )
    claim = heads.limit(BATCH).with_for_update(skip_locked=True, of=outbox)
    ids = outbox.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    tried = outbox.update().where(ids).values(attempts=outbox.c.attempts + 1)
    # the exponent is bounded, too: an event may wait for years
    rest = func.least(FIRST_REST_SECONDS * func.power(2, func.least(outbox.c.attempts, 10)), LONGEST_REST_SECONDS)
    next_try_at = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, rest)
    age_of_oldest = func.extract("epoch", func.clock_timestamp() - func.min(outbox.c.created_at))
    lag = select(func.count(), func.coalesce(age_of_oldest, 0)).where(outbox.c.sent_at.is_(None))
    return (
        claim,
        deferred(tried.values(sent_at=func.clock_timestamp())),
        deferred(tried.values(last_error=bindparam("error"), next_try_at=next_try_at)),
        lag,
    )


def read_broker(connection: Connection) -> None:
    """Take what the broker has said, heartbeats among it; it does not wait."""
    try:
        connection.drain_events(timeout=READ_SECONDS)
    except TimeoutError:
        return  # it was a heartbeat, which nobody is told of
