"""The comments of the protos, for the OpenAPI document.

Set-up writes them into ``generated/contracts.binpb`` (protoc --include_source_info); without that file the document is
complete all the same, only less talkative.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

FILE = Path(__file__).parents[2] / "generated" / "contracts.binpb"
# Field numbers within descriptor.proto, of which source paths are made.
_MESSAGE, _FIELD, _SERVICE, _METHOD = 4, 2, 6, 2


def of(descriptor: Any) -> str:
    """The comment above a message, field or rpc; empty when there is none."""
    return _comments().get(descriptor.full_name, "")


@cache
def _comments() -> dict[str, str]:
    if not FILE.exists():
        return {}
    found: dict[str, str] = {}
    for file in FileDescriptorSet.FromString(FILE.read_bytes()).file:
        found |= _of_file(file)
    return found


def _of_file(file: FileDescriptorProto) -> dict[str, str]:
    names: dict[tuple[int, ...], str] = {}
    for index, message in enumerate(file.message_type):
        names[(_MESSAGE, index)] = f"{file.package}.{message.name}"
        for place, field in enumerate(message.field):
            names[(_MESSAGE, index, _FIELD, place)] = f"{file.package}.{message.name}.{field.name}"
    for index, service in enumerate(file.service):
        for place, method in enumerate(service.method):
            names[(_SERVICE, index, _METHOD, place)] = f"{file.package}.{service.name}.{method.name}"
    return {
        names[path]: " ".join(location.leading_comments.split())
        for location in file.source_code_info.location
        if (path := tuple(location.path)) in names and location.leading_comments
    }
