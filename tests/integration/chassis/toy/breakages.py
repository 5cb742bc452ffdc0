"""What goes wrong in a toy's worker on purpose, and the mechanism that a control takes away."""

from __future__ import annotations

import os
import socket
from typing import Any

from chassis.bus import subscribe
from chassis.db import ForwardedMessages


def arrange() -> None:
    """``TOY_LOST_ACKS=3``: the connection breaks before the first three acknowledgements of messages that were sent on.

    ``TOY_FORWARDED=off``: nobody remembers that a message was sent on.
    """
    if os.environ.get("TOY_FORWARDED") == "off":
        setattr(ForwardedMessages, "attempt", lambda *_: 0)  # noqa: B010  # mypy would not have it assigned
    _lose_acks(int(os.environ.get("TOY_LOST_ACKS", "0")))


def _lose_acks(count: int) -> None:
    acknowledge = subscribe.RawQueueConsumer.ack_message
    move_on = subscribe.Subscribe._move_on
    left = [count]
    sent_on: set[Any] = set()

    def note(self: Any, message: Any, error: BaseException) -> str:
        outcome = move_on(self, message, error)
        if outcome != "repeated":
            sent_on.add(id(message))
        return outcome

    def lose(self: Any, message: Any) -> None:
        if left[0] and id(message) in sent_on and message.channel.connection:
            left[0] -= 1
            # as after missed heartbeats: the broker has it again
            message.channel.connection.transport.sock.shutdown(socket.SHUT_RDWR)
            return
        acknowledge(self, message)

    subscribe.Subscribe._move_on = note  # type: ignore[method-assign]
    setattr(subscribe.RawQueueConsumer, "ack_message", lose)  # noqa: B010  # mypy would not have it assigned
