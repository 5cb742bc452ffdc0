"""JSON <-> proto of the HTTP API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2, steps_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import InvalidInput
from gateway.api.from_json import fill_message, set_text
from gateway.api.to_json import to_json


def read(message: Any, data: Any) -> Any:
    fill_message(message, data)
    return message


def refused(message: Any, data: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        fill_message(message, data)
    return {problem.field: problem.message for problem in caught.value.problems}


def test_an_amount_is_written_as_a_decimal_string() -> None:
    line = application_pb2.PlanLine(monthly_premium=common_pb2.Money(cents=88679), coverage=common_pb2.COVERAGE_MEDICAL)
    written = to_json(line)
    assert (written["monthly_premium"], written["coverage"]) == ("886.79", "medical")


def test_an_absent_field_is_null_in_json_and_every_field_is_present() -> None:
    written = to_json(steps_pb2.Person())
    assert written["tobacco_use"] is None and written["relationship"] is None
    assert set(written) == set(steps_pb2.Person.DESCRIPTOR.fields_by_name)
    assert to_json(quote_pb2.Quote())["monthly_premium"] is None


def test_false_is_kept_apart_from_a_missing_answer() -> None:
    person = read(steps_pb2.Person(), {"tobacco_use": False})
    assert person.HasField("tobacco_use")
    assert to_json(person)["tobacco_use"] is False
    assert not read(steps_pb2.Person(), {"tobacco_use": None}).HasField("tobacco_use")


def test_an_instant_is_written_in_utc() -> None:
    quote = quote_pb2.Quote(created_at=Timestamp(seconds=1_779_300_000))
    assert to_json(quote)["created_at"] == "2026-05-20T18:00:00.000Z"


def test_enum_words_are_those_without_the_enums_name() -> None:
    member = read(quote_pb2.Member(), {"relationship": "other_dependent", "sex": "female"})
    assert member.relationship == common_pb2.RELATIONSHIP_OTHER_DEPENDENT
    assert "relationship" in refused(quote_pb2.Member(), {"relationship": "RELATIONSHIP_SELF"})
    assert "relationship" in refused(quote_pb2.Member(), {"relationship": "unspecified"})


def test_every_problem_is_named_with_its_path() -> None:
    household = {
        "people": [{"first_name": "A"}, {"first_name": 7, "shoe_size": 9}],
        "hra": {"monthly_contribution": 250},
        "contact": "none",
    }
    problems = refused(steps_pb2.HouseholdStep(), household)
    assert set(problems) == {"people[1].first_name", "people[1].shoe_size", "hra.monthly_contribution", "contact"}


@pytest.mark.parametrize("amount", ["1e3", "-1.00", "1.234", "NaN", "", "1,000.00", 12.5, True, "1.00\n", "٣.00"])
def test_an_amount_that_is_no_decimal_string_is_refused(amount: Any) -> None:
    said = refused(steps_pb2.Hra(), {"monthly_contribution": amount})["monthly_contribution"]
    assert said.startswith('Send the amount in dollars as text, such as "125.50"')


@pytest.mark.parametrize("value", [5, ["a"], {}])
def test_a_value_that_is_no_text_is_refused(value: Any) -> None:
    assert refused(steps_pb2.Address(), {"street": value}) == {"street": "Please send text."}


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_with_characters_that_no_database_keeps_is_refused(text: str) -> None:
    assert refused(steps_pb2.Address(), {"street": text}) == {"street": "Remove the characters that cannot be printed."}


@pytest.mark.parametrize("number", [1.0, "1", True, 2**31, -(2**31) - 1])
def test_a_number_has_to_be_whole_and_small_enough(number: Any) -> None:
    assert "version" in refused(enrollment_service_pb2.SaveStepRequest(), {"version": number})


def test_a_name_that_somebody_may_have_typed_is_not_repeated() -> None:
    assert set(refused(steps_pb2.Person(), {"Jane Tester 123-45-6789": 1})) == {""}


def test_fields_given_elsewhere_are_closed_in_the_body() -> None:
    with pytest.raises(InvalidInput) as caught:
        fill_message(quote_service_pb2.SelectPlansRequest(), {"quote_id": "q"}, closed={"quote_id"})
    assert caught.value.problems[0].field == "quote_id"


def test_only_one_part_of_a_choice_may_be_sent() -> None:
    both: dict[str, Any] = {"general": {}, "plans": {}}
    assert "Send only one" in refused(enrollment_service_pb2.SaveStepRequest(), both)[""]


def test_query_text_fills_nested_fields() -> None:
    request = quote_service_pb2.ListQuotesRequest()
    set_text(request, "page.size", "20", "page_size")
    assert request.page.size == 20
    with pytest.raises(InvalidInput) as caught:
        set_text(request, "page.size", "many", "page_size")
    assert caught.value.problems[0].field == "page_size"


_NAMES = [*steps_pb2.HouseholdStep.DESCRIPTOR.fields_by_name, *steps_pb2.Person.DESCRIPTOR.fields_by_name]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES) | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_JSON)
def test_anything_is_either_taken_or_refused(data: Any) -> None:
    step = steps_pb2.HouseholdStep()
    try:
        fill_message(step, data)
    except InvalidInput as refusal:
        assert refusal.problems
    else:
        json.dumps(to_json(step))
