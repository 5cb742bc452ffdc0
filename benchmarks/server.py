"""A PostgreSQL of its own for a measurement, with its usual settings and an empty database."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.servers import databases, postgres
from deploy.local.supervisor import Supervisor
from deploy.local.waiting import wait_until

STARTED_WITHIN = 90.0


@dataclass(frozen=True, slots=True)
class BenchmarkServer:
    """``url``: of the empty database, for its owner; ``pid``: of the server, whose children are its connections."""

    url: str
    pid: int


@contextmanager
def run_server() -> Iterator[BenchmarkServer]:
    """It is gone, and all its data with it, when the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        state.chmod(0o755)  # the server does not run as root
        server = postgres.start_embedded(state, secrets.token_urlsafe(12))
        supervisor = Supervisor(state)
        try:
            supervisor.start(*server.children)
            if not wait_until(lambda: postgres.is_postgres_up(server.url), STARTED_WITHIN):
                raise SystemExit("PostgreSQL did not start.")
            url = databases.provide_databases(server.url, {"bench": secrets.token_hex(12)}, prefix="")["bench"]
            yield BenchmarkServer(url, supervisor.pids()["postgres"])
        finally:
            supervisor.stop()
