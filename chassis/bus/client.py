"""Calls to other services over RabbitMQ, in nameko's protocol, from plain threads and greenlets alike.

Only for idempotent methods: a call runs again when its worker died before acknowledging it, or when the connection over
which it went was lost. Every call has a deadline; what cannot be answered in time, or at all, is Unavailable.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Protocol, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from nameko.exceptions import deserialize

from chassis import telemetry
from chassis.access import carried_person_token
from chassis.bus.answer import BINARY, WANTED, unpack_answer
from chassis.bus.call_connection import Call, CallConnection, CallConnections, NoAnswer, NoListener
from chassis.bus.publish import BROKER_ERRORS
from chassis.bus.rpc_error import RemoteFault
from chassis.contract import response_class, snake_case
from chassis.identity import TokenIssuer
from chassis.kernel import Unavailable

R = TypeVar("R", bound=Message)

# A call through a healthy suite takes milliseconds; a person waits no longer than this for a page (reliability.md 1.6).
DEADLINE_SECONDS = 5.0
# Nobody waits for a worker's calls but a message, and to give one up while its queue is served makes more work of too
# much: the message is tried again, and the call with it. So it waits as long as its token is sure to live.
WORKER_DEADLINE_SECONDS = 45.0
# In the context of a call, beside the service's own token: that of the person for whom the service works.
PERSON_TOKEN = "person_token"  # noqa: S105  # the name of a key
# Nobody there, nobody in time, or no broker.
_LOST = (NoListener, NoAnswer, *BROKER_ERRORS)


class Connections(Protocol):
    """The way to other services; what lies on it is the broker's matter, or a test's."""

    def send(self, call: Call) -> dict[str, Any]: ...
    def give_up_within(self, seconds: float) -> None: ...
    def close(self) -> None: ...


class BusClient:
    """Signs every call with the service's own token, and takes the token of the person along for whom it is made.

    ``deadline``: in seconds, of calls that name none.
    """

    def __init__(self, connections: Connections, issuer: TokenIssuer, deadline: float = DEADLINE_SECONDS) -> None:
        self._connections = connections
        self._issuer = issuer
        self._deadline = deadline

    @classmethod
    def of(cls, amqp_url: str, issuer: TokenIssuer, deadline: float = DEADLINE_SECONDS) -> BusClient:
        """Over RabbitMQ."""
        return cls(CallConnections(partial(CallConnection, amqp_url)), issuer, deadline)

    def call(
        self,
        service: ServiceDescriptor,
        method: str,
        request: Message,
        response: type[R],
        deadline: float | None = None,
    ) -> R:
        """Call ``method`` (its proto name) of a service; raises what the service raised, or Unavailable."""
        descriptor = service.methods_by_name[method]
        if response_class(descriptor).DESCRIPTOR is not response.DESCRIPTOR:
            raise TypeError(f"{descriptor.full_name} does not answer with {response.DESCRIPTOR.full_name}")
        payload = json_format.MessageToDict(request, preserving_proto_field_name=True)
        seconds = self._deadline if deadline is None else deadline
        answer = self._send(bus_name(service), snake_case(method), payload, seconds)
        return unpack_answer(answer, response())

    def _send(self, service: str, method: str, payload: dict[str, Any], seconds: float) -> dict[str, Any]:
        token = self._issuer.issue_for_self(service)
        context = {"caller_token": token, "deadline": time.time() + seconds, WANTED: BINARY}
        context |= telemetry.trace_headers()
        if person_token := carried_person_token():
            context[PERSON_TOKEN] = person_token
        try:
            answer = self._connections.send(Call(service, method, payload, context, time.monotonic() + seconds))
        except _LOST as lost:
            raise _unavailable(service) from lost
        if not answer.get("error"):
            result: dict[str, Any] = answer["result"]
            return result
        raise _error_of(answer["error"], service) from None

    def give_up_within(self, seconds: float) -> None:
        """Calls under way and to come wait no longer than until then: their callee may be about to stop as well."""
        self._connections.give_up_within(seconds)

    def close(self) -> None:
        self._connections.close()


def bus_name(service: ServiceDescriptor) -> str:
    """``suite.quote.v1.QuoteService`` is ``quote`` on the bus."""
    return service.full_name.split(".")[1]


def _error_of(error: dict[str, Any], service: str) -> Exception:
    """Whatever is no refusal of ours says nothing to a person, as that of a release which lacks the method."""
    found = deserialize(error)
    return found.rebuild() if isinstance(found, RemoteFault) else _unavailable(service)


def _unavailable(service: str) -> Unavailable:
    return Unavailable(f"The {service} service is not responding right now. Please try again in a minute.")
