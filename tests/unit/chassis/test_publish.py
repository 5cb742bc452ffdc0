"""Every publish is persistent, mandatory, confirmed and bounded; none goes another way."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

import chassis.bus.publish
from chassis.bus.envelope import Envelope
from chassis.bus.publish import CONFIRM_TIMEOUT_SECONDS, ConfirmedPublisher, Unroutable, open_connection

ROOT = Path(chassis.bus.publish.__file__).parents[2]
EVENT = Envelope("id-1", "toy.note.written.v1", "s", datetime(2026, 5, 20, tzinfo=UTC), b"{}", {})


class FakeProducer:
    """Remembers what it was asked to publish; says 'returned' where told to."""

    def __init__(self, _connection: object, on_return: Any, returns: bool = False) -> None:
        self.published: list[dict[str, Any]] = []
        self._on_return, self._returns = on_return, returns

    def publish(self, body: bytes, **properties: Any) -> None:
        self.published.append(properties)
        if self._returns:
            self._on_return(None, properties["exchange"], properties["routing_key"], None)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> ConfirmedPublisher:
    monkeypatch.setattr(chassis.bus.publish, "Producer", FakeProducer)
    return ConfirmedPublisher(Mock())


def test_an_event_and_a_moved_message_have_all_four_safeguards(publisher: ConfirmedPublisher) -> None:
    publisher.event(EVENT)
    publisher.to_queue("some.queue", b"{}", "id-2", {})
    producer: Any = publisher._producer
    assert len(producer.published) == 2
    for properties in producer.published:
        assert properties["delivery_mode"] == 2
        assert properties["mandatory"] is True
        assert properties["confirm_timeout"] == properties["timeout"] == CONFIRM_TIMEOUT_SECONDS
        assert properties["message_id"]


def test_connections_ask_for_confirms() -> None:
    connection = open_connection("amqp://127.0.0.1:1//")
    assert connection.transport_options["confirm_publish"] is True
    assert connection.connect_timeout == chassis.bus.publish.CONNECT_TIMEOUT_SECONDS


def test_a_message_that_came_back_is_unroutable_and_the_next_one_is_not(publisher: ConfirmedPublisher) -> None:
    producer: Any = publisher._producer
    producer._returns = True
    with pytest.raises(Unroutable):
        publisher.event(EVENT)
    producer._returns = False
    publisher.event(EVENT)


def calls_to_publish(source: str) -> list[int]:
    """Lines on which something named like a producer publishes."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("publish", "basic_publish")
        and any(word in ast.unparse(node.func.value).lower() for word in ("producer", "channel"))
    ]


def test_only_the_publish_module_publishes() -> None:
    files = [file for folder in ("chassis", "services", "gateway") for file in (ROOT / folder).rglob("*.py")]
    found = {file.relative_to(ROOT).as_posix() for file in files if calls_to_publish(file.read_text())}
    assert found == {"chassis/bus/publish.py"}


def test_a_publish_somewhere_else_would_be_found() -> None:
    assert calls_to_publish("def f(p):\n    self._producer.publish(b'')\n    channel.basic_publish(b'')") == [2, 3]
