"""What each user of the broker may do, derived from the names of exchanges and queues (docs/adr/0055).

RabbitMQ asks for `configure` to declare or delete, for `write` to publish to an exchange or bind a queue, and for
`read` to take from a queue or bind to an exchange; it matches a name against a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from chassis.bus.topology import CALL_EXCHANGE, DEAD_EXCHANGE, FeedQueue, call_queue, events_exchange

# How the broker calls the exchange without a name when it looks for rights. Retries, answers and feeds go through it.
DEFAULT_EXCHANGE = "amq.default"


@dataclass(frozen=True, slots=True)
class BrokerRights:
    """The regular expressions of one user."""

    user: str
    configure: str
    write: str
    read: str


def rights_of_service(service: str, subscribes_to: Iterable[str], *, serves: bool, calls: bool) -> BrokerRights:
    """Rights of all processes of one service. ``serves``: it takes calls and has a relay; ``calls``: it calls others.

    Whoever declares a queue declares the exchanges beside it, so those of the events that it takes are among them.
    """
    own = [_all_of(f"{service}.")]
    shared = [DEAD_EXCHANGE.name, *sorted({events_exchange(one).name for one in subscribes_to})]
    if serves:
        own += [re.escape(call_queue(service)), _all_of(FeedQueue("").name)]
        shared.append(CALL_EXCHANGE.name)
    bound = [re.escape(name) for name in shared]
    write = [*own, re.escape(DEAD_EXCHANGE.name), re.escape(DEFAULT_EXCHANGE)]
    if calls:
        write.append(re.escape(CALL_EXCHANGE.name))
    return BrokerRights(service, _any([*own, *bound]), _any(write), _any([*own, *bound]))


def rights_of_relay(services: Iterable[str]) -> BrokerRights:
    """Rights of one relay of all services: it publishes their events and fills the feeds."""
    feeds = _all_of(FeedQueue("").name)
    exchanges = [re.escape(events_exchange(service).name) for service in services]
    own = [feeds, *exchanges]
    return BrokerRights("relay", _any(own), _any([*exchanges, re.escape(DEFAULT_EXCHANGE)]), _any([feeds]))


def rights_of_operator() -> BrokerRights:
    """Rights of `portal dlq` and `portal feed`: dead letters of every queue, and the queues of feeds."""
    feeds = _all_of(FeedQueue("").name)
    return BrokerRights("operator", _any([feeds]), _any([re.escape(DEFAULT_EXCHANGE)]), _any([feeds, r".*\.dead"]))


def _all_of(prefix: str) -> str:
    return f"{re.escape(prefix)}.*"


def _any(patterns: Iterable[str]) -> str:
    return f"^({'|'.join(patterns)})$"
