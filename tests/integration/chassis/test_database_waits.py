"""A database that is silent holds nobody for long: neither a worker's greenlets, nor what a lost client had locked."""

from __future__ import annotations

import select
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chassis.db import Database
from tests.fault_proxy import FaultProxy
from tests.integration.chassis.waiting import until
from tests.network_faults import BlackHole, HalfOpen, Stall
from tests.servers import way

# A patched process: it connects when it is told to, asks when it is told again, and says what came of each.
PATCHED = """
import eventlet; eventlet.monkey_patch()
import sys
import psycopg2
from chassis.bus import database_waits
database_waits.POOL_WAIT_SECONDS = database_waits.ANSWER_SECONDS = 1.0
if sys.argv[2] == "bounded":
    database_waits.bound_database_waits()
def say(word):
    print(word, flush=True)
    sys.stdin.readline()
try:
    say("ready")
    connection = psycopg2.connect(sys.argv[1])
    say("connected")
    connection.cursor().execute("select 1")
    say("answered")
except psycopg2.OperationalError as error:
    say("ended" if isinstance(error, database_waits.NoAnswer) else error)
"""
# Several times the bound of a wait above, on a busy machine.
PATIENCE_SECONDS = 8.0


@pytest.fixture
def proxy(database: str) -> Iterator[FaultProxy]:
    with FaultProxy.to(database) as made:
        yield made


class Patched:
    """Such a process, once it is ready."""

    def __init__(self, url: str, waits: str) -> None:
        argv = [sys.executable, "-W", "ignore", "-c", PATCHED, url, waits]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._next_word(60) == "ready"

    def go_on(self) -> str:
        """What it says next; empty when it waits on and on."""
        assert self._process.stdin
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        return self._next_word(PATIENCE_SECONDS)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _next_word(self, seconds: float) -> str:
        assert self._process.stdout
        readable, _, _ = select.select([self._process.stdout], [], [], seconds)
        return self._process.stdout.readline().decode().strip() if readable else ""


@pytest.fixture(params=[("bounded", "ended"), ("unbounded", "")], ids=["bounded", "unbounded"])
def waits(request: pytest.FixtureRequest) -> tuple[str, str]:
    """With the bound and without it, the control; and the last word of a wait that is in vain."""
    bound_and_last_word: tuple[str, str] = request.param
    return bound_and_last_word


def test_a_greenlet_waits_for_the_database_no_longer_than_its_bound(
    database: str, proxy: FaultProxy, waits: tuple[str, str]
) -> None:
    how, word = waits
    process = Patched(proxy.url_of(database), how)
    assert process.go_on() == "connected"
    with proxy.having(Stall()):
        assert process.go_on() == word
    process.end()


def test_a_greenlet_waits_for_a_connection_no_longer_than_its_bound(
    database: str, proxy: FaultProxy, waits: tuple[str, str]
) -> None:
    how, word = waits
    process = Patched(proxy.url_of(database), how)
    with proxy.having(BlackHole()):
        assert process.go_on() == word
    process.end()


SOON = {"tcp_keepalives_idle": 1, "tcp_keepalives_interval": 1, "tcp_keepalives_count": 1}


@pytest.mark.parametrize(("probes", "freed"), [(SOON, True), ({}, False)], ids=["probed", "not probed"])
def test_what_a_lost_client_had_locked_is_free_when_the_server_has_noticed(
    database: str, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch, probes: dict[str, int], freed: bool
) -> None:
    """Without the server's probes, the control, it stays locked."""
    if way() == "containers":
        pytest.skip("Docker's own proxy stands before a server in a container, and answers its probes for the client")
    monkeypatch.setattr("chassis.db.database._SERVER_KEEPALIVE", probes)
    far, near = Database(proxy.url_of(database)), Database(database)
    lost = far.engine.connect()
    try:
        lost.execute(text("select pg_advisory_xact_lock(1)"))
        proxy.begin(HalfOpen())
        if freed:
            until(lambda: is_free(near))
        else:
            time.sleep(PATIENCE_SECONDS)
            assert not is_free(near)
    finally:
        proxy.close()
        with pytest.raises(OperationalError):
            lost.execute(text("select 1"))
        lost.invalidate()
        lost.close()
        far.close()
        near.close()


def is_free(near: Database) -> bool:
    with near.transaction() as session:
        return bool(session.scalar(text("select pg_try_advisory_xact_lock(1)")))


def test_sessions_begin_with_the_servers_probes(database: str) -> None:
    near = Database(database)
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
    with near.transaction() as session:
        assert [session.scalar(text(f"show {name}")) for name in names] == ["4", "2", "2", "8000"]
    near.close()
