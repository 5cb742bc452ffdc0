"""The gateway's calls to services over ``grpc.aio``: a deadline on every call, the caller's token in the metadata."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis import telemetry
from chassis.contract import response_class
from chassis.rpc import keepalive
from chassis.rpc.status import METADATA_OPTIONS, from_call

# Ordinary calls answer in milliseconds; a caller who asks for more work gives more time.
DEADLINE_SECONDS = 2.0
# Nobody was there, or nobody in time: the page says that a part is not available, and the log which one.
_UNANSWERED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
MAX_MESSAGE_BYTES = 16 * 1024 * 1024


class RpcClient:
    """One channel to one service."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        """Unencrypted without credentials."""
        options = [
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            *METADATA_OPTIONS,
            *keepalive.client_options(),
            # several addresses behind one name (a headless Service) share the calls
            ("grpc.lb_policy_name", "round_robin"),
            # a restarted service is found again within a second, not after gRPC's default of two minutes
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 1000),
        ]
        if credentials is None:
            self._channel = grpc.aio.insecure_channel(address, options=options)
        else:
            self._channel = grpc.aio.secure_channel(address, credentials, options=options)
        self._stubs: dict[tuple[str, bool], grpc.aio.UnaryUnaryMultiCallable[Message, Any]] = {}

    async def call(
        self, method: MethodDescriptor, request: Message, token: str, deadline: float = DEADLINE_SECONDS
    ) -> Message:
        """Call a method; raises the DomainError that the service raised, or Unavailable."""
        response: Message = await self._call(method, request, token, deadline, response_class(method).FromString)
        return response

    async def call_for_bytes(
        self, method: MethodDescriptor, request: Message, token: str, deadline: float = DEADLINE_SECONDS
    ) -> bytes:
        """The same, the answer as it came: for callers who know what to do with those very bytes."""
        response: bytes = await self._call(method, request, token, deadline, None)
        return response

    async def _call(
        self,
        method: MethodDescriptor,
        request: Message,
        token: str,
        deadline: float,
        read: Callable[[bytes], Message] | None,
    ) -> Any:
        metadata = (("authorization", f"Bearer {token}"), *telemetry.trace_headers().items())
        started = time.monotonic()
        try:
            return await self._stub(method, type(request), read)(request, timeout=deadline, metadata=metadata)
        except grpc.aio.AioRpcError as failed:
            if failed.code() in _UNANSWERED:
                seconds = round(time.monotonic() - started, 3)
                telemetry.get_logger().warning(
                    "call not answered", method=method.full_name, code=failed.code().name, seconds=seconds
                )
            raise from_call(failed) from None

    def _stub(
        self, method: MethodDescriptor, sent: type[Message], read: Callable[[bytes], Message] | None
    ) -> grpc.aio.UnaryUnaryMultiCallable[Message, Any]:
        """Made once for each method: making one costs as much as a tenth of a call."""
        key = method.full_name, read is None
        if (stub := self._stubs.get(key)) is None:
            stub = self._stubs[key] = self._channel.unary_unary(
                _path(method), request_serializer=sent.SerializeToString, response_deserializer=read
            )
        return stub

    async def check(self) -> None:
        """Raise when the service does not answer its health check."""
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        await health_pb2_grpc.HealthStub(self._channel).Check(health_pb2.HealthCheckRequest(), timeout=DEADLINE_SECONDS)

    async def close(self) -> None:
        await self._channel.close(grace=None)


def _path(method: MethodDescriptor) -> str:
    """``/suite.quote.v1.QuoteService/GetQuote``, made of the name after the last dot and the service before it."""
    service, _, name = method.full_name.rpartition(".")
    return f"/{service}/{name}"
