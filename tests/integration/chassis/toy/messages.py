"""The toy service's protobuf messages, built here so that the project's contracts stay free of test things.

As text they would be ``suite.toy.v1``: ToyService with Note, Refuse, Fail, Wait and WhoAmI; the event NoteWritten.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from suite.common.v1 import common_pb2

from tests.access_rules import open_to

_Field = descriptor_pb2.FieldDescriptorProto
_MESSAGES = {
    "NoteRequest": [("text", True), ("key", False), ("subject", False)],
    "NoteResponse": [("id", False)],
    "Nothing": [],
    "WaitRequest": [("seconds", False)],
    "WhoAmIResponse": [("kind", False), ("subject", False)],
    "NoteWritten": [("id", False), ("subject", False), ("text", False)],
}
_METHODS = {
    "Note": ("NoteRequest", "NoteResponse"),
    "Refuse": ("Nothing", "Nothing"),
    "Fail": ("Nothing", "Nothing"),
    "Wait": ("WaitRequest", "Nothing"),
    "WhoAmI": ("Nothing", "WhoAmIResponse"),
}


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(
        name="suite/toy/v1/toy.proto",
        package="suite.toy.v1",
        syntax="proto3",
        dependency=["suite/common/v1/common.proto"],
    )
    for message, fields in _MESSAGES.items():
        built = file.message_type.add(name=message)
        for number, (name, required) in enumerate(fields, start=1):
            field = built.field.add(name=name, number=number, type=_Field.TYPE_STRING, label=_Field.LABEL_OPTIONAL)
            if required:
                field.options.Extensions[common_pb2.required] = True
    service = file.service.add(name="ToyService")
    for method, (request, response) in _METHODS.items():
        added = service.method.add(
            name=method, input_type=f".suite.toy.v1.{request}", output_type=f".suite.toy.v1.{response}"
        )
        open_to(added, "toy", "quote")
    return file


def _absent_file() -> descriptor_pb2.FileDescriptorProto:
    """A service that no process serves, on whatever broker the toys share with others."""
    file = descriptor_pb2.FileDescriptorProto(
        name="suite/absent/v1/absent.proto",
        package="suite.absent.v1",
        syntax="proto3",
        dependency=["suite/toy/v1/toy.proto"],
    )
    nothing = ".suite.toy.v1.Nothing"
    file.service.add(name="AbsentService").method.add(name="Ask", input_type=nothing, output_type=nothing)
    return file


descriptor_pool.Default().Add(_file())
descriptor_pool.Default().Add(_absent_file())
_POOL: Any = descriptor_pool.Default()

SERVICE: ServiceDescriptor = _POOL.FindServiceByName("suite.toy.v1.ToyService")
ABSENT_SERVICE: ServiceDescriptor = _POOL.FindServiceByName("suite.absent.v1.AbsentService")


def message(name: str) -> Any:
    return GetMessageClass(_POOL.FindMessageTypeByName(f"suite.toy.v1.{name}"))


NoteRequest = message("NoteRequest")
NoteResponse = message("NoteResponse")
Nothing = message("Nothing")
WaitRequest = message("WaitRequest")
WhoAmIResponse = message("WhoAmIResponse")
NoteWritten = message("NoteWritten")
