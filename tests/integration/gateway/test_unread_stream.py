"""The bell hears of a notification while a page is open, whoever wrote it; streams are few and end in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import httpx
import pytest
import uvicorn
from sqlalchemy import event

from chassis.db import Database
from chassis.identity import generate_private_jwk
from gateway.app import create_app
from gateway.edge.context import GatewayContext
from gateway.edge.server import GatewayServer
from gateway.notifications import unread_streams
from gateway.notifications.unread_streams import MOST_OF_SESSION, UnreadStreams
from gateway.settings import WebSettings
from gateway.store.tables import notifications
from tests.integration.gateway.harness import GatewayHarness, make_gateway

PRODUCER = "00000000-0000-4000-8000-000000000001"
PATH = "/notifications/stream"
# Of the test's server: long enough to tell a shutdown that waited for it from one that did not.
GRACE_SECONDS = 4


@dataclass
class Served:
    """A second gateway process on the database of the first, at a real address: streams need a real connection."""

    server: GatewayServer
    gateway: GatewayContext
    url: str
    thread: threading.Thread

    def stop(self) -> float:
        """Seconds that it took."""
        began = time.monotonic()
        self.server.should_exit = True
        self.thread.join(timeout=30)
        assert not self.thread.is_alive()
        return time.monotonic() - began


@pytest.fixture
def served(gateway_url: str, browser: GatewayHarness) -> Iterator[Served]:
    with patch.object(unread_streams, "POLL_SECONDS", 0.1), serving(gateway_url, browser) as running:
        yield running


@contextmanager
def serving(gateway_url: str, browser: GatewayHarness) -> Iterator[Served]:
    gateway = make_gateway(gateway_url, WebSettings(suite_env="test"), browser.clock, generate_private_jwk("gateway"))
    config = uvicorn.Config(
        create_app(gateway), port=0, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = GatewayServer(config, gateway.unread_streams)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: bool(server.started))
    running = Served(server, gateway, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", thread)
    yield running
    running.stop()


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def listening(served: Served, browser: GatewayHarness) -> Iterator[Iterator[str]]:
    """The lines of a stream of the person who is signed in."""
    cookies = dict(browser.client.cookies)
    with httpx.stream("GET", served.url + PATH, cookies=cookies, timeout=10) as answer:
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        yield (line for line in answer.iter_lines() if line)


def next_count(lines: Iterator[str]) -> int:
    return next(int(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def notify(gateway_url: str, browser: GatewayHarness) -> None:
    """As another process does that heard an event."""
    row = {"user_id": PRODUCER, "kind": "application.submitted", "record_number": "A-0001", "at": browser.clock.now()}
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        connection.execute(notifications.insert().values(row))
    database.close()


def test_notification_reaches_an_open_stream_and_marking_it_read_as_well(
    served: Served, browser: GatewayHarness, gateway_url: str
) -> None:
    with listening(served, browser) as lines:
        assert next_count(lines) == 0
        notify(gateway_url, browser)
        assert next_count(lines) == 1
        page = browser.client.get("/notifications").text
        token = page.partition('name="csrf" value="')[2].partition('"')[0]
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert browser.client.post("/notifications/read", data={"csrf": token}, headers=headers).status_code == 303
        assert next_count(lines) == 0


def test_without_looking_into_the_database_the_stream_hears_nothing(
    served: Served, browser: GatewayHarness, gateway_url: str
) -> None:
    """The control: it is the looking that tells."""

    async def look_at_nothing(_streams: UnreadStreams) -> None:
        return None

    with (
        patch.object(UnreadStreams, "_tell", look_at_nothing),
        patch.object(unread_streams, "HEARTBEAT_SECONDS", 0.5),
        listening(served, browser) as lines,
    ):
        notify(gateway_url, browser)
        assert [next(lines) for _ in range(3)] == ["retry: 5000", ": nothing new", ": nothing new"]


def test_one_statement_serves_all_streams_of_a_process(served: Served, browser: GatewayHarness) -> None:
    asked = []
    event.listen(
        served.gateway.database._engine.sync_engine,
        "before_cursor_execute",
        lambda *call: asked.append(call[2]) if "count(notifications" in call[2] else None,
    )
    with listening(served, browser) as first, listening(served, browser) as second:
        assert (next_count(first), next_count(second)) == (0, 0)
        began, before = time.monotonic(), len(asked)
        time.sleep(1)
        most = (time.monotonic() - began) / 0.1 + 1
        assert 0 < len(asked) - before <= most
    wait_until(lambda: not served.gateway.unread_streams._streams)
    time.sleep(0.3)
    asked.clear()
    time.sleep(0.5)
    assert not asked, "nobody listens, so nobody asks"


def test_stream_keeps_no_session_and_ends_with_it(served: Served, browser: GatewayHarness) -> None:
    with listening(served, browser) as lines:
        assert next_count(lines) == 0
        browser.clock.advance(browser.gateway.sessions.limits.idle - timedelta(seconds=1))
        with listening(served, browser) as again:
            assert next_count(again) == 0
        browser.clock.advance(timedelta(seconds=2))
        assert list(lines) == []
    assert httpx.get(served.url + PATH, cookies=dict(browser.client.cookies)).status_code == 204


def test_nobody_in_particular_is_told_not_to_come_back(served: Served) -> None:
    assert httpx.get(served.url + PATH).status_code == 204
    assert httpx.head(served.url + PATH).status_code == 204


def test_session_and_process_have_only_so_many_streams_and_give_them_back(
    served: Served, browser: GatewayHarness
) -> None:
    def status() -> int:
        return httpx.get(served.url + PATH, cookies=dict(browser.client.cookies)).status_code

    with ExitStack() as opened:
        lines = [opened.enter_context(listening(served, browser)) for _ in range(MOST_OF_SESSION - 1)]
        with listening(served, browser) as last:
            assert [next_count(each) for each in (*lines, last)] == [0] * MOST_OF_SESSION
            assert status() == 204
        wait_until(lambda: len(served.gateway.unread_streams._streams) == MOST_OF_SESSION - 1)
        with patch.object(unread_streams, "MOST_OF_PROCESS", MOST_OF_SESSION - 1):
            assert status() == 204
        with listening(served, browser) as again:
            assert next_count(again) == 0


def test_shutdown_does_not_wait_for_streams(served: Served, browser: GatewayHarness) -> None:
    with listening(served, browser) as lines:
        assert next_count(lines) == 0
        assert served.stop() < GRACE_SECONDS / 2
        assert list(lines) == []


def test_shutdown_that_ends_no_streams_waits_for_its_whole_grace_period(
    served: Served, browser: GatewayHarness
) -> None:
    """The control: without the word to the streams they hold the process."""
    with patch.object(UnreadStreams, "close", lambda _streams: None), listening(served, browser) as lines:
        assert next_count(lines) == 0
        assert served.stop() >= GRACE_SECONDS
