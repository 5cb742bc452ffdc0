"""How a worker's greenlets wait for PostgreSQL: until it answers, and no longer than it may take.

In a patched process psycopg2 bounds nothing that it waits for: ``connect_timeout`` is libpq's, for calls that block. A
connection that was begun while the network swallowed everything waited for the next SYN, up to half a minute after the
network was back, and an answer that a proxy on the way had lost was waited for without end.
"""

from __future__ import annotations

import time

import psycopg2
from eventlet.hubs import trampoline
from psycopg2 import extensions

from chassis.db.database import POOL_WAIT_SECONDS, STATEMENT_TIMEOUT_MS

# The server ends a statement at its own bound, and says so; this is for a way on which the answer is lost.
ANSWER_SECONDS = STATEMENT_TIMEOUT_MS / 1000 + POOL_WAIT_SECONDS
_CONNECTED = frozenset({extensions.STATUS_READY, extensions.STATUS_BEGIN, extensions.STATUS_PREPARED})


class NoAnswer(psycopg2.OperationalError):
    """In time; psycopg2 closes the connection then."""


def bound_database_waits() -> None:
    """For all connections of this process, from now on."""
    extensions.set_wait_callback(wait_for_database)


def wait_for_database(connection: extensions.connection) -> None:
    """Let other greenlets run until the connection has its answer. Raises NoAnswer."""
    seconds = ANSWER_SECONDS if connection.status in _CONNECTED else POOL_WAIT_SECONDS
    give_up_at = time.monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        trampoline(
            connection.fileno(),
            read=state == extensions.POLL_READ,
            write=state == extensions.POLL_WRITE,
            # never zero, which would be without a bound
            timeout=max(give_up_at - time.monotonic(), 0.001),
            timeout_exc=NoAnswer(f"no answer within {seconds:g} s"),
        )
