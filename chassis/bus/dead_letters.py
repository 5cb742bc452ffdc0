"""The dead letters of one queue: read, put back, drop (docs/how-to/replay-dead-letters.md).

Reading takes messages without acknowledging them, so whatever ends the reader, the broker has them all again. A message
is acknowledged only when it was dropped, or when its queue has confirmed it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from amqp import spec
from amqp.exceptions import NotFound
from kombu import Connection

from chassis import failpoints, telemetry
from chassis.bus import headers, publish
from chassis.bus.delivery import ReceivedMessage
from chassis.bus.topology import EventQueue, count_ready

# A broker counts each look as a delivery, and RabbitMQ 4 drops a message of a quorum queue without a limit of its own
# after 20. Half of that leaves room for looks that were interrupted.
LOOKS_BEFORE_RENEWAL = 10
# What the broker itself counts: 4.3 by the second name, the others by the first. A renewed message begins at 0.
_DELIVERY_COUNTS = ("x-delivery-count", "x-acquired-count")
_WORD = re.compile(r"[\w.:/+-]+", re.ASCII)
_TRACE_ID = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class NoQueue(Exception):
    """The broker has no such queue."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that could not be handled."""

    message: ReceivedMessage
    # The message id as it came, which need not be one that the suite can keep.
    given_id: str
    delivery_tag: int
    looks: int

    @property
    def id(self) -> str:
        """What names it to an operator: its message id, or a digest where that is missing or may not be shown."""
        identity = self.message.identity
        if identity == show_word(identity):
            return identity
        return f"sha256:{hashlib.sha256(identity.encode(errors='surrogatepass')).hexdigest()}"

    @property
    def reason(self) -> str:
        """An error code, the name of an exception, or ``delivery_limit`` where its consumer ended again and again."""
        if any(death.get("reason") == "delivery_limit" for death in self._deaths):
            return "delivery_limit"
        return show_word(self.message.headers.get(headers.REASON))

    @property
    def attempts(self) -> int:
        """The attempts that failed; 0 where its consumer ended each time before it could count."""
        return self.message.attempt - 1

    @property
    def first_failure(self) -> datetime | None:
        """None where nobody noted it."""
        found = self.message.headers.get(headers.FIRST_FAILURE)
        if isinstance(found, int):
            with suppress(ValueError, OverflowError, OSError):  # an outsider's number
                return datetime.fromtimestamp(found, UTC)
        times = [death["time"] for death in self._deaths if isinstance(death.get("time"), datetime)]
        return times[-1].replace(tzinfo=UTC) if times else None  # the broker puts the newest first

    @property
    def trace_id(self) -> str:
        found = _TRACE_ID.fullmatch(str(self.message.headers.get("traceparent", "")))
        return found.group(1) if found else ""

    @property
    def _deaths(self) -> list[dict[str, Any]]:
        found = self.message.headers.get("x-death")
        return [death for death in found if isinstance(death, dict)] if isinstance(found, list) else []


