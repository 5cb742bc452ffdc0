"""A service's proto contract, implemented once and served over two transports (gRPC and bus).

``contract`` packages subclass :class:`Contract`: one method for each rpc of the proto service, named in snake case,
taking the request message and the :class:`~chassis.identity.Caller`, giving the response message. Transports find the
methods through the proto's service descriptor, so there is no boilerplate for each of them.

An rpc that streams both ways takes an iterator of requests and gives an iterator of responses. It is served over
gRPC alone, and checks its messages itself: a stream may answer a bad message and go on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Protocol

from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from suite.common.v1 import common_pb2

from chassis import contract_options
from chassis.access import has_access_rule
from chassis.bounds import Bounds, bounds_of
from chassis.identity import Caller
from chassis.kernel import Command, DomainError, InvalidInput, Problem, ProblemList

# Unicode's separators of words (category Zs), all but the plain space.
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


class Contract:
    """Base of a service's contract; refuses to be built while an rpc lacks its method."""

    descriptor: ClassVar[ServiceDescriptor]

    def __init__(self) -> None:
        missing = [m.name for m in self.descriptor.methods if not hasattr(self, snake_case(m.name))]
        if missing:
            raise TypeError(f"{type(self).__name__} lacks {', '.join(missing)} of {self.descriptor.full_name}")
        if half := [m.name for m in self.descriptor.methods if m.client_streaming != m.server_streaming]:
            raise TypeError(f"{', '.join(half)} streams one way only, which no transport can serve")
        if closed := [m.name for m in self.descriptor.methods if not has_access_rule(m)]:
            raise TypeError(f"{', '.join(closed)} of {self.descriptor.full_name} lacks (suite.common.v1.access)")

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        """Check what every request must have, then call the method."""
        clean_texts(request)
        try:
            require_fields(request)
        except InvalidInput as refusal:
            raise self._with_other_problems(request, caller, refusal) from None
        try:
            response: Message = getattr(self, snake_case(method.name))(request, caller)
        except DomainError as error:
            contract_options.check_declared(method, error)
            raise
        return response

    def handle_bytes(self, method: MethodDescriptor, request: bytes, caller: Caller) -> bytes:
        """As ``handle``, with both messages as they travel. A contract that knows an answer by the very bytes of its
        request overrides it.
        """
        return self.handle(method, parse_request(method, request), caller).SerializeToString()

    def validate(self, request: Message, caller: Caller) -> None:
        """Raise InvalidInput for what is wrong with a request besides what the contract's options say; save nothing.

        The request lacks what they refuse. A contract overrides it for the requests that people fill in by forms.
        """

    def _with_other_problems(self, request: Message, caller: Caller, refusal: InvalidInput) -> InvalidInput:
        """All that is wrong at once: nobody has to correct a form twice."""
        _clear_faults(request)
        try:
            self.validate(request, caller)
        except InvalidInput as other:
            found = ProblemList(refusal.problems)
            found.add(other.problems)
            return InvalidInput(found.summary, problems=found.found)
        except DomainError:  # without what is missing nothing more can be said
            pass
        return refusal

    def handle_stream(self, method: MethodDescriptor, requests: Iterator[Message], caller: Caller) -> Iterator[Message]:
        """Call a streaming method; requests are read as its responses are taken."""
        responses: Iterator[Message] = getattr(self, snake_case(method.name))(requests, caller)
        return responses


class ServedContract(Protocol):
    """What a transport serves: a contract, or what stands in front of one."""

    @property
    def descriptor(self) -> ServiceDescriptor: ...
    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message: ...
    def handle_bytes(self, method: MethodDescriptor, request: bytes, caller: Caller) -> bytes: ...
    def handle_stream(
        self, method: MethodDescriptor, requests: Iterator[Message], caller: Caller
    ) -> Iterator[Message]: ...


def command_of(caller: Caller, operation: str, key: str, request: Message) -> Command:
    """A request with an idempotency key as the use cases take it."""
    return Command(caller, operation, key, request.SerializeToString(deterministic=True))


def is_client_streaming(method: MethodDescriptor) -> bool:
    return bool(method.client_streaming)


def request_class(method: MethodDescriptor) -> type[Message]:
    return GetMessageClass(method.input_type)


def response_class(method: MethodDescriptor) -> type[Message]:
    return GetMessageClass(method.output_type)


def parse_request(method: MethodDescriptor, request: bytes) -> Message:
    """Raises InvalidInput for bytes that are no request of the method."""
    try:
        return request_class(method).FromString(request)
    except DecodeError:
        raise InvalidInput("This is not a request of this method.", code="malformed") from None


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def require_fields(request: Message) -> None:
    """Raise InvalidInput that names every field marked ``(suite.common.v1.required)`` which was not given, every text
    with a NUL, which no database takes, and every value that is out of the contract's bounds.
    """
    faults = _find_faults(request)
    if not faults:
        return
    problems = ProblemList(fault.problem for fault in faults).found
    if all(fault.is_missing for fault in faults):
        raise InvalidInput("Some fields still need a value.", code="missing_field", problems=problems)
    raise InvalidInput(ProblemList.SUMMARY, problems=problems)


