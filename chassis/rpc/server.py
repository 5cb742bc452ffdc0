"""The gRPC transport of contracts: generic handlers derived from the service descriptor, health, reflection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from typing import Any, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from prometheus_client import Counter

from chassis import telemetry
from chassis.access import Admission
from chassis.contract import ServedContract, is_client_streaming, parse_request, response_class
from chassis.error_mapping import mapping_of
from chassis.identity import Caller
from chassis.kernel import DomainError, Forbidden, Unavailable
from chassis.rpc import keepalive
from chassis.rpc.status import METADATA_OPTIONS, to_status
from chassis.rpc.tls import RpcTls

# Calls at work in one process; most wait for the database, whose pool is of like size.
THREADS = 20
# A stream holds its thread to the end: a few at a time for each method leave the others room.
STREAMS = 4
# Larger than any message of ours by far (the largest is a PDF of some hundred kB).
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
# A stopping server lets calls under way finish; Kubernetes kills after 30 s.
GRACE_SECONDS = 10
# Of the server's answer to itself: within the 5 s that a probe waits.
CHECK_SECONDS = 4.0
LOOPBACK = "127.0.0.1"


class RpcServer:
    """Serves several contracts on one port."""

    def __init__(
        self, contracts: Sequence[ServedContract], access: Admission, *, reflection_on: bool, tls: RpcTls | None = None
    ) -> None:
        """Unencrypted without ``tls``; with it, health and reflection are for anybody with a certificate of the CA."""
        self._tls = tls
        self._itself: grpc.Channel | None = None
        self._server = grpc.server(
            futures.ThreadPoolExecutor(THREADS, thread_name_prefix="rpc"),
            options=[
                ("grpc.so_reuseport", 0),  # a second process on the port has to fail, not share it unseen
                ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
                ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
                *METADATA_OPTIONS,
                *keepalive.server_options(),
            ],
        )
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = [contract.descriptor.full_name for contract in contracts]
        for contract in contracts:
            self._server.add_generic_rpc_handlers((_handlers(contract, _Gate(access, tls)),))
        if reflection_on:
            reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        self._names = names

    def start(self, address: str) -> int:
        """Listen on ``host:port`` (port 0: any free one) and give the port."""
        if self._tls:
            port = self._server.add_secure_port(address, self._tls.server_credentials())
        else:
            port = self._server.add_insecure_port(address)
        self._server.start()
        self._itself = self._open_channel(f"{LOOPBACK}:{port}")
        for name in (*self._names, ""):
            self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        return port

    def check(self) -> None:
        """Raise unless the server answers a call; for liveness."""
        health_pb2_grpc.HealthStub(self._itself).Check(health_pb2.HealthCheckRequest(), timeout=CHECK_SECONDS)

    def _open_channel(self, address: str) -> grpc.Channel:
        """The address is no name of the certificate: nobody else listens on it."""
        if self._tls is None:
            return grpc.insecure_channel(address)
        options = [("grpc.ssl_target_name_override", self._tls.own_name)]
        return grpc.secure_channel(address, self._tls.channel_credentials(), options)

    def stop(self) -> None:
        if self._itself:
            self._itself.close()
        self._health.enter_graceful_shutdown()
        self._server.stop(GRACE_SECONDS).wait()


class _Gate:
    """Who may call: a process by its certificate, and the person or service of the token by the contract."""

    def __init__(self, access: Admission, tls: RpcTls | None) -> None:
        self._access = access
        self._tls = tls

    def admit(self, method: MethodDescriptor, context: grpc.ServicerContext) -> Caller:
        metadata = dict(context.invocation_metadata())
        telemetry.start_trace(metadata.get("traceparent"))
        if self._tls and not self._tls.lets_in(context):
            raise Forbidden("The certificate of this process does not let it call services.")
        return self._access.admit(method, str(metadata.get("authorization", "")).removeprefix("Bearer "))


def _handlers(contract: ServedContract, gate: _Gate) -> grpc.GenericRpcHandler[Any, Any]:
    handlers = {method.name: _handler(contract, method, gate) for method in contract.descriptor.methods}
    return grpc.method_handlers_generic_handler(contract.descriptor.full_name, handlers)


def _handler(contract: ServedContract, method: MethodDescriptor, gate: _Gate) -> grpc.RpcMethodHandler[Any, Any]:
    if is_client_streaming(method):
        # requests come as bytes here, too: gRPC ends a call with INTERNAL when it cannot read one itself
        write = response_class(method).SerializeToString
        return grpc.stream_stream_rpc_method_handler(_stream(contract, method, gate), response_serializer=write)
    return grpc.unary_unary_rpc_method_handler(_method(contract, method, gate))


def _method(
    contract: ServedContract, method: MethodDescriptor, gate: _Gate
) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    """Of messages as they travel: the contract may know an answer by them."""
    seconds, answered = telemetry.CALL_SECONDS.labels("grpc", method.full_name), _answered(method)

    def call(request: bytes, context: grpc.ServicerContext) -> bytes:
        started = time.perf_counter()
        try:
            response = contract.handle_bytes(method, request, gate.admit(method, context))
        except Exception as error:
            _fail(method, context, error)
        finally:
            seconds.observe(time.perf_counter() - started)
        answered.inc()
        return response

    return call


def _stream(
    contract: ServedContract, method: MethodDescriptor, gate: _Gate
) -> Callable[[Iterator[bytes], grpc.ServicerContext], Iterator[Message]]:
    """gRPC takes the next response when the one before was sent: a slow reader holds up the work, not the memory."""
    free, answered = threading.BoundedSemaphore(STREAMS), _answered(method)

    def call(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[Message]:
        try:
            caller = gate.admit(method, context)
            if not free.acquire(blocking=False):
                raise Unavailable("Too many long lists are being processed. Please try again in a minute.")
            try:
                yield from contract.handle_stream(method, (parse_request(method, one) for one in requests), caller)
            finally:
                free.release()
        except grpc.RpcError:  # what a request stream raises when the caller hung up: nobody waits for an answer
            telemetry.CALLS.labels("grpc", method.full_name, "CANCELLED").inc()
        except Exception as error:
            _fail(method, context, error)
        else:
            answered.inc()

    return call


def _answered(method: MethodDescriptor) -> Counter:
    return telemetry.CALLS.labels("grpc", method.full_name, "OK")


def _fail(method: MethodDescriptor, context: grpc.ServicerContext, error: Exception) -> NoReturn:
    """End the call with the status of what was raised, and count it."""
    if isinstance(error, DomainError):
        telemetry.CALLS.labels("grpc", method.full_name, mapping_of(error).grpc).inc()
        context.abort_with_status(to_status(error))
    telemetry.get_logger().error("call failed", method=method.full_name, exc_info=error)
    telemetry.CALLS.labels("grpc", method.full_name, "INTERNAL").inc()
    context.abort_with_status(to_status(Unavailable("Something went wrong on our side. Please try again.")))
