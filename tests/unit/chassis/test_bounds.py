"""Each bound of the contracts holds for requests, at its field, and OpenAPI and the pages show the same."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import client_review_pb2, enrollment_service_pb2, steps_pb2
from suite.quote.v1 import quote_offers_pb2, quote_pb2, quote_service_pb2

from chassis.bounds import Bounds, bounds_of
from chassis.contract import clean_texts, is_client_streaming, require_fields
from chassis.kernel import InvalidInput
from gateway.api import proto_docs
from gateway.api.schema import Schemas
from gateway.pages.input_attributes import input_attributes
from gateway.pages.quotes.household_form import MOST_MEMBERS
from services.quote.domain import household
from tests.contract_fields import SERVICES, contract_files, every_field

ROOT = Path(__file__).parents[3]
PROTOS, TEMPLATES = ROOT / "protos", ROOT / "gateway" / "templates"


def bounded_fields() -> Iterator[Any]:
    for path in sorted(PROTOS.rglob("*.proto")):
        module = importlib.import_module(".".join(path.relative_to(PROTOS).with_suffix("").parts) + "_pb2")
        for message in module.DESCRIPTOR.message_types_by_name.values():
            yield from (field for field in message.fields if bounds_of(field))


FIELDS = list(bounded_fields())
EVERY_FIELD = pytest.mark.parametrize("field", FIELDS, ids=lambda field: str(field.full_name))


def methods_of(owner: str) -> Iterator[MethodDescriptor]:
    for file in contract_files(owner):
        for service in file.services_by_name.values():
            yield from service.methods


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
        getattr(message, field.name).extend([_item(field)] * value)
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


def _item(field: Any) -> Any:
    if field.message_type:
        return _filled(field.message_type)
    if field.enum_type:
        return 1
    pattern = bounds(field).pattern
    return FITTING[pattern] if pattern else "x"


def _give(message: Message, field: Any) -> None:
    """Something within the bounds."""
    found = bounds_of(field) or Bounds()
    if field.is_repeated:
        getattr(message, field.name).extend([_item(field)] * (found.min_items or 1))
    elif field.message_type:
        getattr(message, field.name).SetInParent()
    elif field.type == FieldDescriptor.TYPE_STRING:
        setattr(message, field.name, FITTING[found.pattern] if found.pattern else "x" * (found.min_length or 1))
    else:
        setattr(message, field.name, b"x" if field.type == FieldDescriptor.TYPE_BYTES else 1)


# An example of each pattern; another pattern needs one here.
FITTING = {
    bounds(field).pattern: text
    for field, text in (
        (quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["zip"], "60601"),
        (quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["county_fips"], "17031"),
        (enrollment_service_pb2.SearchClientsRequest.DESCRIPTOR.fields_by_name["ssn_last_four"], "1234"),
        (quote_offers_pb2.DeliverQuoteRequest.DESCRIPTOR.fields_by_name["email"], "ada+1@example.com"),
        (client_review_pb2.SignReviewRequest.DESCRIPTOR.fields_by_name["language"], "es"),
        (quote_service_pb2.GetPlanRequest.DESCRIPTOR.fields_by_name["plan_id"], "36096IL9900001-00"),
    )
}


def just_inside_and_beyond(field: Any) -> Iterator[tuple[Any, Any]]:
    found = bounds(field)
    steps = (
        (found.min_length, -1),
        (found.max_length, 1),
        (found.min_items, -1),
        (found.max_items, 1),
        (found.minimum, -1),
        (found.maximum, 1),
    )
    for bound, step in steps:
        if bound is not None:
            yield _of(field, bound), _of(field, bound + step)
    if found.pattern is not None and not field.is_repeated:
        yield FITTING[found.pattern], "no fit"


def _of(field: Any, bound: int) -> Any:
    """As long as the bound, where that is a length. A text with a pattern has one to fit it, an email address."""
    if field.is_repeated or field.type != FieldDescriptor.TYPE_STRING:
        return bound
    if not bounds(field).pattern:
        return "x" * bound
    letters = "x" * (bound - len("a@.com"))
    return f"a@{'.'.join(re.findall('.{1,50}', letters))}.com"[:bound]


def refused_fields(message: Message) -> list[str]:
    try:
        require_fields(message)
    except InvalidInput as refusal:
        return [problem.field for problem in refusal.problems]
    return []


def problems_of(message: Message) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        require_fields(message)
    return [(problem.field, problem.message) for problem in refused.value.problems]


def test_the_contracts_bound_lengths_patterns_ranges_and_lists() -> None:
    kinds = ("min_length", "max_length", "pattern", "minimum", "maximum", "min_items", "max_items")
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
    lengths = (("minLength", found.min_length), ("maxLength", found.max_length))
    for key, bound in (*lengths, ("minItems", found.min_items), ("maxItems", found.max_items)):
        assert bound is None or any(one.get(key) == bound for one in options)
    if not found.is_money:
        assert found.maximum is None or any(one.get("maximum") == found.maximum for one in options)
        assert found.minimum is None or any(one.get("minimum") == found.minimum for one in options)
    texts = [one["items"] for one in options if "items" in one] if field.is_repeated else options
    assert found.pattern is None or any(found.pattern in one.get("pattern", "") for one in texts)
    answered = str(schemas.field(field, sent=False))
    assert "maxLength" not in answered
    assert "maxItems" not in answered


@EVERY_FIELD
def test_an_input_of_a_page_shows_the_bound(field: Any) -> None:
    found, html = bounds(field), unescape(input_attributes(field.containing_type.full_name, field.name))
    for attribute, bound in (
        ("minlength", found.min_length),
        ("maxlength", found.max_length),
        ("pattern", found.pattern),
        ("title", found.pattern_advice or None),
    ):
        assert bound is None or f' {attribute}="{bound}"' in html
    for attribute, bound in (("min", found.minimum), ("max", found.maximum)):
        shown = f"{Decimal(bound or 0) / 100:.2f}" if found.is_money else bound
        assert bound is None or f' {attribute}="{shown}"' in html


def test_every_bounded_text_of_new_quote_takes_its_bounds_from_the_contract() -> None:
    page = (TEMPLATES / "quotes/household.html").read_text()
    # The key is the page's own and the county is chosen from a list: neither is typed.
    untyped = {"idempotency_key", "county_fips"}
    for message in (quote_service_pb2.CreateQuoteRequest.DESCRIPTOR, quote_pb2.Member.DESCRIPTOR):
        for field in message.fields:
            if field in FIELDS and not field.is_repeated and field.name not in untyped:
                assert f'bounds("{message.full_name}", "{field.name}")' in page


def test_new_quote_stops_adding_people_where_the_contract_would_refuse_them() -> None:
    members = quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["members"]
    assert MOST_MEMBERS == bounds(members).max_items == 20


def test_a_census_holds_households_to_the_numbers_of_the_contract() -> None:
    """Its files come past the contract, so the household keeps both."""
    members = quote_service_pb2.CreateQuoteRequest.DESCRIPTOR.fields_by_name["members"]
    names = [quote_pb2.Member.DESCRIPTOR.fields_by_name[name] for name in ("first_name", "last_name")]
    assert bounds(members).max_items == household.MAX_PEOPLE
    assert [bounds(name).max_length for name in names] == [household.MAX_NAME] * 2


@pytest.mark.parametrize(
    ("name", "text_format"),
    [
        ("idempotency_key", common_pb2.TEXT_FORMAT_IDEMPOTENCY_KEY),
        ("zip", common_pb2.TEXT_FORMAT_ZIP_CODE),
        ("county_fips", common_pb2.TEXT_FORMAT_COUNTY_FIPS),
    ],
)
def test_a_kind_of_text_has_its_format_in_every_request(name: str, text_format: int) -> None:
    methods = [method for owner in SERVICES for method in methods_of(owner) if not is_client_streaming(method)]
    asked = {field for method in methods for field in every_field(method.input_type) if field.endswith(f".{name}")}
    found = [field for field in FIELDS if field.full_name in asked]
    assert asked == {str(field.full_name) for field in found}
    assert {field.GetOptions().Extensions[common_pb2.format] for field in found} == {text_format}


@EVERY_FIELD
def test_a_browser_takes_every_pattern(field: Any) -> None:
    """With the flag v: inside brackets a bare hyphen is a range, and these have to be escaped."""
    for inside in re.findall(r"\[((?:\\.|[^\]\\])*)\]", bounds(field).pattern or ""):
        without_ranges = re.sub(r"[A-Za-z0-9]-[A-Za-z0-9]|\\.", "", inside)
        assert not re.search(r"[-()\[\]{}/|]|([&!#$%*+,.:;<=>?@^`~])\1", without_ranges)


@EVERY_FIELD
def test_a_comment_that_tells_a_length_tells_the_one_of_the_contract(field: Any) -> None:
    comment, found = proto_docs.find_comment(field), bounds(field)
    for told in re.findall(r"at most (\d+) (?:characters|letters)", comment, re.IGNORECASE):
        assert int(told) == found.max_length
    for least, most in re.findall(r"(\d+) to (\d+) characters", comment):
        assert (int(least), int(most)) == (found.min_length, found.max_length)


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


def test_spaces_around_a_text_do_not_count_and_are_not_kept() -> None:
    field = quote_pb2.Member.DESCRIPTOR.fields_by_name["first_name"]
    member: Any = holding(field, f"  {'x' * 60} ")
    assert refused_fields(member) == []
    clean_texts(member)
    assert member.first_name == "x" * 60


def test_a_list_of_too_many_is_told_what_is_counted_and_how_many_may_be() -> None:
    step = GetMessageClass(steps_pb2.HouseholdStep.DESCRIPTOR)(people=[steps_pb2.Person(last_name="ok")] * 21)
    compare = _filled(quote_service_pb2.ComparePlansRequest.DESCRIPTOR)
    compare.plan_ids[:] = ["36096IL9900001-00"]  # type: ignore[attr-defined]  # made by its descriptor
    assert problems_of(step) == [("people", "Include at most 20 people; remove some.")]
    assert problems_of(compare) == [("plan_ids", "Include at least 2 plans.")]


@EVERY_FIELD
def test_a_list_with_a_bound_has_a_name_for_its_items(field: Any) -> None:
    found = bounds(field)
    assert bool(found.items_name) == (found.min_items is not None or found.max_items is not None)


PLAN_ID = (
    "Enter the plan ID with the ending -00 (off exchange) or -01 (on exchange), such as 36096IL0760001-00; only the "
    "exchange assigns the cost-sharing variants -02 to -06."
)
OTHER_PLAN_IDS = ["36096IL0760001-04", "36096IL0760001-06", "36096IL0760001", "36096IL0760001-1", "gold"]
PLAN_ID_FIELDS = sorted(
    {
        name
        for owner in SERVICES
        for method in methods_of(owner)
        if not is_client_streaming(method)
        for name in every_field(method.input_type)
        if re.search(r"[._]plan_ids?$", name)
    }
)


@pytest.mark.parametrize("plan_id", OTHER_PLAN_IDS)
@pytest.mark.parametrize("name", PLAN_ID_FIELDS)
def test_a_plan_id_without_its_ending_or_of_a_cost_sharing_variant_is_refused_in_every_request(
    name: str, plan_id: str
) -> None:
    field = next(one for one in FIELDS if one.full_name == name)
    message = GetMessageClass(field.containing_type)()
    if field.is_repeated:
        getattr(message, field.name).extend(["36096IL0760001-00", plan_id])
    else:
        setattr(message, field.name, plan_id)
    expected = f"{field.name}[1]" if field.is_repeated else field.name
    faults = bounds(field).problems(field.name, getattr(message, field.name))
    assert [(one.field, one.message) for one in faults] == [(expected, PLAN_ID)]


def test_plan_ids_are_asked_for_in_every_service_that_knows_plans() -> None:
    """So that the test above is not about nothing."""
    assert {name.split(".")[1] for name in PLAN_ID_FIELDS} == {"quote", "enrollment", "pcp"}
    assert len(PLAN_ID_FIELDS) >= 9


# Fields of one name whose bounds differ, with the reason. Patterns are left out: an application's email address is
# checked by the domain (R50).
DIFFERENT = {
    "suite.enrollment.v1.Signer.first_name": "a signer stands on no card, so the name may be longer",
    "suite.enrollment.v1.Signer.last_name": "a signer stands on no card, so the name may be longer",
    "suite.pcp.v1.SearchProvidersRequest.language": "free text of a directory, not one of the languages of our texts",
    "suite.enrollment.v1.SearchClientsRequest.name": "one letter would find half of all clients, but few providers",
}


def test_fields_of_one_name_have_one_bound() -> None:
    found: dict[str, set[object]] = {}
    for field in FIELDS:
        if field.full_name not in DIFFERENT:
            one = bounds(field)
            numbers = (one.min_length, one.max_length, one.minimum, one.maximum, one.min_items, one.max_items)
            found.setdefault(field.name, set()).add(numbers)
    assert {name: numbers for name, numbers in found.items() if len(numbers) > 1} == {}
    assert set(DIFFERENT) <= {field.full_name for field in FIELDS}


DECOMPOSED = "E\u0301"


@pytest.mark.parametrize(("name", "most"), [("middle_initial", 1), ("first_name", 60)])
def test_a_letter_and_its_accent_count_as_one_character_however_they_were_encoded(name: str, most: int) -> None:
    person, longer = steps_pb2.Person(), steps_pb2.Person()
    setattr(person, name, DECOMPOSED * most)
    setattr(longer, name, DECOMPOSED * (most + 1))
    assert refused_fields(person) == [name]  # as it comes; a contract cleans texts first
    clean_texts(person)
    assert refused_fields(person) == []
    assert getattr(person, name) == "\u00c9" * most
    clean_texts(longer)
    assert refused_fields(longer) == [name]


def test_without_its_bound_a_field_takes_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    field = steps_pb2.Person.DESCRIPTOR.fields_by_name["last_name"]
    monkeypatch.setattr(Bounds, "problems", lambda *_: iter(()))
    assert refused_fields(holding(field, "x" * 61)) == []
