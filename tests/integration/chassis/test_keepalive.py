"""A path that is dead without a word is noticed by all three kinds of connection."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from chassis.bus.call_connection import CallConnection
from chassis.rpc import keepalive
from chassis.rpc.server import RpcServer
from tests.fault_proxy import FaultProxy
from tests.integration.chassis.processes import Toy
from tests.network_faults import BlackHole

# Long enough for the third ping, at which a server that allows none ends the connection.
IDLE_SECONDS = 6.0


@pytest.fixture
def fast_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepalive, "PING_MILLISECONDS", 1000)  # gRPC sends none more often
    monkeypatch.setattr(keepalive, "ANSWER_MILLISECONDS", 500)


@pytest.fixture
def address(fast_pings: None) -> Iterator[str]:
    server = RpcServer([], None, reflection_on=False)  # type: ignore[arg-type]  # its health alone is asked
    yield f"127.0.0.1:{server.start('127.0.0.1:0')}"
    server.stop()


def ask(channel: grpc.Channel, seconds: float) -> None:
    health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=seconds)


def states_at_rest(address: str) -> list[grpc.ChannelConnectivity]:
    """What becomes of a client's connection while it lies idle and pings."""
    states: list[grpc.ChannelConnectivity] = []
    with grpc.insecure_channel(address, options=keepalive.client_options()) as channel:
        ask(channel, 10)
        channel.subscribe(states.append)
        time.sleep(IDLE_SECONDS)
        ask(channel, 10)
    return states


def test_a_server_lets_its_clients_ping(address: str) -> None:
    assert states_at_rest(address) == [grpc.ChannelConnectivity.READY]


@pytest.mark.usefixtures("fast_pings")
def test_a_server_that_says_nothing_of_pings_throws_its_clients_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(keepalive, "server_options", list)
    server = RpcServer([], None, reflection_on=False)  # type: ignore[arg-type]  # its health alone is asked
    try:
        assert len(states_at_rest(f"127.0.0.1:{server.start('127.0.0.1:0')}")) > 1
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("pings", "code"), [(True, grpc.StatusCode.UNAVAILABLE), (False, grpc.StatusCode.DEADLINE_EXCEEDED)]
)
def test_a_call_on_a_dead_path_fails_by_the_pings_before_its_deadline(
    address: str, pings: bool, code: grpc.StatusCode
) -> None:
    """Without pings, the control, it waits for its deadline."""
    options = keepalive.client_options() if pings else []
    with (
        FaultProxy.to(f"http://{address}") as proxy,
        grpc.insecure_channel(proxy.address, options=options) as channel,
    ):
        ask(channel, 10)
        with proxy.having(BlackHole()), pytest.raises(grpc.RpcError) as failed:
            ask(channel, 5)
    assert failed.value.code() is code


def option(of: int, name: int) -> int:
    with socket.socket(fileno=os.dup(of)) as one:
        return one.getsockopt(socket.IPPROTO_TCP, name)


def test_the_connections_of_database_and_calls_are_probed(toy: Toy) -> None:
    calls = CallConnection(toy.amqp_url)
    probes = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    try:
        sock = calls._connection.connection.sock.fileno()
        assert [option(sock, name) for name in probes] == [4, 2, 2]
        database = toy.database.engine.raw_connection()
        try:
            assert [option(database.fileno(), name) for name in probes] == [4, 2, 2]
            assert option(database.fileno(), socket.TCP_USER_TIMEOUT) == 8_000
        finally:
            database.close()
    finally:
        calls.close()
