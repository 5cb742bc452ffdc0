"""Walks messages by their descriptors: which exist, which fields they have and hold, and where two of them differ."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from google.protobuf.message import Message

PROTOS = Path(__file__).parents[1] / "protos"
SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")


@cache
def contract_files(owner: str) -> tuple[FileDescriptor, ...]:
    """Of a service, or "common"."""
    names = [f"suite.{owner}.v1.{path.stem}_pb2" for path in sorted((PROTOS / "suite" / owner / "v1").glob("*.proto"))]
    return tuple(importlib.import_module(name).DESCRIPTOR for name in names)


def every_message(*owners: str) -> list[Descriptor]:
    """Of all contracts of these services, or of every one."""
    files = [file for owner in owners or ("common", *SERVICES) for file in contract_files(owner)]
    return [message for file in files for message in file.message_types_by_name.values()]


def every_field(*roots: Descriptor, but: Collection[str] = ()) -> frozenset[str]:
    """Full names of all fields of the messages and of those in them: "suite.enrollment.v1.Person.first_name".

    ``but``: neither these nor what is in them alone.
    """
    seen: dict[str, Descriptor] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one.full_name not in seen and one.full_name.startswith("suite."):
            seen[one.full_name] = one
            waiting += [field.message_type for field in one.fields if field.message_type and field.full_name not in but]
    return frozenset(field.full_name for one in seen.values() for field in one.fields).difference(but)


def every_path(root: Descriptor, but: Collection[str] = (), path: str = "") -> frozenset[str]:
    """``application.household.people.first_name``: every way to a field, since what is set in one place may be
    forgotten in another. ``but``: full names of fields that are left out, with all that is in them.
    """
    found: set[str] = set()
    for field in root.fields:
        if field.full_name not in but:
            found.add(path + field.name)
            if field.message_type and field.message_type.full_name.startswith("suite."):
                found |= every_path(field.message_type, but, f"{path}{field.name}.")
    return frozenset(found)


def filled_paths(message: Message, path: str = "") -> frozenset[str]:
    """The ways to fields that hold something, without the places in lists."""
    found: set[str] = set()
    for field, value in message.ListFields():
        found.add(path + field.name)
        if field.message_type and field.message_type.full_name.startswith("suite."):
            for one in _items(field, value):
                found |= filled_paths(one, f"{path}{field.name}.")
    return frozenset(found)


def filled_fields(messages: Iterable[Message]) -> frozenset[str]:
    """Full names of the fields that hold something in at least one of the messages."""
    return frozenset(name for message in messages for name in _filled(message))


def _filled(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        yield field.full_name
        if field.message_type and field.message_type.full_name.startswith("suite."):
            for one in _items(field, value):
                yield from _filled(one)


def differences(sent: Message, received: Message, path: str = "") -> Iterator[tuple[str, str]]:
    """Full name and path of each field that was sent and did not come back the same."""
    for field, value in sent.ListFields():
        where = f"{path}.{field.name}" if path else field.name
        back = getattr(received, field.name)
        if not field.message_type:
            if value != back or (field.has_presence and not received.HasField(field.name)):
                yield field.full_name, where
            continue
        ours, theirs = _items(field, value), _items(field, back)
        if len(ours) != len(theirs) or (field.has_presence and not received.HasField(field.name)):
            yield field.full_name, where
            continue
        if not field.message_type.full_name.startswith("suite."):
            if ours != theirs:
                yield field.full_name, where
            continue
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(one, other, f"{where}[{index}]" if field.is_repeated else where)


def _items(field: FieldDescriptor, value: Message | Iterable[Message]) -> list[Message]:
    return list(value) if field.is_repeated else [value]  # type: ignore[arg-type, list-item]  # by the descriptor
