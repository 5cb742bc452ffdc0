"""Calls to other services over RabbitMQ, in nameko's protocol, from plain threads and greenlets alike.

Only for idempotent methods: nameko runs a call again when its worker died before acknowledging it. Every call has a
deadline; what cannot be answered in time, or at all, is Unavailable.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from nameko.exceptions import (
    BadRequest,
    RemoteError,
    ReplyQueueExpiredWithPendingReplies,
    RpcTimeout,
    UnknownService,
)
from nameko.rpc import MethodProxy
from nameko.standalone.rpc import ClusterRpcProxy

from chassis import telemetry
from chassis.bus.publish import BROKER_ERRORS, CONFIRM_TIMEOUT_SECONDS
from chassis.bus.rpc_error import RemoteFault
from chassis.contract import response_class, snake_case
from chassis.identity import TokenIssuer
from chassis.kernel import DomainError, Unavailable

R = TypeVar("R", bound=Message)

# A call through a healthy suite takes milliseconds; a person waits no longer than this for a page (reliability.md 1.6).
DEADLINE_SECONDS = 5.0
# Nobody there, nobody in time, a service of another version that lacks the method, or no broker.
_LOST = (
    RpcTimeout,
    UnknownService,
    ReplyQueueExpiredWithPendingReplies,
    RemoteError,
    BadRequest,
    RuntimeError,
    *BROKER_ERRORS,
)


class BusClient:
    """A pool of reply queues, one call at a time on each; signs every call with the service's own token."""

    def __init__(self, amqp_url: str, issuer: TokenIssuer) -> None:
        self._config = {"AMQP_URI": amqp_url, "serializer": "json"}
        self._issuer = issuer
        self._idle: queue.LifoQueue[ClusterRpcProxy] = queue.LifoQueue()

    def call(
        self,
        service: ServiceDescriptor,
        method: str,
        request: Message,
        response: type[R],
        deadline: float = DEADLINE_SECONDS,
    ) -> R:
        """Call ``method`` (its proto name) of a service; raises what the service raised, or Unavailable."""
        descriptor = service.methods_by_name[method]
        if response_class(descriptor).DESCRIPTOR is not response.DESCRIPTOR:
            raise TypeError(f"{descriptor.full_name} does not answer with {response.DESCRIPTOR.full_name}")
        payload = json_format.MessageToDict(request, preserving_proto_field_name=True)
        with self._proxy(deadline) as proxy:
            answer = self._send(proxy, bus_name(service), snake_case(method), payload)
        return json_format.ParseDict(answer, response(), ignore_unknown_fields=True)

    def _send(self, proxy: Any, service: str, method: str, payload: dict[str, Any]) -> dict[str, Any]:
        call = MethodProxy(
            proxy._worker_ctx, service, method, proxy._reply_listener, confirm_timeout=CONFIRM_TIMEOUT_SECONDS
        )
        try:
            answer: dict[str, Any] = call(payload)
        except RemoteFault as fault:
            raise fault.rebuild() from None
        except _LOST as lost:
            raise _Lost(service) from lost
        return answer

    @contextmanager
    def _proxy(self, deadline: float) -> Iterator[ClusterRpcProxy]:
        """Lend a proxy; one on which a call was lost is thrown away, since a late answer may still come to it."""
        proxy = self._take()
        context = {"caller_token": self._issuer.issue_for_self(), "deadline": time.time() + deadline}
        proxy._worker_ctx.data.clear()  # the call before had a trace of its own
        proxy._worker_ctx.data.update(context, **telemetry.trace_headers())
        proxy._reply_listener.queue_consumer.timeout = deadline
        try:
            yield proxy
        except _Lost:
            _close(proxy)
            raise
        except DomainError:
            self._idle.put(proxy)
            raise
        else:
            self._idle.put(proxy)

    def _take(self) -> ClusterRpcProxy:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            proxy = ClusterRpcProxy(self._config)
            try:
                proxy.start()
            except BROKER_ERRORS as lost:
                raise _Lost("the message broker") from lost
            return proxy

    def close(self) -> None:
        while not self._idle.empty():
            _close(self._idle.get_nowait())


class _Lost(Unavailable):
    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service is not responding right now. Please try again in a minute.")


def bus_name(service: ServiceDescriptor) -> str:
    """``suite.quote.v1.QuoteService`` is ``quote`` on the bus."""
    return service.full_name.split(".")[1]


def _close(proxy: Any) -> None:
    try:
        proxy.stop()
    except BROKER_ERRORS:
        return  # the connection was gone already
