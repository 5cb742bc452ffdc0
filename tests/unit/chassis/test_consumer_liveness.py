"""A connection that is lost under an acknowledgement ends no worker, and a call is not decoded as its sender says."""

import zlib
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from amqp.exceptions import RecoverableConnectionError
from kombu import Consumer as KombuConsumer
from kombu.message import Message
from nameko.messaging import QueueConsumer

from chassis.bus.consumer_liveness import ConsumerLiveness, RpcQueueConsumer


class Consumer:
    """Stands for nameko's, on a socket that is gone."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ack_message(self, _message: Any) -> None:
        raise self._error

    def requeue_message(self, _message: Any) -> None:
        raise self._error


class LivenessConsumer(ConsumerLiveness, Consumer):
    pass


ACTS: list[Callable[[Any], None]] = [lambda one: one.ack_message(None), lambda one: one.requeue_message(None)]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("error", [ConnectionResetError(), BrokenPipeError(), RecoverableConnectionError()])
def test_a_connection_that_is_gone_under_an_acknowledgement_raises_nothing(
    act: Callable[[Any], None], error: Exception
) -> None:
    act(LivenessConsumer(error))
    with pytest.raises(type(error)):  # the control
        act(Consumer(error))


@pytest.mark.parametrize("act", ACTS)
def test_an_unexpected_error_is_not_hidden(act: Callable[[Any], None]) -> None:
    with pytest.raises(ValueError, match="ours"):
        act(LivenessConsumer(ValueError("ours")))


def receive(kind: type[Any], body: bytes, content_type: str | None, encoding: str) -> tuple[list[Any], list[Any]]:
    """The bodies that its one provider gets, and those that are refused."""
    taken: list[Any] = []
    refused: list[Any] = []
    consumer = kind()
    consumer.container = Mock(accept=["json"])
    consumer.register_provider(Mock(queue=[]))
    consumer.handle_message = lambda _provider, read, _message: taken.append(read)
    consumer.on_decode_error = lambda message, _error: refused.append(message.body)
    channel = Mock(message_to_python=None)

    def make(queues: Any, **options: Any) -> KombuConsumer:
        made = KombuConsumer(channel, [], on_decode_error=consumer.on_decode_error, **options)
        made.qos = Mock()
        return made

    [listening] = consumer.get_consumers(make, channel)
    listening._receive_callback(Message(body, content_type=content_type, content_encoding=encoding))
    return taken, refused


@pytest.mark.parametrize("content_type", ["application/data", "application/text", None])
def test_a_body_is_not_unpacked_by_its_content_encoding(content_type: str | None) -> None:
    packed = zlib.compress(b"{}")
    assert receive(RpcQueueConsumer, packed, content_type, "zlib") == ([], [packed])
    assert receive(QueueConsumer, packed, content_type, "zlib") == ([b"{}"], []), "the control: nameko's own unpacks it"


def test_a_call_is_read_as_json() -> None:
    assert receive(RpcQueueConsumer, b'{"args": [{}]}', "application/json", "utf-8") == ([{"args": [{}]}], [])
    for unread in (b"\xff", b"no json", b"[" * 100_000):
        assert receive(RpcQueueConsumer, unread, "application/json", "utf-8") == ([], [unread])
