"""The suite subscribes to exactly the events that are declared with needs_subscriber, each in its message."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from google.protobuf.message import Message
from suite.documents.v1 import documents_events_pb2

from chassis.bus.worker_spec import Subscription
from chassis.contract_options import PublishedEvent
from chassis.relay import load_events
from gateway.events.event_handlers import NOTIFIED_EVENTS

PUBLISHERS = ("quote", "enrollment", "pcp", "payment", "documents")
SERVICES = Path(__file__).parents[3] / "services"
ADDED = "documents.sep_proof.added.v1"
LISTENERS = tuple(name for name in PUBLISHERS if (SERVICES / name / "events" / "incoming.py").exists())


@cache
def published() -> Mapping[str, PublishedEvent]:
    return {event_type: event for name in PUBLISHERS for event_type, event in load_events(name).items()}


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


def faults(events: Mapping[str, PublishedEvent], subscriptions: Sequence[tuple[str, type[Message]]]) -> Iterator[str]:
    """A sentence for each difference between what is published and what the suite subscribes to."""
    known = {event_type for event_type, _ in subscriptions}
    for event_type, event in events.items():
        if event.needs_subscriber and event_type not in known:
            yield f"{event_type} needs a subscriber and has none: subscribe to it, or remove needs_subscriber."
        if event_type in known and not event.needs_subscriber:
            yield f"{event_type} has a subscriber in the suite: give it the option needs_subscriber."
    for event_type, message in subscriptions:
        if event_type not in events:
            yield f"{event_type} is subscribed to and not published: correct the name, or set event_type."
        elif events[event_type].message != (read := message.DESCRIPTOR.full_name):
            sent = events[event_type].message
            yield f"{event_type} is read as {read}: subscribe with {sent}, as it is published."


def test_what_is_published_and_what_is_subscribed_to_agree() -> None:
    found = list(faults(published(), list(subscribed())))
    assert not found, "\n".join(found)


def test_a_missing_subscriber_is_told() -> None:
    others = [one for one in subscribed() if one[0] != ADDED]
    assert list(faults(published(), others)) == [
        f"{ADDED} needs a subscriber and has none: subscribe to it, or remove needs_subscriber."
    ]


@pytest.mark.parametrize("event_type", sorted({event_type for event_type, _ in subscribed()}))
def test_an_event_whose_declaration_loses_its_needs_subscriber_is_told(event_type: str) -> None:
    events = {**published(), event_type: replace(published()[event_type], needs_subscriber=False)}
    (found,) = faults(events, list(subscribed()))
    assert found.startswith(f"{event_type} has a subscriber in the suite: give it the option needs_subscriber")


def test_an_event_that_is_no_longer_published_is_told() -> None:
    events = {event_type: event for event_type, event in published().items() if event_type != ADDED}
    (found,) = faults(events, list(subscribed()))
    assert found.startswith(f"{ADDED} is subscribed to and not published")


def test_a_subscription_with_another_message_is_told() -> None:
    rendered = documents_events_pb2.ApplicationPdfRendered
    others = [(event_type, rendered if event_type == ADDED else message) for event_type, message in subscribed()]
    assert list(faults(published(), others)) == [
        f"{ADDED} is read as suite.documents.v1.ApplicationPdfRendered: "
        "subscribe with suite.documents.v1.SepProofAdded, as it is published."
    ]


@pytest.mark.parametrize("service", LISTENERS)
def test_a_service_declares_a_queue_for_each_subscription(service: str) -> None:
    declared = importlib.import_module(f"services.{service}.events.incoming").SUBSCRIBES_TO
    handled = [one.event_type for one in subscriptions_of(service)]
    assert sorted(declared) == sorted(handled), (
        f"services/{service}/events/incoming.py: give each event of SUBSCRIBES_TO a handler in make_subscriptions, and "
        f"each handler its entry; these have one of the two: {sorted({*declared} ^ {*handled})}"
    )