class DeadLetters:
    """Those that waited when they were opened: each is given once, and given back unless it was put back or dropped."""

    def __init__(self, connection: Connection, queue: EventQueue) -> None:
        """Raises NoQueue."""
        self._connection = connection
        self._queue = queue
        self._channel = connection.channel()
        self._channel.auto_decode = False  # a body goes back as it came, whatever encoding it declares
        # Those that were looked at so often that they have to be written again, by delivery tag.
        self._worn: dict[int, DeadLetter] = {}
        try:
            self.waiting = count_ready(self._channel, queue.dead.name)
        except NotFound:
            raise NoQueue(queue.dead.name) from None

    @cached_property
    def _publisher(self) -> publish.ConfirmedPublisher:
        """On the same connection, so that its heartbeats are read as long as anything happens."""
        return publish.ConfirmedPublisher(self._connection)

    def __iter__(self) -> Iterator[DeadLetter]:
        for _ in range(self.waiting):
            message = self._channel.basic_get(self._queue.dead.name)
            if message is None:
                return  # somebody else has the rest
            letter = _letter_of(self._queue, message)
            if letter.looks >= LOOKS_BEFORE_RENEWAL:
                self._worn[letter.delivery_tag] = letter
            yield letter

    def put_back(self, letter: DeadLetter) -> None:
        """Into its queue, where the retries begin again and the count of attempts goes on.

        An end between the confirm and the acknowledgement leaves it here as well; the consumer knows the second copy.
        Raises Unroutable when its queue is gone, and one of BROKER_ERRORS when it is not taken: it is still here then.
        """
        self._publish(self._queue.name, letter, headers.headers_of_replay(letter.message.headers))
        failpoints.trigger_failpoint("after replay before ack")
        self._settle(letter)

    def drop(self, letter: DeadLetter, reason: str) -> None:
        """For good. The log has it first, so that none is ever gone without a line."""
        telemetry.get_logger().warning("dead letter dropped", reason=reason, **log_fields(letter))
        self._settle(letter)

    def give_back(self) -> None:
        """All that were neither put back nor dropped; the broker's answer says that it has read what went before.

        Raises one of BROKER_ERRORS where there is none: an acknowledgement may be lost then, and its message back here.
        """
        for letter in list(self._worn.values()):
            self._renew(letter)
        self._channel.basic_recover(requeue=True)
        self._channel.wait(spec.Basic.RecoverOk, timeout=publish.CONFIRM_TIMEOUT_SECONDS)
        self._channel.close()

    def _renew(self, letter: DeadLetter) -> None:
        """Write it again behind the others: its looks begin anew. Interrupted, it is here twice and not lost."""
        kept = headers.keep_portable_headers(letter.message.headers)
        for name in _DELIVERY_COUNTS:
            kept.pop(name, None)
        self._publish(self._queue.dead.name, letter, kept)
        self._settle(letter)

    def _publish(self, queue: str, letter: DeadLetter, kept: dict[str, Any]) -> None:
        self._publisher.to_queue(queue, letter.message.body, letter.given_id, kept)

    def _settle(self, letter: DeadLetter) -> None:
        self._channel.basic_ack(letter.delivery_tag)
        self._worn.pop(letter.delivery_tag, None)


@contextmanager
def open_dead_letters(connection: Connection, queue: EventQueue) -> Iterator[DeadLetters]:
    """Raises NoQueue, and one of BROKER_ERRORS while the broker does not answer."""
    letters = DeadLetters(connection, queue)
    try:
        yield letters
    except BaseException:
        with suppress(*publish.BROKER_ERRORS, publish.Unroutable):  # a broker that is gone has them already
            letters.give_back()
        raise
    letters.give_back()


def log_fields(letter: DeadLetter) -> dict[str, str | int]:
    """What a log line says of a dead letter."""
    return {
        "queue": letter.message.queue.name,
        "message_id": letter.id,
        "code": letter.reason,
        "attempt": letter.attempts,
        "trace_id": letter.trace_id,
    }


def show_word(value: object) -> str:
    """A value as an operator may see it: numbers, codes and ids are one word; what a person wrote is only counted."""
    if value is None:
        return ""
    if isinstance(value, str) and not _WORD.fullmatch(value):
        return f"({len(value)} characters)" if value else ""
    if not isinstance(value, str | int | float):
        return f"({type(value).__name__})"
    return telemetry.scrub(str(value))


def _letter_of(queue: EventQueue, message: Any) -> DeadLetter:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    given, found = message.properties.get("message_id"), message.headers or {}
    counts = [found.get(name) for name in _DELIVERY_COUNTS]
    return DeadLetter(
        ReceivedMessage.of(queue, body, found, given, redelivered=message.delivery_info.get("redelivered")),
        "" if given is None else str(given),
        message.delivery_tag,
        max((count for count in counts if isinstance(count, int)), default=0),
    )
