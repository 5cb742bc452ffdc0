"""Takes a mechanism from the chassis in this process, for the controls of the storm: what is promised must fail then.

The moment in which the mechanism is what helps lasts longer here than it does otherwise, as with a slow broker, so that
few kills are enough.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from google.protobuf import json_format

from chassis.bus.envelope import Envelope
from chassis.bus.publish import ConfirmedPublisher, open_connection
from chassis.bus.subscribe import Subscribe
from chassis.db import unit_of_work
from chassis.db.access_log import AccessLog
from chassis.db.unit_of_work import PostgresTransactions, PostgresUnitOfWork
from chassis.kernel import new_id

# Seconds of the dangerous moment: several messages are in it whenever a worker at work is killed.
PAUSE = 1.5
# What a submission causes and nothing but the inbox guards: the outcome has the application's status as a second guard,
# payment, assignment and PDF their keys.
GUARDED_BY_INBOX = "documents.application_pdf.rendered.v1"


def forget_messages() -> None:
    """Each delivery counts as the first; before its acknowledgement a kill has it delivered again."""
    acknowledge = Subscribe.handle_message_processed

    def acknowledge_later(subscriber: Subscribe, *handled: Any, **outcome: Any) -> None:
        if subscriber.event_queue.event_type == GUARDED_BY_INBOX:
            time.sleep(2 * PAUSE)
        acknowledge(subscriber, *handled, **outcome)

    Subscribe.handle_message_processed = acknowledge_later  # type: ignore[method-assign, assignment]  # that is the point
    PostgresUnitOfWork.accept_message = lambda *_: True  # type: ignore[method-assign]  # as above


def publish_directly() -> None:
    """Events leave after the commit without having been in it; what a kill finds between the two is gone."""

    def publish_event(work: PostgresUnitOfWork, event: object) -> None:
        out = work._translate(event)
        body = json_format.MessageToJson(out.message, indent=None).encode()
        envelope = Envelope(new_id(), out.type, out.subject, datetime.now(UTC), body, {})
        work.session.info.setdefault("events", []).append(envelope)

    @contextmanager
    def transaction(transactions: PostgresTransactions[Any]) -> Iterator[PostgresUnitOfWork]:
        with transactions._database.transaction() as session:
            yield transactions._make(session, transactions._tables, transactions._translate)
            session.flush()
        if events := session.info.pop("events", []):
            time.sleep(PAUSE)
            with open_connection(os.environ["AMQP_URL"]) as connection:
                ConfirmedPublisher(connection).publish_events(events)

    PostgresUnitOfWork.publish_event = publish_event  # type: ignore[method-assign, assignment]  # as above
    PostgresTransactions.__call__ = transaction  # type: ignore[method-assign, assignment]  # as above


def keep_no_audit() -> None:
    """Nobody is told who read or changed what: for benchmarks/security.py, which measures what that costs."""
    for insert in ("insert_audit", "insert_access"):
        setattr(unit_of_work, insert, lambda *_: None)
    AccessLog.write = lambda *_: None  # type: ignore[method-assign]  # that is the point


WITHOUT = {"inbox": forget_messages, "outbox": publish_directly, "audit": keep_no_audit}
