"""What goes wrong in a toy's worker on purpose, and the mechanism that a control takes away."""

from __future__ import annotations

import contextlib
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
        setattr(ForwardedMessages, "send_once", lambda _self, _message, send: send() or True)  # noqa: B010  # likewise
    _lose_acks(int(os.environ.get("TOY_LOST_ACKS", "0")))


def _lose_acks(count: int) -> None:
    acknowledge = subscribe.RawQueueConsumer.ack_message
    move_on = subscribe.Subscribe._move_on
    left = [count]
    sent_on: list[Any] = []  # the messages themselves: an id alone may be given again to the next one

    def note(self: Any, message: Any, error: BaseException) -> str:
        outcome = move_on(self, message, error)
        if outcome != "repeated":
            sent_on.append(message)
        return outcome

    def lose(self: Any, message: Any) -> None:
        if left[0] and any(message is sent for sent in sent_on) and message.channel.connection:
            with contextlib.suppress(OSError):  # another message's loss broke this connection a moment ago
                # as after missed heartbeats: the broker has it again
                message.channel.connection.transport.sock.shutdown(socket.SHUT_RDWR)
                left[0] -= 1
            return
        acknowledge(self, message)

    subscribe.Subscribe._move_on = note  # type: ignore[method-assign]
    setattr(subscribe.RawQueueConsumer, "ack_message", lose)  # noqa: B010  # mypy would not have it assigned
