"""Hears every event as a service's queue does, without a feed: what the release before published, too."""

from __future__ import annotations

from typing import Any

from deploy.local.demo.carrier import DemoCarrier
from deploy.local.keys import SERVICES


class BoundCarrier(DemoCarrier):
    """Its queue is of its own, and bound to the exchanges of all services."""

    def _prepare(self, channel: Any) -> None:
        # Expires by itself: a run that was killed leaves no queue that fills for ever. Classic, because a quorum queue
        # that is only seconds old when a single node is killed may not come back (docs/adr/0004), and a publisher waits
        # for the confirm of every queue that is bound.
        arguments = {"x-queue-type": "classic", "x-expires": 600_000}
        channel.queue_declare(self.queue, durable=True, auto_delete=False, arguments=arguments)
        for service in SERVICES:
            channel.exchange_declare(f"{service}.events", "topic", durable=True, auto_delete=False)
            channel.queue_bind(self.queue, f"{service}.events", routing_key="#")
