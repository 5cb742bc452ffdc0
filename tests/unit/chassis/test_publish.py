"""Every publish is persistent, mandatory, confirmed and bounded; none goes another way."""

from __future__ import annotations

import ast
import errno
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from amqp.exceptions import MessageNacked

import chassis.bus.publish
from chassis.bus.envelope import Envelope
from chassis.bus.publish import CONFIRM_TIMEOUT_SECONDS, ConfirmedPublisher, Outcome, Unroutable

ROOT = Path(chassis.bus.publish.__file__).parents[2]
EVENT = Envelope("id-1", "toy.note.written.v1", "s", datetime(2026, 5, 20, tzinfo=UTC), b"{}", {})


class FakeProducer:
    """Remembers what it was asked to publish."""

    def __init__(self, channel: Any, on_return: Any) -> None:
        self.published: list[dict[str, Any]] = []
        self._on_return = on_return

    def publish(self, body: bytes, **properties: Any) -> None:
        self.published.append(properties)

    def return_message(self, message_id: str) -> None:
        self._on_return(None, "", "", Mock(properties={"message_id": message_id}))


class FakeBroker:
    """A connection on which the broker answers as it is told to, when somebody reads."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.handlers: dict[str, set[Any]] = defaultdict(set)
        self.channel = Mock(return_value=Mock(events=self.handlers))

    def answer(self, kind: str, tag: int, multiple: bool = False) -> None:
        [handler] = self.handlers[kind]
        self.answers.append(lambda: handler(tag, multiple))

    def drain_events(self, timeout: float) -> None:
        assert 0 < timeout <= CONFIRM_TIMEOUT_SECONDS
        if not self.answers:
            raise TimeoutError
        self.answers.pop(0)()


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


@pytest.fixture
def publisher(broker: FakeBroker, monkeypatch: pytest.MonkeyPatch) -> ConfirmedPublisher:
    monkeypatch.setattr(chassis.bus.publish, "Producer", FakeProducer)
    return ConfirmedPublisher(broker)


def make_events(count: int) -> list[Envelope]:
    return [replace(EVENT, event_id=f"id-{number}") for number in range(1, count + 1)]


def test_an_event_and_a_moved_message_have_all_four_safeguards(
    publisher: ConfirmedPublisher, broker: FakeBroker
) -> None:
    broker.answer("basic_ack", 1)
    publisher.publish_events([EVENT])
    broker.answer("basic_ack", 2)
    publisher.to_queue("some.queue", b"{}", "id-2", {})
    broker.channel().confirm_select.assert_called_once_with()
    producer: Any = publisher._producer
    assert len(producer.published) == 2
    for properties in producer.published:
        assert properties["delivery_mode"] == 2
        assert properties["mandatory"] is True
        assert properties["timeout"] == CONFIRM_TIMEOUT_SECONDS
        assert properties["message_id"]


def test_a_message_that_nobody_confirms_is_not_taken_for_sent(
    publisher: ConfirmedPublisher, broker: FakeBroker
) -> None:
    broker.answer("basic_ack", 1)
    assert publisher.publish_events(make_events(2)) == [Outcome.CONFIRMED, Outcome.UNCONFIRMED]
    broker.answer("basic_ack", 2)  # too late
    broker.answer("basic_nack", 3)
    assert publisher.publish_events(make_events(1)) == [Outcome.REFUSED]
    with pytest.raises(TimeoutError):
        publisher.to_queue("some.queue", b"{}", "id-9", {})


def test_a_connection_that_is_given_up_meanwhile_raises(publisher: ConfirmedPublisher, broker: FakeBroker) -> None:
    def give_up() -> None:
        raise TimeoutError(errno.ETIMEDOUT, "given up")

    broker.answers.append(give_up)
    with pytest.raises(TimeoutError):
        publisher.publish_events(make_events(2))


def test_one_confirm_may_stand_for_all_before_it(publisher: ConfirmedPublisher, broker: FakeBroker) -> None:
    broker.answer("basic_ack", 2)
    broker.answer("basic_ack", 3, multiple=True)
    broker.answer("basic_nack", 4)
    assert publisher.publish_events(make_events(4)) == [Outcome.CONFIRMED] * 3 + [Outcome.REFUSED]


def test_a_message_that_came_back_is_unroutable_and_the_next_one_is_not(
    publisher: ConfirmedPublisher, broker: FakeBroker
) -> None:
    producer: Any = publisher._producer
    broker.answers.append(lambda: producer.return_message("id-2"))  # it comes back before its confirm
    broker.answer("basic_ack", 3, multiple=True)
    assert publisher.publish_events(make_events(3)) == [Outcome.CONFIRMED, Outcome.UNROUTABLE, Outcome.CONFIRMED]
    broker.answer("basic_ack", 4)
    assert publisher.publish_events([make_events(2)[1]]) == [Outcome.CONFIRMED]


def test_a_moved_message_without_a_place_or_refused_there_raises(
    publisher: ConfirmedPublisher, broker: FakeBroker
) -> None:
    producer: Any = publisher._producer
    broker.answers.append(lambda: producer.return_message("id-2"))
    broker.answer("basic_ack", 1)
    with pytest.raises(Unroutable):
        publisher.to_queue("gone", b"{}", "id-2", {})
    broker.answer("basic_nack", 2)
    with pytest.raises(MessageNacked):
        publisher.to_queue("full", b"{}", "id-2", {})


def calls_to_publish(source: str) -> list[int]:
    """Lines on which something named like a producer publishes."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("publish", "basic_publish", "send_method")
        and any(word in ast.unparse(node.func.value).lower() for word in ("producer", "channel"))
    ]


def test_events_leave_through_the_publish_module_alone_and_calls_through_theirs() -> None:
    """What is lost of a call ends in its caller's deadline; an event may not be lost, so it has to be confirmed."""
    files = [file for folder in ("chassis", "services", "gateway") for file in (ROOT / folder).rglob("*.py")]
    found = {file.relative_to(ROOT).as_posix() for file in files if calls_to_publish(file.read_text())}
    assert found == {"chassis/bus/publish.py", "chassis/bus/call_connection.py"}


def test_a_publish_somewhere_else_would_be_found() -> None:
    source = "def f(p):\n    self._producer.publish(b'')\n    channel.basic_publish(b'')\n    channel.send_method(b'')"
    assert calls_to_publish(source) == [2, 3, 4]
