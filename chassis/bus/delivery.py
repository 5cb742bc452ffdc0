"""What becomes of a message, whichever consumer takes it: the pure core of both consumers (docs/adr/0004).

The worker (nameko, ``chassis.bus.subscribe``) and the gateway's listener (aio-pika) do the input and output. Nothing
here knows either library, so an un-patched process may import it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

from chassis.bus import topology
from chassis.bus.envelope import Delivery, message_id_of
from chassis.bus.headers import ATTEMPT, FIRST_FAILURE, REASON, attempt_of, attempt_since_replay, keep_portable_headers
from chassis.bus.topology import EventQueue
from chassis.db.forwarded import FailedAttempt
from chassis.error_mapping import mapping_of
from chassis.kernel import DomainError

M = TypeVar("M", bound=Message)


class MalformedMessage(Exception):
    """The message can never be handled: it is no event of this type, or says something impossible."""


class Undecodable(MalformedMessage):
    """The body is compressed, or said to be: nobody here decompresses (``chassis.bus.compression``)."""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Where a failed message goes: ``outcome`` is "retry" or "dead", ``delay`` the seconds until it comes back."""

    queue: str
    outcome: str
    delay: int
    headers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One delivery of a message, with what its consumer has to know of it whichever library brought it."""

    queue: EventQueue
    body: bytes
    headers: Mapping[str, Any]
    # Empty where there is none that could be kept.
    message_id: str
    redelivered: bool

    @classmethod
    def of(
        cls,
        queue: EventQueue,
        body: bytes,
        headers: Mapping[str, Any] | None,
        message_id: Any,
        *,
        redelivered: bool | None,
    ) -> ReceivedMessage:
        found = headers or {}
        name = message_id_of(found, {"message_id": message_id})
        return cls(queue, body, found, name, bool(redelivered))

    @property
    def attempt(self) -> int:
        return attempt_of(self.headers)

    @property
    def is_first_delivery(self) -> bool:
        """A first delivery of a first attempt can be no repeat of a message that was sent on."""
        return not self.redelivered and self.attempt == 1

    @property
    def identity(self) -> str:
        """What the message and its copies have in common; the body's digest where an outsider gave no id."""
        return self.message_id or f"sha256:{hashlib.sha256(self.body).hexdigest()}"

    @property
    def failed(self) -> FailedAttempt:
        return FailedAttempt(self.queue.name, self.identity, self.attempt, begins_anew=self.is_first_delivery)

    def parse(self, message_class: type[M]) -> tuple[Delivery, M]:
        """What its handler gets; raises MalformedMessage when it is no event of this type."""
        if self.headers.get("compression"):
            raise Undecodable
        if not self.message_id:
            raise MalformedMessage("no message id")
        delivery = Delivery(self.message_id, self.queue.event_type, self.queue.name, attempt_since_replay(self.headers))
        try:
            fields = json.loads(self.body)
            if isinstance(fields, dict):  # protobuf reads any other text or list as a message without fields
                return delivery, json_format.ParseDict(fields, message_class(), ignore_unknown_fields=True)
        except (json_format.ParseError, ValueError, TypeError, AttributeError, RecursionError):
            pass
        raise MalformedMessage("body is not the event's message")

    def decide_retry(
        self, error: BaseException, now: float, trace: Mapping[str, str] = MappingProxyType({})
    ) -> RetryDecision:
        """Where it goes after ``error``. ``now``: Unix time, kept as the first failure's when there was none before.

        ``trace``: the headers of the trace in which it was handled; an outsider's message may have brought none, and
        its dead letter shall be found in the logs.
        """
        attempt = attempt_since_replay(self.headers)
        dead = is_permanent(error) or is_last(attempt)
        delay = 0 if dead else topology.RETRY_LADDER[attempt - 1]
        waiting = self.queue.retry(delay).name if delay else self.queue.name
        sent_on = {FIRST_FAILURE: int(now), **keep_portable_headers(self.headers), **trace}
        sent_on |= {REASON: reason_of(error), ATTEMPT: self.attempt + 1}
        return RetryDecision(self.queue.dead.name if dead else waiting, "dead" if dead else "retry", delay, sent_on)

    def log_fields(self, decision: RetryDecision) -> dict[str, str | int]:
        """What a log line says of a failed attempt."""
        return {
            "queue": self.queue.name,
            "message_id": self.message_id,
            "attempt": self.attempt,
            "outcome": decision.outcome,
            "delay_seconds": decision.delay,
        }


def is_last(attempt: int) -> bool:
    """Whether a failure of this attempt, counted since the last replay, leaves no further one."""
    return attempt > len(topology.RETRY_LADDER)


def is_permanent(error: BaseException) -> bool:
    """A refusal by our own rules will be the same the next time; everything else may pass."""
    if isinstance(error, DomainError):
        return not mapping_of(error).transient
    return isinstance(error, MalformedMessage)


def reason_of(error: BaseException) -> str:
    return error.code if isinstance(error, DomainError) else type(error).__name__
