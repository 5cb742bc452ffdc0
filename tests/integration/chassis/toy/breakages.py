"""What goes wrong in a toy's consumers on purpose, and the mechanism that a control takes away.

``TOY_LOST_ACKS=3``: the first three acknowledgements of messages that were sent on are lost, as after missed
heartbeats.
``TOY_FORWARDED=off``: nobody remembers that a message was sent on. Several copies of a message are then on their way at
once, and a socket that is shut while another greenlet uses it may be noticed by its heartbeat alone, after a minute; so
a message whose acknowledgement is lost is put back there, and its connection stays.
``TOY_SLOW_SEND=0.5``: sending a message on takes so many seconds.
``TOY_LOCK=off``: nobody waits for a message's lock.
``TOY_PERMANENT=off``: no error is taken to be permanent.
``TOY_TEMPORARY=off``: no error is taken to be temporary.
``TOY_OWN_GREENLETS=off``: calls wait for a greenlet behind the handlers of events, and no longer than a second.
``TOY_LATE_CALLS=1``: calls are taken so many seconds after events.
``TOY_CALL_QUEUES=off``: the queue of calls is made only when they are taken.
``TOY_STANDS=calls`` or ``relay``: that loop stands still after a few rounds, and the rest of its process goes on.
``TOY_STILL=2,4``: seconds after which a loop that stands is told of, and ends its process.
``TOY_LIVENESS=off``: nobody looks whether loops stand still.
``TOY_HEARTBEAT=1``: seconds between two heartbeats of the broker's connections.
``TOY_FAREWELL=on``: a lost connection is closed in words.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from typing import Any

from sqlalchemy import literal, select

from chassis import liveness
from chassis.bus import delivery, publish
from chassis.db import forwarded

STANDS_AFTER = 5


def arrange_in_worker() -> None:
    from chassis.bus import client, consumer_liveness, subscribe, worker

    _arrange_connections()
    _arrange(forwarded)
    _take_calls_late(worker)
    if os.environ.get("TOY_STANDS") == "calls":
        _stand_still(consumer_liveness.RpcQueueConsumer, "on_iteration")
    if os.environ.get("TOY_OWN_GREENLETS") == "off":
        _put(worker, "MAX_WORKERS", subscribe.EVENTS_AT_ONCE)
        _put(client, "WORKER_DEADLINE_SECONDS", 1.0)
    if os.environ.get("TOY_FORWARDED") == "off":
        _put(forwarded.ForwardedMessages, "attempt", lambda *_: 0)
        _put(forwarded.ForwardedMessages, "send_once", lambda _self, _message, send: send() or True)
    _send_slowly(subscribe.Subscribe)
    _lose_acks(subscribe)


def arrange_in_relay() -> None:
    _arrange_connections()
    if os.environ.get("TOY_STANDS") == "relay":
        from chassis.bus.relay import Relay

        _stand_still(Relay, "send_batch")


def _arrange_connections() -> None:
    if still := os.environ.get("TOY_STILL"):
        liveness.STILL_SECONDS, liveness.END_SECONDS = map(float, still.split(","))
    if os.environ.get("TOY_LIVENESS") == "off":
        _put(liveness.LoopLiveness, "start", lambda *_: None)
    publish.HEARTBEAT_SECONDS = int(os.environ.get("TOY_HEARTBEAT", publish.HEARTBEAT_SECONDS))
    if os.environ.get("TOY_FAREWELL") == "on":
        for module in filter(None, (publish, sys.modules.get("chassis.bus.consumer_liveness"))):
            _put(module, "leaving_when_lost", contextlib.nullcontext)


def _stand_still(kind: Any, name: str) -> None:
    act = getattr(kind, name)

    def stand(self: Any, *args: Any) -> Any:
        if self.rounds > STANDS_AFTER:
            time.sleep(3600)
        return act(self, *args)

    _put(kind, name, stand)


def arrange_in_listener() -> None:
    from gateway.events.listener import EventListener
    from gateway.store import forwarded as asynchronous

    _arrange(asynchronous)
    if os.environ.get("TOY_FORWARDED") == "off":
        _put(asynchronous.AsyncForwardedMessages, "attempt", _no_attempt)
        _put(asynchronous.AsyncForwardedMessages, "send_once", _send_always)
    publish = EventListener._publish

    async def slowly(*args: Any) -> None:
        await asyncio.sleep(float(os.environ.get("TOY_SLOW_SEND", "0")))
        await publish(*args)

    _put(EventListener, "_publish", slowly)
    _lose_acks_of_listener(EventListener)


def _arrange(module: Any) -> None:
    if os.environ.get("TOY_LOCK") == "off":
        _put(module, "lock_message", lambda _message: select(literal(True)))
    if os.environ.get("TOY_PERMANENT") == "off":
        _put(delivery, "is_permanent", lambda _error: False)
    if os.environ.get("TOY_TEMPORARY") == "off":
        _put(delivery, "is_permanent", lambda _error: True)


def _take_calls_late(worker: Any) -> None:
    from chassis.bus.consumer_liveness import RpcQueueConsumer

    start = RpcQueueConsumer.start

    def late(self: Any) -> None:
        time.sleep(float(os.environ.get("TOY_LATE_CALLS", "0")))
        start(self)

    _put(RpcQueueConsumer, "start", late)
    if os.environ.get("TOY_CALL_QUEUES") == "off":
        _put(worker, "_declare_call_queues", lambda _runner: None)


def _send_slowly(kind: Any) -> None:
    publish = kind._publish

    def slowly(*args: Any) -> None:
        time.sleep(float(os.environ.get("TOY_SLOW_SEND", "0")))
        publish(*args)

    _put(kind, "_publish", slowly)


async def _no_attempt(*_: Any) -> int:
    return 0


async def _send_always(_self: Any, _message: Any, send: Any) -> bool:
    await send()
    return True


def _lose_acks(subscribe: Any) -> None:
    acknowledge = subscribe.RawQueueConsumer.ack_message
    move_on = subscribe.Subscribe._move_on
    left = [int(os.environ.get("TOY_LOST_ACKS", "0"))]
    sent_on: list[Any] = []  # the messages themselves: an id alone may be given again to the next one

    def note(self: Any, message: Any, error: BaseException) -> str:
        outcome: str = move_on(self, message, error)
        if outcome != "repeated":
            sent_on.append(message)
        return outcome

    def lose(self: Any, message: Any) -> None:
        if left[0] and any(message is sent for sent in sent_on) and message.channel.connection:
            if os.environ.get("TOY_FORWARDED") == "off":
                left[0] -= 1
                message.requeue()
                return
            with contextlib.suppress(OSError):  # another message's loss broke this connection a moment ago
                # as after missed heartbeats: the broker has it again
                message.channel.connection.transport.sock.shutdown(socket.SHUT_RDWR)
                left[0] -= 1
            return
        acknowledge(self, message)

    _put(subscribe.Subscribe, "_move_on", note)
    _put(subscribe.RawQueueConsumer, "ack_message", lose)


def _lose_acks_of_listener(kind: Any) -> None:
    move_on = kind._move_on
    left = [int(os.environ.get("TOY_LOST_ACKS", "0"))]

    async def lose(self: Any, *args: Any) -> str:
        outcome: str = await move_on(self, *args)
        if left[0] and outcome != "repeated":
            left[0] -= 1
            raise ConnectionError  # it is put back instead of acknowledged
        return outcome

    _put(kind, "_move_on", lose)


def _put(holder: Any, name: str, value: Any) -> None:
    setattr(holder, name, value)
