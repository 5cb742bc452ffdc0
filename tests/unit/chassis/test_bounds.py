"""Each bound of the contracts holds for requests, at its field, and OpenAPI and the pages show the same."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_service_pb2, steps_pb2
from suite.quote.v1 import quote_pb2

from chassis.bounds import Bounds, bounds_of
from chassis.contract import require_fields
from chassis.kernel import InvalidInput
from gateway.api.schema import Schemas
from gateway.pages.input_attributes import input_attributes

PROTOS = Path(__file__).parents[3] / "protos"


def bounded_fields() -> Iterator[Any]:
    for path in sorted(PROTOS.rglob("*.proto")):
        module = importlib.import_module(".".join(path.relative_to(PROTOS).with_suffix("").parts) + "_pb2")
        for message in module.DESCRIPTOR.message_types_by_name.values():
            yield from (field for field in message.fields if bounds_of(field))


FIELDS = list(bounded_fields())
EVERY_FIELD = pytest.mark.parametrize("field", FIELDS, ids=lambda field: str(field.full_name))


def bounds(field: Any) -> Bounds:
    found = bounds_of(field)
    assert found is not None
    return found


def holding(field: Any, value: Any) -> Message:
    """A message with everything that is required, and the value in one field."""
    message = GetMessageClass(field.containing_type)()
    for other in message.DESCRIPTOR.fields:
        if other.GetOptions().Extensions[common_pb2.required] and other.name != field.name:
            _give(message, other)
    if field.is_repeated:
        for _ in range(value):
            getattr(message, field.name).append(_filled(field.message_type))
    elif field.message_type:
        getattr(message, field.name).cents = value
    else:
        setattr(message, field.name, value)
    return message


def _filled(kind: Any) -> Message:
    message = GetMessageClass(kind)()
    for field in kind.fields:
        if field.GetOptions().Extensions[common_pb2.required]:
            _give(message, field)
    return message


def _give(message: Message, field: Any) -> None:
    if field.is_repeated:
        items = getattr(message, field.name)
        items.append(_filled(field.message_type) if field.message_type else "x")
    elif field.message_type:
        getattr(message, field.name).SetInParent()
    else:
        given = bounds_of(field)
        text = "60601" if given and given.pattern else "x"
        setattr(message, field.name, text if field.type == FieldDescriptor.TYPE_STRING else 1)


def just_inside_and_beyond(field: Any) -> Iterator[tuple[Any, Any]]:
    found = bounds(field)
    if found.max_length is not None:
        yield "x" * found.max_length, "x" * (found.max_length + 1)
    if found.max_items is not None:
        yield found.max_items, found.max_items + 1
    if found.maximum is not None:
        yield found.maximum, found.maximum + 1
    if found.minimum is not None:
        yield found.minimum, found.minimum - 1
    if found.pattern is not None:
        yield "60601", "6060x"


def refused_fields(message: Message) -> list[str]:
    try:
        require_fields(message)
    except InvalidInput as refusal:
        return [problem.field for problem in refusal.problems]
    return []


def test_the_contracts_bound_lengths_patterns_ranges_and_lists() -> None:
    kinds = ("max_length", "pattern", "maximum", "max_items")
    assert len(FIELDS) >= 30
    assert all(any(getattr(bounds(field), kind) is not None for field in FIELDS) for kind in kinds)


@EVERY_FIELD
def test_a_value_is_taken_up_to_its_bound_and_refused_one_beyond(field: Any) -> None:
    for inside, beyond in just_inside_and_beyond(field):
        assert refused_fields(holding(field, inside)) == []
        assert refused_fields(holding(field, beyond)) == [field.name]


@EVERY_FIELD
def test_the_openapi_document_shows_the_bound_of_a_request_and_none_of_an_answer(field: Any) -> None:
    found, schemas = bounds(field), Schemas()
    shown = schemas.field(field, sent=True)
    options = [shown, *shown.get("anyOf", ())]
    for key, bound in (("maxLength", found.max_length), ("maxItems", found.max_items)):
        assert bound is None or any(one.get(key) == bound for one in options)
    if not found.is_money:
        assert found.maximum is None or any(one.get("maximum") == found.maximum for one in options)
        assert found.minimum is None or any(one.get("minimum") == found.minimum for one in options)
    assert found.pattern is None or any(found.pattern in one.get("pattern", "") for one in options)
    answered = str(schemas.field(field, sent=False))
    assert "maxLength" not in answered
    assert "maxItems" not in answered


@EVERY_FIELD
def test_an_input_of_a_page_shows_the_bound(field: Any) -> None:
    found, html = bounds(field), input_attributes(field.containing_type.full_name, field.name)
    for attribute, bound in (("maxlength", found.max_length), ("pattern", found.pattern), ("max", found.maximum)):
        assert bound is None or f' {attribute}="{bound}"' in html


def test_the_quote_page_takes_its_bounds_from_the_contract() -> None:
    page = (PROTOS.parent / "gateway" / "templates" / "quote_new.html").read_text()
    assert "maxlength" not in page
    assert "pattern=" not in page
    assert 'bounds("suite.quote.v1.Member", "first_name")' in page


@EVERY_FIELD
def test_every_pattern_has_a_sentence(field: Any) -> None:
    assert bool(bounds(field).pattern) == bool(bounds(field).pattern_advice)


def test_a_fault_in_a_step_is_named_by_its_path_in_the_step_with_its_rule() -> None:
    people = [steps_pb2.Person(last_name="ok"), steps_pb2.Person(last_name="x" * 61)]
    request = enrollment_service_pb2.SaveStepRequest(record_number="A-0001", version=1)
    request.household.people.extend(people)
    with pytest.raises(InvalidInput) as refused:
        require_fields(request)
    (problem,) = refused.value.problems
    assert (problem.field, problem.rule) == ("people[1].last_name", "R46")
    assert problem.message == "Shorten this to 60 characters."


def test_spaces_around_a_text_do_not_count() -> None:
    field = quote_pb2.Member.DESCRIPTOR.fields_by_name["first_name"]
    assert refused_fields(holding(field, f"  {'x' * 40} ")) == []


def test_without_its_bound_a_field_takes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    field = steps_pb2.Person.DESCRIPTOR.fields_by_name["last_name"]
    monkeypatch.setattr(Bounds, "problems", lambda *_: iter(()))
    assert refused_fields(holding(field, "x" * 61)) == []
