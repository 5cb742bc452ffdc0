"""What a service asks of its worker; plain values, so that un-patched processes may import them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from chassis.bus.envelope import Delivery


@dataclass(frozen=True, slots=True)
class Subscription:
    """One event type that a service subscribes to, and its handler. The handler has to be safe to run twice."""

    event_type: str
    message: type[Message]
    handler: Callable[[Delivery, Any], None]


@dataclass(frozen=True, slots=True)
class Timer:
    """Something a service does every so many seconds; several workers may do it at once.

    ``at_start``: for the first time as soon as the worker runs, and not only after so many seconds.
    """

    name: str
    seconds: float
    run: Callable[[], None]
    at_start: bool = False
