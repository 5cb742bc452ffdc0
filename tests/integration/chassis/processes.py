"""The toy service under test: its processes as they run in earnest, its database, its queues."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from chassis.bus import publish, topology
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.identity import TokenIssuer, generate_private_jwk, public_jwks
from tests.integration.chassis.toy.service import SERVICE, WRITTEN

MODULE = "tests.integration.chassis.toy"
QUEUE = topology.EventQueue("toy", WRITTEN)
# The real ladder takes more than an hour; this one shows the same three kinds of step.
SHORT_LADDER = "0,0,1"


class Toy:
    """One fresh toy: an empty database with its schema, empty queues, no process yet."""

    def __init__(self, amqp_url: str, database_url: str, logs: Path) -> None:
        self.amqp_url = amqp_url
        self.database = Database(database_url)
        self.service_key, self.gateway_key = generate_private_jwk("toy"), generate_private_jwk("gateway")
        self.trusted = public_jwks([self.service_key, self.gateway_key])
        self.issuer = TokenIssuer(self.service_key)
        self._logs = logs
        self._started: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "SUITE_ENV": "test",
            "AMQP_URL": amqp_url,
            "TOY_DATABASE_URL": database_url,
            "TOY_IDENTITY_KEY": self.service_key,
            "IDENTITY_TRUSTED_KEYS": self.trusted,
            "TOY_LADDER": SHORT_LADDER,
        }

    def migrate(self) -> None:
        """What the ``migrate`` command does, without a process for it."""
        upgrade_schema(self.database.engine, SERVICE.migrations)
        with publish.open_connection(self.amqp_url) as connection:
            topology.declare_exchange(connection, SERVICE.name)
            topology.declare_queues(connection, [QUEUE])

    def start(self, command: str, **extra: str) -> subprocess.Popen[bytes]:
        with self.log(command).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", MODULE, command],
                env={**os.environ, **self.environment, **extra},
                stdout=log,
                stderr=log,
            )
        self._started.append(process)
        return process

    def run(self, command: str, **extra: str) -> int:
        """Run a process to its end; gives its exit status."""
        return self.start(command, **extra).wait(timeout=60)

    def log(self, command: str) -> Path:
        return self._logs / f"{command}.log"

    def rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[Any]:
        with self.database.transaction() as session:
            return list(session.execute(text(query), values or {}))

    def change(self, statement: str) -> None:
        with self.database.transaction() as session:
            session.execute(text(statement))

    def count(self, table: str) -> int:
        return int(self.rows(f"select count(*) from {table}")[0][0])

    def messages(self, queue: str) -> list[Any]:
        """Take everything that waits in a queue."""
        with publish.open_connection(self.amqp_url) as connection, connection.channel() as channel:
            taken = iter(lambda: channel.basic_get(queue, no_ack=True), None)
            return list(taken)

    def waiting(self, queue: str) -> int:
        """How many messages are ready in a queue; what is with a worker does not count."""
        with publish.open_connection(self.amqp_url) as connection, connection.channel() as channel:
            return topology.count_ready(channel, queue)

    def close(self) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.database.close()
        with publish.open_connection(self.amqp_url) as connection, connection.channel() as channel:
            for queue in _all_queues():
                channel.queue_delete(queue)


def terminate(process: subprocess.Popen[bytes], seconds: float = 10) -> int:
    """Ask a process to stop as Kubernetes does; raises when it does not within the time."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=seconds)


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and body; status 0 while nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def _all_queues() -> list[str]:
    waiting = [QUEUE.retry(int(step)).name for step in SHORT_LADDER.split(",") if step != "0"]
    # the queue of its calls as well: it outlives the worker, and every toy shall begin as on a new broker
    return [*(queue.name for queue in QUEUE.all_queues()), *waiting, f"rpc-{SERVICE.name}"]
