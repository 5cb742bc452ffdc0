"""Whoever builds a portal on the OpenAPI document finds there what every field, word and parameter means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool

from gateway.api import proto_docs
from gateway.api.openapi import build_document
from gateway.api.schema import Schemas


def gaps(part: Any, path: str = "") -> Iterator[str]:
    """Where a description is missing: of a field, of a word, of a parameter or of an operation."""
    if isinstance(part, list):
        for index, item in enumerate(part):
            yield from gaps(item, f"{path}[{index}]")
    if not isinstance(part, dict):
        return
    told = part.get("description") or ""
    if "operationId" in part and not told:
        yield path
    if "in" in part and "schema" in part and not told:
        yield f"{path} {part['name']}"
    # a name of a field may be "enum" or "properties", but then it holds no list and no other fields
    if isinstance(words := part.get("enum"), list):
        yield from (f"{path} = {word}" for word in words if not re.search(rf"^- `{word}`: \S", told, re.MULTILINE))
    if isinstance(fields := part.get("properties"), dict):
        yield from (f"{path}.{name}" for name, field in fields.items() if not field.get("description"))
    for name, inner in part.items():
        yield from gaps(inner, f"{path}.{name}")


def test_every_field_word_parameter_and_operation_says_what_it_means() -> None:
    assert not list(gaps(build_document()))


def test_a_field_without_a_comment_in_its_proto_is_found() -> None:
    schemas = Schemas()
    schemas.answer(_bare_message())
    assert list(gaps(schemas.components)) == [".Bare.weight", ".Bare.colour", ".Colour = red", ".Colour = blue"]


def test_parameter_or_operation_without_a_description_is_found() -> None:
    bare = {
        "/plans": {"get": {"operationId": "ListPlans", "parameters": [{"name": "zip", "in": "query", "schema": {}}]}}
    }
    assert list(gaps(bare)) == ["./plans.get", "./plans.get.parameters[0] zip"]


@pytest.mark.parametrize("name", sorted(build_document()["components"]["schemas"]))
def test_every_schema_is_a_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(build_document()["components"]["schemas"][name])


def test_path_parameter_has_the_description_of_its_request_field() -> None:
    fields = {one["name"]: one for one in build_document()["paths"]["/plans/{plan_id}"]["get"]["parameters"]}
    assert "36096IL0760001-00" in fields["plan_id"]["description"]
    assert fields["plan_year"]["required"]


def test_descriptions_speak_of_the_words_and_statuses_that_the_api_has() -> None:
    written = str(build_document())
    assert "APPLICATION_STATUS" not in written and "UNSPECIFIED" not in written
    assert "FAILED_PRECONDITION" not in written and "NOT_FOUND" not in written
    status = build_document()["paths"]["/applications"]["get"]["parameters"][0]
    assert '"completed"' in status["description"] and "- `completed`: " in status["schema"]["description"]


def test_comment_that_names_no_known_constant_is_unchanged() -> None:
    assert proto_docs.translate_constants(
        '"LAST, FIRST M" in THE_FIELD or COVERAGE_DENTAL.', {"COVERAGE_DENTAL": '"dental"'}
    ) == ('"LAST, FIRST M" in THE_FIELD or "dental".')


def _bare_message() -> Any:
    """A message and an enum that nobody commented."""
    file = FileDescriptorProto(name="bare.proto", package="bare", syntax="proto3")
    colour = EnumDescriptorProto(name="Colour")
    for number, name in enumerate(("COLOUR_UNSPECIFIED", "COLOUR_RED", "COLOUR_BLUE")):
        colour.value.add(name=name, number=number)
    message = DescriptorProto(name="Bare")
    optional = FieldDescriptorProto.LABEL_OPTIONAL
    message.field.add(name="weight", number=1, type=FieldDescriptorProto.TYPE_STRING, label=optional)
    message.field.add(
        name="colour", number=2, type=FieldDescriptorProto.TYPE_ENUM, type_name=".bare.Colour", label=optional
    )
    file.enum_type.append(colour)
    file.message_type.append(message)
    pool = DescriptorPool()
    pool.Add(file)
    return pool.FindMessageTypeByName("bare.Bare")
