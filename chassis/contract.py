"""A service's proto contract, implemented once and opened at two doors (gRPC and bus).

``contract`` rooms subclass :class:`Contract`: one method for each rpc of the proto service, named in snake case, taking
the request message and the :class:`~chassis.identity.Caller`, giving the response message. Doors find the methods
through the proto's service descriptor, so there is no boilerplate for each of them.

An rpc that streams both ways takes an iterator of requests and gives an iterator of responses. It is open at the gRPC
door alone, and checks its messages itself: a stream may answer a bad message and go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from suite.common.v1 import common_pb2

from chassis.identity import Caller
from chassis.kernel import InvalidInput, Problem


class Contract:
    """Base of a service's contract; refuses to be built while an rpc lacks its method."""

    descriptor: ClassVar[ServiceDescriptor]

    def __init__(self) -> None:
        missing = [m.name for m in self.descriptor.methods if not hasattr(self, snake_case(m.name))]
        if missing:
            raise TypeError(f"{type(self).__name__} lacks {', '.join(missing)} of {self.descriptor.full_name}")
        if half := [m.name for m in self.descriptor.methods if m.client_streaming != m.server_streaming]:
            raise TypeError(f"{', '.join(half)} streams one way only, which no door can serve")

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        """Check what every request must have, then call the method."""
        require_fields(request)
        response: Message = getattr(self, snake_case(method.name))(request, caller)
        return response

    def handle_stream(self, method: MethodDescriptor, requests: Iterator[Message], caller: Caller) -> Iterator[Message]:
        """Call a streaming method; requests are read as its responses are taken."""
        responses: Iterator[Message] = getattr(self, snake_case(method.name))(requests, caller)
        return responses


def streams(method: MethodDescriptor) -> bool:
    return bool(method.client_streaming)


def request_class(method: MethodDescriptor) -> type[Message]:
    return GetMessageClass(method.input_type)


def response_class(method: MethodDescriptor) -> type[Message]:
    return GetMessageClass(method.output_type)


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def require_fields(request: Message) -> None:
    """Raise InvalidInput that names every field marked ``(suite.common.v1.required)`` which was not given, or every
    text with a NUL, which no database takes.
    """
    fields = list(_fields(request, ""))
    missing = [
        name for name, holder, field, value in fields if is_required(field) and not _is_given(holder, field, value)
    ]
    _refuse("Some fields still need a value.", "missing_field", missing, "Please give a value.")
    unfit = [name for name, _, field, value in fields if field.type == FieldDescriptor.TYPE_STRING and _has_nul(value)]
    _refuse("Some fields cannot be kept.", "malformed", unfit, "Leave out the character with the code 0.")


@cache
def is_required(field: Any) -> bool:
    return bool(field.GetOptions().Extensions[common_pb2.required])


@cache
def is_flattened(field: Any) -> bool:
    return bool(field.GetOptions().Extensions[common_pb2.flattened])


def _fields(message: Message, path: str) -> Iterator[tuple[str, Message, Any, Any]]:
    """Every field, with its path, what holds it and its value; below messages only where they are given."""
    field: Any  # protobuf's stubs name two descriptor classes that are one at run time
    for field in message.DESCRIPTOR.fields:
        value: Any = getattr(message, field.name)
        name = f"{path}{field.name}"
        yield name, message, field, value
        if field.type == FieldDescriptor.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            if field.is_repeated:
                for index, item in enumerate(value):
                    yield from _fields(item, f"{name}[{index}].")
            elif message.HasField(field.name):
                yield from _fields(value, f"{name}.")


def _refuse(message: str, code: str, names: list[str], advice: str) -> None:
    if names:
        raise InvalidInput(message, code=code, problems=tuple(Problem(name, advice) for name in names))


def _has_nul(value: Any) -> bool:
    return any("\x00" in text for text in ([value] if isinstance(value, str) else value))


def _is_given(message: Message, field: Any, value: Any) -> bool:
    if field.is_repeated:
        return len(value) > 0
    return message.HasField(field.name) if field.has_presence else bool(value)
