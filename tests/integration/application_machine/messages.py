"""Random requests out of the contract's own descriptors: every field of every message, sound, odd or left out."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from tests.integration.application_machine.fake_services import DENTAL, HMO, QUOTES, TEXAN

# What a text field gets: things that exist, nearly exist, or break something that was not thought of.
TEXTS = (
    "", " ", "A-0001", "A-0002", "a-0001", "220002580", "107864325", "660003012", *QUOTES, HMO, DENTAL, TEXAN,
    "2026-05-10", "2026-02-30", "2026-W20-1", "0001-01-01", "9999-12-31", "10/05/2026", "birth", "marriage", "other",
    "60601", "77001", "17031", "IL", "TX", "mobile", "ICHRA", "536904399", "3125550142", "name@example.com", "2026.1",
    "key-number-1", "key-number-2", "-1", "x" * 5000, "'; drop table application; --", "\\x00", "\x00", "\u202e", "%_%",
    "\N{PILE OF POO}", "e\u0301", "\uff12\uff10\uff12\uff16", "\x1f", "\u2028",
)  # fmt: skip  # reads across, as a table
_BITS = {FieldDescriptor.CPPTYPE_INT32: 31, FieldDescriptor.CPPTYPE_INT64: 63}
_COUNTS = {FieldDescriptor.CPPTYPE_UINT32: 32, FieldDescriptor.CPPTYPE_UINT64: 64}
_DEEPEST = 4


def requests(descriptor: Descriptor) -> st.SearchStrategy[Message]:
    return st.composite(_message)(descriptor, 0)


def _message(draw: Any, descriptor: Descriptor, depth: int) -> Message:
    made = GetMessageClass(descriptor)()
    field: Any
    for field in descriptor.fields:
        if not draw(st.integers(0, 3)):
            continue
        if field.is_repeated:
            for _ in range(draw(st.integers(0, 3))):
                _put(draw, getattr(made, field.name), None, field, depth)
        else:
            _put(draw, made, field.name, field, depth)
    return made


def _put(draw: Any, holder: Any, name: str | None, field: Any, depth: int) -> None:
    """Into a list where there is no name."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        if depth < _DEEPEST:
            below = _message(draw, field.message_type, depth + 1)
            if name is None:
                holder.add().CopyFrom(below)
            else:
                getattr(holder, name).CopyFrom(below)
        return
    value = draw(_scalar(field))
    if name is None:
        holder.append(value)
    else:
        setattr(holder, name, value)


def _scalar(field: Any) -> st.SearchStrategy[Any]:
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        if field.type == FieldDescriptor.TYPE_BYTES:
            return st.binary(max_size=20)
        return st.sampled_from(TEXTS) | st.text(max_size=12)
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return st.booleans()
    if field.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
        return st.sampled_from([*(one.number for one in field.enum_type.values), 99, -1])
    if bits := _BITS.get(field.cpp_type):
        return st.sampled_from([0, 1, 2, 3, -1, 50, 201, 2**bits - 1, -(2**bits)])
    if bits := _COUNTS.get(field.cpp_type):
        return st.sampled_from([0, 1, 2, 50, 2**bits - 1])
    return st.floats()