def _clear_faults(request: Message) -> None:
    """As if what ``require_fields`` refuses had not been given."""
    for fault in _find_faults(request):
        fault.holder.ClearField(fault.name)


def clean_texts(request: Message) -> None:
    """Make a plain space of every other kind that a paste brings into a text, such as the no-break one of a web page
    or a word processor: nobody sees the difference, and "Ann Marie" is one name. Those around a text are taken off, so
    that no text is longer than its bound when it is stored. A letter and its accent become one character (NFC): some
    systems write "É" as two, and a bound counts what people see.
    """
    fields = _fields_by_name(request.DESCRIPTOR)
    for given, value in request.ListFields():
        field = fields[given.name]
        if field.is_text and field.repeated:
            for index, text in enumerate(value):
                value[index] = _clean_text(text)
        elif field.is_text:
            if (plain := _clean_text(value)) != value:
                setattr(request, field.name, plain)
        elif field.is_message:
            for message in value if field.repeated else [value]:
                clean_texts(message)


def _clean_text(text: str) -> str:
    if text.isascii():
        return text.strip()
    spaced = _SPACES.sub(" ", text).strip()
    composed = unicodedata.normalize("NFC", spaced)
    # NFC takes apart some letters that have a character of their own, such as those of Bengali and Hebrew
    return composed if len(composed) <= len(spaced) else spaced


@cache
def is_required(field: Any) -> bool:
    return bool(field.GetOptions().Extensions[common_pb2.required])


@cache
def is_flattened(field: Any) -> bool:
    return bool(field.GetOptions().Extensions[common_pb2.flattened])


@dataclass(frozen=True, slots=True)
class _Field:
    """What is asked of a field. Read from the descriptor once, since every request of every call is looked over."""

    name: str
    required: bool
    repeated: bool
    has_presence: bool
    is_text: bool
    is_message: bool
    bounds: Bounds | None
    # A message that is one of several in a request is all that is sent: paths inside it do not name it.
    path: str

    def is_given(self, holder: Message, value: Any) -> bool:
        if self.repeated:
            return len(value) > 0
        return holder.HasField(self.name) if self.has_presence else bool(value)


@cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            field.name,
            is_required(field),
            field.is_repeated,
            field.has_presence,
            field.type == FieldDescriptor.TYPE_STRING,
            field.type == FieldDescriptor.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry,
            bounds_of(field),
            "" if _is_alternative(field) else f"{field.name}.",
        )
        for field in kind.fields
    )


@cache
def _fields_by_name(kind: Any) -> Mapping[str, _Field]:
    return {field.name: field for field in _fields(kind)}


@cache
def _checked_fields(kind: Any) -> tuple[_Field, ...]:
    """Those of which something is asked."""
    return tuple(one for one in _fields(kind) if one.required or one.is_text or one.bounds or one.is_message)


def _is_alternative(field: Any) -> bool:
    oneof = field.containing_oneof
    return oneof is not None and len(oneof.fields) > 1


@dataclass(frozen=True, slots=True)
class _Fault:
    """Something wrong with the field ``name`` of a message, the ``holder``."""

    problem: Problem
    holder: Message
    name: str
    is_missing: bool = False


def _find_faults(request: Message) -> list[_Fault]:
    faults: list[_Fault] = []
    _validate_fields(request, "", faults)
    return faults


def _validate_fields(message: Message, path: str, faults: list[_Fault]) -> None:
    """Every field, and below messages only where they are given; faults are named by their path."""
    for field in _checked_fields(message.DESCRIPTOR):
        value: Any = getattr(message, field.name)
        if not field.is_given(message, value):
            if field.required:
                missing = Problem(path + field.name, "Enter a value.")
                faults.append(_Fault(missing, message, field.name, is_missing=True))
            continue
        if field.is_text and any("\x00" in text for text in (value if field.repeated else (value,))):
            advice = "Remove the null character (code 0)."
            faults.append(_Fault(Problem(path + field.name, advice), message, field.name))
        if field.bounds:
            problems = field.bounds.problems(path + field.name, value)
            faults += [_Fault(problem, message, field.name) for problem in problems]
        if field.is_message and field.repeated:
            for index, item in enumerate(value):
                _validate_fields(item, f"{path}{field.name}[{index}].", faults)
        elif field.is_message:
            _validate_fields(value, path + field.path, faults)
