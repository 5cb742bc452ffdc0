"""Calls of a running suite with whatever bytes, over gRPC and over the bus, and what came back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from nameko.exceptions import deserialize

from chassis.bus.answer import BINARY, WANTED, unpack_answer
from chassis.bus.call_connection import Call, CallConnection
from chassis.bus.client import bus_name
from chassis.bus.rpc_error import RemoteFault
from chassis.contract import is_client_streaming, response_class, snake_case
from chassis.error_mapping import mapping_of
from chassis.identity import Caller, CallerKind, TokenIssuer, WritingNumber
from chassis.kernel import DomainError
from chassis.rpc.client import MAX_MESSAGE_BYTES
from chassis.rpc.status import METADATA_OPTIONS, from_call
from deploy.local.keys import OWNERS
from deploy.local.suite import LocalSuite
from gateway.edge.call_deadlines import deadline_of

FRITZ = WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (FRITZ,), "Calvin Fritz")
DELEGATE = Caller(CallerKind.DELEGATE, "delegate@example.com", (FRITZ,), "Dana Delegate")
# A person waits no longer than the gateway's deadline; a loaded machine gets more, since none of these tests is about
# speed.
PATIENCE_SECONDS = 30.0
# A late answer is asked for again, so often at the most.
REPEATS = 3
OK = "OK"
WENT_WRONG = "Something went wrong on our side"


def service_caller(name: str) -> Caller:
    return Caller(CallerKind.SERVICE, name)


@dataclass(frozen=True, slots=True)
class Answer:
    """``code`` is the name of a ``grpc.StatusCode``; over the bus, of the one that the refusal would have over gRPC."""

    code: str
    refusal: DomainError | None = None
    body: bytes = b""

    def read(self, method: MethodDescriptor) -> Message:
        """The response. Raises the refusal."""
        if self.refusal:
            raise self.refusal
        return response_class(method).FromString(self.body)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signed as the gateway signs for people, and services for themselves."""

    issuers: dict[str, TokenIssuer]

    @classmethod
    def of(cls, suite: LocalSuite) -> Tokens:
        return cls({owner: TokenIssuer(suite.keys[f"identity.{owner}"]) for owner in OWNERS})

    def issue(self, caller: Caller) -> str:
        signer = caller.subject if caller.is_service else "gateway"
        return self.issuers[signer].issue(caller)


class GrpcCalls:
    """Over gRPC, as messages travel: what is sent may be no message at all."""

    def __init__(self, channel: grpc.Channel, tokens: Tokens) -> None:
        self._channel, self._tokens = channel, tokens

    def send(self, method: MethodDescriptor, body: bytes, caller: Caller) -> Answer:
        """A method that streams gets the body as its only request."""
        path = "/{}/{}".format(*method.full_name.rsplit(".", 1))
        metadata = (("authorization", f"Bearer {self._tokens.issue(caller)}"),)
        seconds = max(deadline_of(method), PATIENCE_SECONDS)
        try:
            if is_client_streaming(method):
                stream = self._channel.stream_stream(path, None, None)
                return Answer(OK, body=b"".join(stream(iter([body]), timeout=seconds, metadata=metadata)))
            call = self._channel.unary_unary(path, None, None)
            return Answer(OK, body=call(body, timeout=seconds, metadata=metadata))
        except grpc.RpcError as failed:
            return Answer(failed.code().name, from_call(failed))

    def ask(self, method: MethodDescriptor, request: Message, caller: Caller) -> Any:
        """The response to a sound request. Raises what the service raises."""
        return self.send(method, request.SerializeToString(deterministic=True), caller).read(method)


@contextmanager
def open_grpc(suite: LocalSuite) -> Iterator[GrpcCalls]:
    options = (("grpc.max_receive_message_length", MAX_MESSAGE_BYTES), *METADATA_OPTIONS)
    with grpc.insecure_channel(f"127.0.0.1:{suite.ports.rpc}", options=options) as channel:
        yield GrpcCalls(channel, Tokens.of(suite))


class BusCalls:
    """Over RabbitMQ, one at a time: the argument may be any JSON."""

    def __init__(self, connection: CallConnection, tokens: Tokens) -> None:
        self._connection, self._tokens = connection, tokens

    def send(self, method: MethodDescriptor, argument: Any, caller: Caller) -> Answer:
        answer = self._connection.send(self._call(method, argument, caller))
        if not answer.get("error"):
            return Answer(OK, body=unpack_answer(answer["result"], response_class(method)()).SerializeToString())
        found = deserialize(answer["error"])
        if not isinstance(found, RemoteFault):  # nameko's own words for something that nobody expected
            return Answer("UNKNOWN", DomainError(json.dumps(answer["error"])))
        refusal = found.rebuild()
        return Answer(mapping_of(refusal).grpc, refusal)

    def _call(self, method: MethodDescriptor, argument: Any, caller: Caller) -> Call:
        context = {"caller_token": self._tokens.issue(caller), "deadline": time.time() + PATIENCE_SECONDS}
        name, give_up_at = bus_name(method.containing_service), time.monotonic() + PATIENCE_SECONDS
        return Call(name, snake_case(method.name), argument, {**context, WANTED: BINARY}, give_up_at)


@contextmanager
def open_bus(suite: LocalSuite) -> Iterator[BusCalls]:
    connection = CallConnection(suite.broker.url)
    try:
        yield BusCalls(connection, Tokens.of(suite))
    finally:
        connection.close()


def argument_of(request: Message) -> dict[str, Any]:
    """A request as it travels over the bus."""
    argument: dict[str, Any] = json_format.MessageToDict(request, preserving_proto_field_name=True)
    return argument


def bus_methods(methods: Sequence[MethodDescriptor]) -> list[MethodDescriptor]:
    """Those that can be called over the bus, which has no streams."""
    return [method for method in methods if not is_client_streaming(method)]


def send_patiently(send: Callable[[], Answer]) -> Answer:
    """Again where a part of the suite was too slow, as on a loaded machine; "something went wrong" stays a fault."""
    for _ in range(REPEATS):
        answer = send()
        is_late = answer.code == "DEADLINE_EXCEEDED" or (answer.code == "UNAVAILABLE" and WENT_WRONG not in str(answer))
        if not is_late:
            return answer
    return answer
