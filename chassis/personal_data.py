"""Which answers tell about clients, and about whom: read from the contracts' ``personal_data`` (docs/adr/0046)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from suite.common.v1 import common_pb2

# What the contracts call the things that a person belongs to. Each is a subject of the audit, by its value; of several
# in one message the first that is given.
SUBJECT_FIELDS = ("record_number", "client_id", "quote_id")
_PREFIX = "PERSONAL_DATA_"


@cache
def kinds_of(message: Any) -> tuple[str, ...]:
    """The kinds of personal data in a message (its descriptor) and whatever is in it: ``("contact", "identity")``."""
    found = {
        common_pb2.PersonalData.Name(kind).removeprefix(_PREFIX).lower()
        for one in _messages_in(message)
        for kind in one.GetOptions().Extensions[common_pb2.personal_data]
    }
    return tuple(sorted(found))


def find_subjects(message: Message) -> list[str]:
    """Record numbers and ids of clients and quotes in a message, each once, in the order in which they stand there."""
    return list(dict.fromkeys(_reader(message.DESCRIPTOR)(message)))


def _messages_in(message: Any) -> list[Any]:
    """The message's own descriptor and those of all messages in it."""
    found = {message.full_name: message}
    waiting = [message]
    while waiting:
        for field in waiting.pop().fields:
            inner = field.message_type
            if inner is not None and inner.full_name not in found:
                found[inner.full_name] = inner
                waiting.append(inner)
    return list(found.values())


@cache
def _reader(message: Any) -> Callable[[Message], Iterator[str]]:
    """Made once for each message: it goes only where subjects can be."""
    # a record stands for the client and the quote that it came from
    texts = [
        name for name in SUBJECT_FIELDS if name in message.fields_by_name and _is_subject(message.fields_by_name[name])
    ]
    inner = [
        (field.name, field.is_repeated)
        for field in message.fields
        if field.message_type is not None and any(map(_has_subject, _messages_in(field.message_type)))
    ]

    def read(holder: Any) -> Iterator[str]:
        if value := next(filter(None, (getattr(holder, name) for name in texts)), ""):
            yield value
        for name, repeated in inner:
            if repeated:
                for one in getattr(holder, name):
                    yield from _reader(one.DESCRIPTOR)(one)
            elif holder.HasField(name):
                one = getattr(holder, name)
                yield from _reader(one.DESCRIPTOR)(one)

    return read


def _has_subject(message: Any) -> bool:
    return any(map(_is_subject, message.fields))


def _is_subject(field: Any) -> bool:
    return field.name in SUBJECT_FIELDS and field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated
