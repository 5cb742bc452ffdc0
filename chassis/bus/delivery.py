"""Where a message goes that could not be handled: pure decisions, for the worker's consumer and the gateway's listener.

Nothing here knows nameko, so an un-patched process may import it (docs/adr/0004).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.bus import topology
from chassis.bus.topology import EventQueue
from chassis.error_mapping import mapping_of
from chassis.kernel import DomainError

# Which try this is, from 1; it counts on when a dead letter is replayed.
ATTEMPT = "x-suite-attempt"
# The tries before the last replay: the ladder begins anew behind them.
REPLAYED_AFTER = "x-suite-replayed-after"
REASON = "x-suite-reason"
FIRST_FAILURE = "x-suite-first-failure"
# A count beyond the ladder of more than a hundred replays is no count of ours.
MOST_ATTEMPTS = 1000
# A short string of AMQP, in bytes.
LONGEST_NAME = 255
# What a header's integer may hold on the wire.
_INTEGERS = range(-(2**63), 2**63)


class MalformedMessage(Exception):
    """The message can never be handled: it is no event of this type, or says something impossible."""


class Undecodable(MalformedMessage):
    """The body cannot even be read: an unknown compression, or one that it does not have."""


@dataclass(frozen=True, slots=True)
class Move:
    """The next place of a message: ``outcome`` is "retry" or "dead", ``delay`` the seconds until it comes back."""

    queue: str
    outcome: str
    delay: int
    headers: dict[str, Any]


def attempt_of(headers: Mapping[str, Any]) -> int:
    """From 1; whatever else an outsider wrote there is read as 1."""
    attempt = headers.get(ATTEMPT)
    sound = isinstance(attempt, int) and not isinstance(attempt, bool) and 1 <= attempt <= MOST_ATTEMPTS
    return int(attempt) if sound and attempt is not None else 1


def step_of(headers: Mapping[str, Any]) -> int:
    """The try since the last replay, from 1: what handlers are told, and where on the ladder the message stands."""
    attempt, before = attempt_of(headers), headers.get(REPLAYED_AFTER)
    sound = isinstance(before, int) and not isinstance(before, bool) and 0 <= before < attempt
    return attempt - before if sound and before is not None else attempt


def is_last(step: int) -> bool:
    """Whether a failure of this try leaves no further one."""
    return step > len(topology.RETRY_LADDER)


def is_first(headers: Mapping[str, Any], redelivered: bool | None) -> bool:
    """A first delivery of a first try can be no repeat of a message that was sent on."""
    return not redelivered and attempt_of(headers) == 1


def is_permanent(error: BaseException) -> bool:
    """A refusal by our own rules will be the same the next time; everything else may pass."""
    if isinstance(error, DomainError):
        return not mapping_of(error).transient
    return isinstance(error, MalformedMessage)


def reason_of(error: BaseException) -> str:
    return error.code if isinstance(error, DomainError) else type(error).__name__


def next_move(queue: EventQueue, headers: Mapping[str, Any], error: BaseException, now: float) -> Move:
    """``now``: Unix time, kept as the first failure's when there was none before."""
    step = step_of(headers)
    dead = is_permanent(error) or is_last(step)
    delay = 0 if dead else topology.RETRY_LADDER[step - 1]
    waiting = queue.retry(delay).name if delay else queue.name
    sent_on = {FIRST_FAILURE: int(now), **portable(headers)}
    sent_on |= {REASON: reason_of(error), ATTEMPT: attempt_of(headers) + 1}
    return Move(queue.dead.name if dead else waiting, "dead" if dead else "retry", delay, sent_on)


def headers_of_replay(headers: Mapping[str, Any]) -> dict[str, Any]:
    """A dead letter's headers for its way home: the ladder begins anew, the count of tries goes on.

    A count that began anew would make the message look like a repeat of itself.
    """
    attempt = attempt_of(headers)
    kept = {key: value for key, value in portable(headers).items() if not key.startswith("x-")}
    return {**kept, ATTEMPT: attempt, REPLAYED_AFTER: attempt - 1}


def identity_of(message_id: str, body: bytes) -> str:
    """What a message and its copies have in common; the body's digest where an outsider gave no id."""
    return message_id or f"sha256:{hashlib.sha256(body).hexdigest()}"


def portable(headers: Mapping[Any, Any]) -> dict[str, Any]:
    """Headers that every client library can write again; the few kinds that only some can read are left out."""
    return {key: _portable(value) for key, value in headers.items() if _is_name(key) and _is_portable(value)}


def _is_name(key: Any) -> bool:
    return isinstance(key, str) and len(key.encode(errors="surrogatepass")) <= LONGEST_NAME


def _is_portable(value: Any) -> bool:
    if isinstance(value, int):
        return value in _INTEGERS
    return value is None or isinstance(value, str | bytes | float | datetime | Mapping | list)


def _portable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return portable(value)
    if isinstance(value, list):
        return [_portable(item) for item in value if _is_portable(item)]
    return value
