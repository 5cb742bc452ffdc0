"""What a contract says in options beside ``(suite.common.v1.required)``: errors of an rpc, limits of a file,
events.

The service that implements the contract and the gateway in front of it both read them here, so neither keeps a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from google.protobuf.message import Message
from suite.common.v1 import common_pb2

from chassis import telemetry
from chassis.kernel import Conflict, DomainError

_STATUSES = {
    common_pb2.RPC_ERROR_STATUS_UNSPECIFIED: "FAILED_PRECONDITION",
    common_pb2.RPC_ERROR_STATUS_PERMISSION_DENIED: "PERMISSION_DENIED",
    common_pb2.RPC_ERROR_STATUS_NOT_FOUND: "NOT_FOUND",
}


@dataclass(frozen=True, slots=True)
class DeclaredError:
    """One ``(suite.common.v1.error)``; ``status`` is the name of the gRPC code."""

    status: str
    code: str
    meaning: str


@cache
def declared_errors(method: MethodDescriptor) -> tuple[DeclaredError, ...]:
    """What an rpc may be refused for besides what every rpc may, in the order of the contract."""
    found: Any = method.GetOptions().Extensions[common_pb2.error]
    return tuple(DeclaredError(_STATUSES[one.status], one.code, one.meaning) for one in found)


@cache
def max_bytes(field: Any) -> int:
    """The most bytes that a field may hold; 0 where the contract says nothing."""
    return int(field.GetOptions().Extensions[common_pb2.max_bytes])


@cache
def media_types(field: Any) -> tuple[str, ...]:
    """What the bytes of a field may be; empty where they are no file."""
    return tuple(field.GetOptions().Extensions[common_pb2.media_types])


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """A message with ``(suite.common.v1.event_type)``.

    ``needs_subscriber``: a part of the suite depends on it, so a missing queue is a fault and the event waits; an event
    without this may find nobody.
    """

    message: str
    needs_subscriber: bool


def event_type(message: type[Message]) -> str:
    """The wire type of an event."""
    found: str = _options(message.DESCRIPTOR)[common_pb2.event_type]
    return found


def published_events(file: FileDescriptor) -> dict[str, PublishedEvent]:
    """The events among the messages of a file, by wire type."""
    found: dict[str, PublishedEvent] = {}
    for message in file.message_types_by_name.values():
        options = _options(message)
        if wire_type := options[common_pb2.event_type]:
            found[wire_type] = PublishedEvent(message.full_name, options[common_pb2.needs_subscriber])
    return found


def _options(message: Any) -> Any:
    return message.GetOptions().Extensions


def check_declared(method: MethodDescriptor, error: DomainError) -> None:
    """Report a Conflict whose code the contract does not list: a front end could not have expected it."""
    if not isinstance(error, Conflict):
        return
    if error.code not in {one.code for one in declared_errors(method) if one.status == "FAILED_PRECONDITION"}:
        report_undeclared(method, error)


def report_undeclared(method: MethodDescriptor, error: DomainError) -> None:
    """Log it; the caller still gets the error. Tests replace this function by one that raises."""
    telemetry.get_logger().error("error code not in the contract", method=method.full_name, code=error.code)
