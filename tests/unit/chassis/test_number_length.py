"""Numbers of digits: how many there should be, and how many there are."""

import pytest
from google.protobuf.message import Message
from suite.enrollment.v1 import enrollment_service_pb2, steps_pb2

from chassis.bounds import bounds_of
from chassis.contact_points import phone_advice
from chassis.kernel.number_length import wrong_length


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("219-09-999", "A Social Security number has 9 digits; this one has 8."),
        ("2190999911", "A Social Security number has 9 digits; this one has 10."),
        ("21909999x", "A Social Security number has 9 digits; enter those alone."),
        ("219/09/9999", "A Social Security number has 9 digits; enter those alone."),
    ],
)
def test_a_number_of_another_length_is_counted(text: str, said: str) -> None:
    assert wrong_length("A Social Security number", 9, text) == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("555-0142", "A phone number with its area code has 10 digits; this one has 7. Write an extension as x123."),
        (
            "(312) 555-014",
            "A phone number with its area code has 10 digits; this one has 9. Write an extension as x123.",
        ),
        (
            "012-555-0142",
            "Check the phone number: neither its area code nor the three digits behind it begin with 0 or 1.",
        ),
        ("call me", "Enter a phone number of 10 digits with its area code; write an extension as x123."),
    ],
)
def test_a_phone_number_is_counted_with_its_area_code(typed: str, said: str) -> None:
    assert phone_advice(typed) == said


ADDRESS, CLIENTS = steps_pb2.Address, enrollment_service_pb2.SearchClientsRequest
ZIP = "A ZIP code has 5 digits, or 9 as ZIP+4: 60601-1234."


@pytest.mark.parametrize(
    ("message", "field", "text", "said"),
    [
        (ADDRESS, "zip", "606", f"{ZIP} This one has 3."),
        (ADDRESS, "zip", "60601-12", f"{ZIP} This one has 7."),
        (ADDRESS, "zip", "6060x", ZIP),
        (ADDRESS, "county_fips", "170", "a FIPS code has 5 digits. This one has 3."),
        (CLIENTS, "ssn_last_four", "12", "Social Security number has 4 digits. This one has 2."),
        # made of more than digits: a count would say nothing
        (steps_pb2.PlansStep, "medical_plan_id", "123", "the cost-sharing variants -02 to -06."),
    ],
)
def test_a_field_of_digits_says_how_many_it_has(message: type[Message], field: str, text: str, said: str) -> None:
    bounds = bounds_of(message.DESCRIPTOR.fields_by_name[field])
    assert bounds
    [problem] = bounds.problems(field, text)
    assert problem.message.endswith(said)
