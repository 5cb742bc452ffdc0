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
from chassis.contract import Contract, is_client_streaming, request_class, response_class
from chassis.error_mapping import mapping_of
from chassis.identity import Caller, TokenVerifier
from chassis.kernel import DomainError, Unavailable
from chassis.rpc import keepalive
from chassis.rpc.status import METADATA_OPTIONS, to_status

# Calls at work in one process; most wait for the database, whose pool is of like size.
THREADS = 20
# A stream holds its thread to the end: a few at a time for each method leave the others room.
STREAMS = 4
# Larger than any message of ours by far (the largest is a PDF of some hundred kB).
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
# A stopping server lets calls under way finish; Kubernetes kills after 30 s.
GRACE_SECONDS = 10


class RpcServer:
    """Serves several contracts on one port."""

    def __init__(self, contracts: Sequence[Contract], verifier: TokenVerifier, *, reflection_on: bool) -> None:
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
            self._server.add_generic_rpc_handlers((_handlers(contract, verifier),))
        if reflection_on:
            reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        self._names = names

    def start(self, address: str) -> int:
        """Listen on ``host:port`` (port 0: any free one) and give the port."""
        port = self._server.add_insecure_port(address)
        self._server.start()
        for name in (*self._names, ""):
            self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        return port

    def stop(self) -> None:
        self._health.enter_graceful_shutdown()
        self._server.stop(GRACE_SECONDS).wait()


def _handlers(contract: Contract, verifier: TokenVerifier) -> grpc.GenericRpcHandler[Any, Any]:
    handlers = {method.name: _handler(contract, method, verifier) for method in contract.descriptor.methods}
    return grpc.method_handlers_generic_handler(contract.descriptor.full_name, handlers)


def _handler(contract: Contract, method: MethodDescriptor, verifier: TokenVerifier) -> grpc.RpcMethodHandler[Any, Any]:
    if is_client_streaming(method):
        read, write = request_class(method).FromString, response_class(method).SerializeToString
        return grpc.stream_stream_rpc_method_handler(_stream(contract, method, verifier), read, write)
    return grpc.unary_unary_rpc_method_handler(_method(contract, method, verifier))


def _method(
    contract: Contract, method: MethodDescriptor, verifier: TokenVerifier
) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    """Of messages as they travel: the contract may know an answer by them."""
    seconds, answered = telemetry.CALL_SECONDS.labels("grpc", method.full_name), _answered(method)

    def call(request: bytes, context: grpc.ServicerContext) -> bytes:
        started = time.perf_counter()
        try:
            response = contract.handle_bytes(method, request, _caller(context, verifier))
        except Exception as error:
            _fail(method, context, error)
        finally:
            seconds.observe(time.perf_counter() - started)
        answered.inc()
        return response

    return call


def _stream(
    contract: Contract, method: MethodDescriptor, verifier: TokenVerifier
) -> Callable[[Iterator[Message], grpc.ServicerContext], Iterator[Message]]:
    """gRPC takes the next response when the one before was sent: a slow reader holds up the work, not the memory."""
    free, answered = threading.BoundedSemaphore(STREAMS), _answered(method)

    def call(requests: Iterator[Message], context: grpc.ServicerContext) -> Iterator[Message]:
        try:
            caller = _caller(context, verifier)
            if not free.acquire(blocking=False):
                raise Unavailable("Too many long lists are being processed. Please try again in a minute.")
            try:
                yield from contract.handle_stream(method, requests, caller)
            finally:
                free.release()
        except grpc.RpcError:  # what a request stream raises when the caller hung up: nobody waits for an answer
            telemetry.CALLS.labels("grpc", method.full_name, "CANCELLED").inc()
        except Exception as error:
            _fail(method, context, error)
        else:
            answered.inc()

    return call


def _caller(context: grpc.ServicerContext, verifier: TokenVerifier) -> Caller:
    metadata = dict(context.invocation_metadata())
    telemetry.start_trace(metadata.get("traceparent"))
    return verifier.verify(str(metadata.get("authorization", "")).removeprefix("Bearer "))


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
