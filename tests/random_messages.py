"""Random requests by the descriptors: samples with a few things changed, filled messages, and bytes that are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from tests.contract_calls import plausible_text
from tests.filled_messages import filled_messages
from tests.suite_calls import argument_of

# In texts that are sent: no refusal may repeat it.
CANARY = "Zqxjkwv"
TEXTS = (
    "", " ", "\x00", "\x07", "0", "1", "-1", "NaN", "1e999", "%", "\\", "{}", "null", "en", "IL", "ZZ", "A-0001",
    "A-99999999999999999999", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "2026-13", "60601", "99999",
    "36096IL0000000-00", "36096IL9900003-04", "220002580", "660003012", "E\u0301" * 61, "\N{PILE OF POO}" * 70,
    "\u202e" + CANARY, f"'; drop table application; -- {CANARY}", f"<script>{CANARY}</script>", CANARY * 900,
    "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "A" * 50, "\ufeff", "\u00a0",
)  # fmt: skip  # reads across, as a table
NUMBERS = (0, 1, -1, 7, 200, 201, 2026, 2014, 9999, 10_000, 2**31 - 1, -(2**31))
LARGE_NUMBERS = (*NUMBERS, 2**31, 2**63 - 1, -(2**63))
FILES = (b"", b"\x00", b"%PDF-1.4\n%%EOF", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", CANARY.encode() * 9000)
# More than any list may have.
REPEATED = 25
# Bytes that are no message, or one that nobody sends: fields that nobody knows, groups and messages in one another
# beyond what a parser follows, a text that is no UTF-8, numbers longer than numbers are, lengths beyond the end.
_UNKNOWN = b"\xf8\xff\xff\xff\x0f\x01"
NO_MESSAGES = (
    b"\xff", b"\x00", b"\x0a", b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x02\xff\xfe", b"\x12\x02\xc3\x28",
    b"\x08" + b"\xff" * 11, b"\x0b" * 5000, b"\x0b" * 90 + b"\x0c" * 90, b"\x0f", CANARY.encode(),
    b"\x1a\x02\x0a\x05" * 50, b"\x0a\x00" * 50_000,
)  # fmt: skip  # reads across, as a table

Draw = Callable[[st.SearchStrategy[Any]], Any]


def random_request(draw: Draw, sample: Message, known: Sequence[str]) -> bytes:
    """``known``: texts that name something which is there, so that a mistake in one field meets a sound other one."""
    kind = draw(st.sampled_from(["near", "near", "near", "near", "filled", "with more", "cut", "none"]))
    if kind == "none":
        return bytes(draw(st.sampled_from(NO_MESSAGES) | st.binary(max_size=40)))
    if kind == "filled":
        filled = draw(st.sampled_from(_filled(sample.DESCRIPTOR)))
        return bytes(filled.SerializeToString())
    sent = near(draw, sample, known).SerializeToString()
    if kind == "cut":
        return bytes(sent[: draw(st.integers(0, len(sent)))])
    if kind == "with more":
        return bytes(sent + draw(st.sampled_from([_UNKNOWN, _UNKNOWN * 2000, b"\x0b" * 50 + b"\x0c" * 50, sent])))
    return bytes(sent)


def near(draw: Draw, sample: Message, known: Sequence[str]) -> Message:
    """The sample with one to three things changed."""
    message = type(sample)()
    message.CopyFrom(sample)
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, message, known)
    return message


def texts_of(message: Message) -> Iterator[str]:
    """Every text in it, at any depth."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from texts_of(one)
            elif isinstance(one, str):
                yield one


def _change(draw: Draw, message: Message, known: Sequence[str]) -> None:
    if not message.DESCRIPTOR.fields:
        return
    field = draw(st.sampled_from(list(message.DESCRIPTOR.fields)))
    if field.is_repeated:
        _change_list(draw, message, field, known)
    elif field.message_type and draw(st.sampled_from([True, True, False])):
        _change(draw, getattr(message, field.name), known)
    elif draw(st.sampled_from([True, False, False])):
        message.ClearField(field.name)
    elif field.message_type:
        getattr(message, field.name).CopyFrom(_value(draw, field, known))
    else:
        setattr(message, field.name, _value(draw, field, known))


def _change_list(draw: Draw, message: Message, field: FieldDescriptor, known: Sequence[str]) -> None:
    items = getattr(message, field.name)
    way = draw(st.sampled_from(["edit", "edit", "add", "repeat", "drop", "empty"]))
    if way == "empty":
        message.ClearField(field.name)
    elif way == "drop" and items:
        del items[draw(st.integers(0, len(items) - 1))]
    elif way == "repeat" and items:
        items.extend([items[0]] * REPEATED)
    elif way == "edit" and items and field.message_type:
        _change(draw, items[draw(st.integers(0, len(items) - 1))], known)
    else:
        items.append(_value(draw, field, known))


def _value(draw: Draw, field: FieldDescriptor, known: Sequence[str]) -> Any:
    if field.message_type:
        return _some(draw, field.message_type)
    if field.enum_type:
        return draw(st.sampled_from([0, *range(1, len(field.enum_type.values)), 99, -1]))
    if field.type == FieldDescriptor.TYPE_STRING:
        return draw(st.sampled_from([*TEXTS, *known]))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return draw(st.sampled_from(FILES))
    if field.type == FieldDescriptor.TYPE_BOOL:
        return draw(st.booleans())
    return draw(st.sampled_from(LARGE_NUMBERS if field.type == FieldDescriptor.TYPE_INT64 else NUMBERS))


def _some(draw: Draw, kind: Descriptor) -> Message:
    if not kind.full_name.startswith("suite."):
        return GetMessageClass(kind)(seconds=draw(st.sampled_from(LARGE_NUMBERS)))
    some: Message = draw(st.sampled_from([GetMessageClass(kind)(), *_filled(kind)]))
    return some


@cache
def _filled(kind: Any) -> list[Message]:
    return filled_messages(kind, plausible_text)


# What JSON can say and no message is.
NO_ARGUMENTS: tuple[Any, ...] = (
    None, True, 0, 1e400, "", CANARY, [], [[]], [{}], {"": {}}, {CANARY: CANARY}, {"page": []}, {"record_number": {}},
    {"members": {}}, {"members": [None]}, {"version": 10**400}, {"version": 1.5}, {"version": "one"},
    {"quote_id": [CANARY]}, {"idempotency_key": None},
)  # fmt: skip  # reads across, as a table


def random_argument(draw: Draw, sample: Message, known: Sequence[str]) -> Any:
    """As it travels over the bus: JSON, near a message or far from it."""
    if draw(st.sampled_from([True, False, False])):
        return draw(st.sampled_from(NO_ARGUMENTS))
    argument = argument_of(near(draw, sample, known))
    if draw(st.booleans()):
        names = [*(field.name for field in sample.DESCRIPTOR.fields), CANARY]
        argument[draw(st.sampled_from(names))] = draw(st.sampled_from([*NO_ARGUMENTS, *TEXTS, *LARGE_NUMBERS]))
    return argument
