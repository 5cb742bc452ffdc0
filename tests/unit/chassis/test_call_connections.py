"""Connections for calls are kept from one call to the next; a kept one that is gone costs its caller nothing."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bus.call_connection import Call, CallConnections, NoAnswer, NoListener

CALL = Call("quote", "search_plans", {}, {}, 0.0)


class Connection:
    """Stands for a connection; ``failure`` is what its next call meets."""

    failure: Exception | None = None
    calls = 0
    closed = False

    def send(self, _call: Call) -> dict[str, Any]:
        self.calls += 1
        if self.failure:
            raise self.failure
        return {"result": {}}

    def close(self) -> None:
        self.closed = True


class Broker:
    """Gives connections, or what stands in ``failure``."""

    def __init__(self) -> None:
        self.opened: list[Connection] = []
        self.failure: Exception | None = None

    def open_connection(self) -> Any:
        if self.failure:
            raise self.failure
        self.opened.append(Connection())
        return self.opened[-1]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def connections(broker: Broker) -> CallConnections:
    return CallConnections(broker.open_connection)


def test_one_connection_serves_one_call_after_the_other(connections: CallConnections, broker: Broker) -> None:
    for _ in range(3):
        connections.send(CALL)
    assert [one.calls for one in broker.opened] == [3]


def test_a_kept_connection_that_is_gone_is_replaced_and_the_call_made_again(
    connections: CallConnections, broker: Broker
) -> None:
    connections.send(CALL)
    broker.opened[0].failure = ConnectionResetError()
    assert connections.send(CALL) == {"result": {}}
    assert broker.opened[0].closed
    assert [one.calls for one in broker.opened] == [2, 1]


def test_a_broker_that_is_away_is_asked_once_more_and_no_longer(connections: CallConnections, broker: Broker) -> None:
    connections.send(CALL)
    broker.opened[0].failure = ConnectionResetError()
    broker.failure = ConnectionRefusedError()
    with pytest.raises(ConnectionRefusedError):
        connections.send(CALL)


def test_a_call_without_an_answer_is_not_made_again_and_its_connection_is_not_kept(
    connections: CallConnections, broker: Broker
) -> None:
    connections.send(CALL)
    broker.opened[0].failure = NoAnswer()
    with pytest.raises(NoAnswer):
        connections.send(CALL)
    assert (len(broker.opened), broker.opened[0].closed) == (1, True)


def test_a_connection_is_kept_when_nobody_listens_to_a_service(connections: CallConnections, broker: Broker) -> None:
    connections.send(CALL)
    broker.opened[0].failure = NoListener()
    with pytest.raises(NoListener):
        connections.send(CALL)
    broker.opened[0].failure = None
    connections.send(CALL)
    assert [one.calls for one in broker.opened] == [3]
