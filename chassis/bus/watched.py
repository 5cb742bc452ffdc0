"""nameko's consumers, which say whether they consume at this moment: what a worker's readiness asks of the broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nameko.messaging import QueueConsumer
from nameko.rpc import Rpc, RpcConsumer


class Watched:
    """Put before a kombu ConsumerMixin: ``consuming`` holds from the broker's answer until the connection is lost."""

    consuming = False

    @contextmanager
    def extra_context(self, _connection: Any, _channel: Any) -> Iterator[None]:
        self.consuming = True
        try:
            yield
        finally:
            self.consuming = False


class WatchedQueueConsumer(Watched, QueueConsumer):  # type: ignore[misc]  # nameko has no types
    """Takes the calls of one service."""


class WatchedRpcConsumer(RpcConsumer):  # type: ignore[misc]  # nameko has no types
    """Hands calls to their methods."""

    queue_consumer = WatchedQueueConsumer()


class WatchedRpc(Rpc):  # type: ignore[misc]  # nameko has no types
    """The entrypoint of one method."""

    rpc_consumer = WatchedRpcConsumer()


rpc = WatchedRpc.decorator
