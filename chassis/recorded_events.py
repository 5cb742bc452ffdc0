"""A handler of events whose work is recorded with its first transaction (docs/adr/0046)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from google.protobuf.message import Message

from chassis.bus.envelope import Delivery
from chassis.bus.worker_spec import Subscription
from chassis.db.access_log import Access, handling
from chassis.kernel import Clock
from chassis.personal_data import find_subjects

# Nobody calls: something happened. The service itself is the actor.
EVENT = "event"


def record_event(subscription: Subscription, service: str, clock: Clock) -> Subscription:
    """The same subscription; what its handler looks up or changes is found under the subjects of the event."""

    def handle(delivery: Delivery, message: Message) -> Any:
        access = Access(clock.now(), service, EVENT, subscription.event_type, known_at_start=True)
        access.add(find_subjects(message))
        with handling(access):
            return subscription.handler(delivery, message)

    return replace(subscription, handler=handle)
