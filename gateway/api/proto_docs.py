"""The comments of the protos, for the OpenAPI document: what a field, a word, or an operation means.

Set-up writes them into ``generated/contracts.binpb`` (protoc --include_source_info); without that file the document is
complete all the same, only less talkative. A comment may name an enum's value or a gRPC status; who reads the document
knows the word and the HTTP status instead.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from chassis.error_mapping import HTTP_STATUSES
from gateway.edge.enum_names import enum_prefix

FILE = Path(__file__).parents[2] / "generated" / "contracts.binpb"
# Field numbers within descriptor.proto, of which source paths are made.
_MESSAGE, _FIELD, _ENUM, _VALUE, _SERVICE, _METHOD = 4, 2, 5, 2, 6, 2
_CONSTANT = re.compile(r"\b[A-Z]+(?:_[A-Z0-9]+)+\b")


def find_comment(descriptor: Any) -> str:
    """The comment above a message, field, enum or rpc; empty when there is none."""
    return _comments().get(descriptor.full_name, "")


def find_value_comment(value: Any) -> str:
    """The comment above a value of an enum."""
    return _comments().get(f"{value.type.full_name}.{value.name}", "")


@cache
def _comments() -> dict[str, str]:
    if not FILE.exists():
        return {}
    files = FileDescriptorSet.FromString(FILE.read_bytes()).file
    words = {name: str(status) for name, status in HTTP_STATUSES.items()}
    for file in files:
        words |= _words(file)
    return {name: translate_constants(comment, words) for file in files for name, comment in _of_file(file).items()}


def translate_constants(comment: str, words: dict[str, str]) -> str:
    return _CONSTANT.sub(lambda found: words.get(found[0], found[0]), comment)


def _words(file: FileDescriptorProto) -> dict[str, str]:
    """COVERAGE_MEDICAL: "medical"."""
    return {
        value.name: f'"{value.name.removeprefix(enum_prefix(enum)).lower()}"'
        for enum in file.enum_type
        for value in enum.value
    }


def _of_file(file: FileDescriptorProto) -> dict[str, str]:
    names = _names(file)
    return {
        names[path]: " ".join(location.leading_comments.split())
        for location in file.source_code_info.location
        if (path := tuple(location.path)) in names and location.leading_comments
    }


def _names(file: FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """What is at each source path."""
    parts: tuple[tuple[int, int, Any], ...] = (
        (_MESSAGE, _FIELD, [(message, message.field) for message in file.message_type]),
        (_ENUM, _VALUE, [(enum, enum.value) for enum in file.enum_type]),
        (_SERVICE, _METHOD, [(service, service.method) for service in file.service]),
    )
    names: dict[tuple[int, ...], str] = {}
    for kind, part_kind, things in parts:
        for index, (thing, inner) in enumerate(things):
            names[(kind, index)] = f"{file.package}.{thing.name}"
            for place, part in enumerate(inner):
                names[(kind, index, part_kind, place)] = f"{file.package}.{thing.name}.{part.name}"
    return names
