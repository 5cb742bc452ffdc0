"""RabbitMQ over TLS: every client of the suite talks to the broker whose certificate is right, and to no other."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from chassis.bus import call_connection, publish
from chassis.bus.broker_address import make_context
from chassis.bus.call_connection import CallConnection
from chassis.kernel import new_id
from deploy.local.servers import rabbitmq
from deploy.local.servers.amqp import is_broker_up
from gateway.events import listener
from gateway.events.listener import EventListener
from tests.integration.chassis.certificates import FAULTS, Authority
from tests.integration.chassis.conftest import ToyMaker
from tests.integration.chassis.tls_nodes import TlsBroker
from tests.integration.chassis.waiting import PATIENCE_SECONDS, until

# Raises when there is no connection.
Connect = Callable[[str], None]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsBroker]:
    home = tmp_path_factory.mktemp("tls-broker")
    (home / "certificates").mkdir()
    running = TlsBroker(home / "node", Authority(home / "certificates"))
    if rabbitmq.find_rabbitmq() is None:
        pytest.skip("RabbitMQ runs in a container here, which has no certificate of ours")
    running.start()
    yield running
    running.stop()


def connect_as_a_relay(url: str) -> None:
    with publish.open_connection(url) as connection:
        connection.connect()


def connect_for_calls(url: str) -> None:
    CallConnection(url).close()


def connect_as_the_gateway(url: str) -> None:
    async def connect() -> None:
        listening = EventListener(url, [], None, None)  # type: ignore[arg-type]  # nothing comes
        await listening._connect()
        await listening.stop()

    asyncio.run(connect())


CLIENTS = [connect_as_a_relay, connect_for_calls, connect_as_the_gateway]


def test_the_suite_of_one_machine_waits_for_such_a_broker(node: TlsBroker) -> None:
    node.show(node.authority.issue())
    assert is_broker_up(node.tls_url) and not is_broker_up(node.tls_url.partition("?")[0])


@pytest.mark.parametrize("connect", CLIENTS)
def test_a_broker_with_the_right_certificate_is_talked_to(node: TlsBroker, connect: Connect) -> None:
    connect(node.tls_url)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broker_with_a_wrong_certificate_is_not_talked_to(
    node: TlsBroker, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.show(node.authority.issue(fault))
    try:
        for connect in CLIENTS:
            with pytest.raises(OSError, match="certificate"):
                connect(node.tls_url)
        leave_servers_unchecked(monkeypatch)
        for connect in CLIENTS:
            connect(node.tls_url)  # the control
    finally:
        node.show(node.authority.issue())


def test_a_broker_is_held_against_the_ca_of_the_address_alone(node: TlsBroker) -> None:
    """Without the file in the address: against those of the machine, which know nothing of ours."""
    for connect in CLIENTS:
        with pytest.raises(OSError, match="certificate"):
            connect(node.tls_url.partition("?")[0])


def test_events_and_calls_go_over_tls(node: TlsBroker, toys: ToyMaker) -> None:
    """Worker, relay and calls as processes: green sockets too."""
    with toys(node.amqp_url) as toy:
        toy.environment["AMQP_URL"] = node.tls_url
        for command in ("worker", "relay"):
            toy.start(command)
        until(lambda: toy.run("submit", TOY_BATCH=new_id()[:8], TOY_COUNT="1") == 0)
        until(lambda: toy.count("effect") == 1)
        with closing(CallConnection(node.tls_url)) as calls:
            call = call_connection.Call("toy", "who_am_i", {}, {}, time.monotonic() + PATIENCE_SECONDS)
            assert calls.send(call)["error"]  # it has no token: the worker took it, and said so


def leave_servers_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unchecked_context(url: str) -> ssl.SSLContext:
        context = make_context(url)
        assert context
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    monkeypatch.setattr(listener, "make_context", unchecked_context)
    for module in (publish, call_connection):
        monkeypatch.setattr(module, "connection_options", lambda _: {"ssl": {"cert_reqs": ssl.CERT_NONE}})
