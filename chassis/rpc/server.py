"""The gRPC transport of contracts: generic handlers derived from the service descriptor, health, reflection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from chassis import telemetry
from chassis.contract import Contract, is_client_streaming, request_class, response_class
from chassis.error_mapping import mapping_of
from chassis.identity import Caller, TokenVerifier
from chassis.kernel import DomainError, Unavailable
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
    seconds = telemetry.CALL_SECONDS.labels("grpc", method.full_name)

    def call(request: bytes, context: grpc.ServicerContext) -> bytes:
        with _answering(method, context), seconds.time():
            return contract.handle_bytes(method, request, _caller(context, verifier))

    return call


def _stream(
    contract: Contract, method: MethodDescriptor, verifier: TokenVerifier
) -> Callable[[Iterator[Message], grpc.ServicerContext], Iterator[Message]]:
    """gRPC takes the next response when the one before was sent: a slow reader holds up the work, not the memory."""
    free = threading.BoundedSemaphore(STREAMS)

    def call(requests: Iterator[Message], context: grpc.ServicerContext) -> Iterator[Message]:
        with _answering(method, context):
            caller = _caller(context, verifier)
            if not free.acquire(blocking=False):
                raise Unavailable("Too many long lists are being processed. Please try again in a minute.")
            try:
                yield from contract.handle_stream(method, requests, caller)
            finally:
                free.release()

    return call


def _caller(context: grpc.ServicerContext, verifier: TokenVerifier) -> Caller:
    metadata = {key: str(value) for key, value in context.invocation_metadata()}
    telemetry.start_trace(metadata.get("traceparent"))
    return verifier.verify(metadata.get("authorization", "").removeprefix("Bearer "))


@contextmanager
def _answering(method: MethodDescriptor, context: grpc.ServicerContext) -> Iterator[None]:
    """Ends the call with the status of whatever it raises, and counts it."""
    name = method.full_name
    try:
        yield
    except DomainError as refusal:
        telemetry.CALLS.labels("grpc", name, mapping_of(refusal).grpc).inc()
        context.abort_with_status(to_status(refusal))
    except grpc.RpcError:  # what a request stream raises when the caller hung up: nobody waits for an answer
        telemetry.CALLS.labels("grpc", name, "CANCELLED").inc()
    except Exception as error:
        telemetry.get_logger().error("call failed", method=name, exc_info=error)
        telemetry.CALLS.labels("grpc", name, "INTERNAL").inc()
        context.abort_with_status(to_status(Unavailable("Something went wrong on our side. Please try again.")))
    else:
        telemetry.CALLS.labels("grpc", name, "OK").inc()
