"""Every event that needs a subscriber has one, and every subscription reads a published event, in its message."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.message import Message

from chassis.bus.worker_spec import Subscription
from chassis.service import PublishedEvent
from gateway.events.event_handlers import NOTIFIED_EVENTS

PUBLISHERS = ("quote", "enrollment", "pcp", "payment", "documents")
SERVICES = Path(__file__).parents[3] / "services"
LISTENERS = tuple(name for name in PUBLISHERS if (SERVICES / name / "events" / "incoming.py").exists())


@cache
def published() -> Mapping[str, PublishedEvent]:
    rooms = [importlib.import_module(f"services.{name}.events.outgoing") for name in PUBLISHERS]
    return {event_type: event for room in rooms for event_type, event in room.PUBLISHES.items()}


def subscriptions_of(service: str) -> list[Subscription]:
    """Their handlers are not called, so nothing stands behind them."""
    incoming = importlib.import_module(f"services.{service}.events.incoming")
    found: list[Subscription] = incoming.make_subscriptions(
        *[None] * len(inspect.signature(incoming.make_subscriptions).parameters)
    )
    return found


def subscribed() -> Iterator[tuple[str, type[Message]]]:
    for service in LISTENERS:
        yield from ((one.event_type, one.message) for one in subscriptions_of(service))
    yield from ((one.event_type, one.message) for one in NOTIFIED_EVENTS)


def without_subscriber(events: Mapping[str, PublishedEvent], types: set[str]) -> set[str]:
    return {event_type for event_type, event in events.items() if event.needs_subscriber} - types


def test_an_event_that_needs_a_subscriber_has_one_in_the_suite() -> None:
    assert without_subscriber(published(), {event_type for event_type, _ in subscribed()}) == set()


def test_a_missing_subscriber_is_found() -> None:
    known = {event_type for event_type, _ in subscribed()}
    (event_type, event) = next((key, one) for key, one in published().items() if one.needs_subscriber)
    assert without_subscriber({event_type: event}, known - {event_type}) == {event_type}


def test_every_subscription_reads_the_message_type_that_is_published() -> None:
    assert {(event_type, message) for event_type, message in subscribed()} <= {
        (event_type, event.message) for event_type, event in published().items()
    }


@pytest.mark.parametrize("service", LISTENERS)
def test_a_service_declares_a_queue_for_each_subscription(service: str) -> None:
    declared = importlib.import_module(f"services.{service}.events.incoming").SUBSCRIBES_TO
    assert sorted(declared) == sorted(one.event_type for one in subscriptions_of(service))
