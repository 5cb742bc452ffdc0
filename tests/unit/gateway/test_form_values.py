"""A step of the contract as the values of a form, and back."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_service_pb2, steps_pb2

from chassis.kernel import Problem
from gateway.api.proto_docs import find_comment
from gateway.pages.forms.form_values import CHOICE_ADVICE, DATE_FIELDS, explain_dates, put_values, read_values
from gateway.pages.forms.typed_values import AMOUNT_ADVICE, DATE_ADVICE
from tests.filled_messages import filled_messages

STEPS = [field.message_type for field in enrollment_service_pb2.SaveStepRequest.DESCRIPTOR.oneofs[0].fields]


def _text(name: str, number: int) -> str:
    return f"{1900 + number}-01-02" if name in DATE_FIELDS else f"{name}{number}"


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_every_field_of_a_step_comes_back_from_its_form(step: Descriptor) -> None:
    for filled in filled_messages(step, _text):
        again = type(filled)()
        assert put_values(again, read_values(filled)) == []
        assert again == filled


def test_every_date_of_the_steps_is_read_as_a_date() -> None:
    dates, seen = set(), set()

    def walk(kind: Descriptor | None) -> None:
        if kind is None or kind.full_name in seen:
            return
        seen.add(kind.full_name)
        for field in kind.fields:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                walk(field.message_type)
            elif "YYYY-MM-DD" in find_comment(field):
                dates.add(field.name)

    for step in STEPS:
        walk(step)
    assert dates and dates <= DATE_FIELDS


def test_a_field_that_was_emptied_is_taken_away() -> None:
    step = steps_pb2.HouseholdStep(contact=steps_pb2.Contact(phone="3125550142", email="a@example.com"))
    assert put_values(step, {"contact.email": "", "contact.phone": "312 555 0199"}) == []
    assert (step.contact.email, step.contact.phone) == ("", "312 555 0199")


def test_a_name_that_is_no_field_of_the_step_changes_nothing() -> None:
    step = steps_pb2.GeneralStep()
    odd = ("csrf", "people[0].first_name", "life_events", "life_events[0", "life_events[5].kind", "producer[0].name")
    assert put_values(step, dict.fromkeys(odd, "x")) == []
    assert not step.life_events[1:]


def test_an_amount_that_is_none_is_named_and_not_set() -> None:
    step = steps_pb2.HouseholdStep()
    assert put_values(step, {"hra.monthly_contribution": "plenty"}) == [
        Problem("hra.monthly_contribution", AMOUNT_ADVICE)
    ]
    assert not step.hra.HasField("monthly_contribution")


@pytest.mark.parametrize("name", ["form_type", "people[0].sex", "people[0].tobacco_use"])
def test_a_choice_that_the_page_does_not_offer_is_named_and_not_set(name: str) -> None:
    person = steps_pb2.Person(sex=common_pb2.SEX_FEMALE, tobacco_use=True)
    step = steps_pb2.HouseholdStep(form_type=steps_pb2.FORM_TYPE_DENTAL, people=[person])
    before = steps_pb2.HouseholdStep.FromString(step.SerializeToString())
    assert put_values(step, {name: "made up"}) == [Problem(name, CHOICE_ADVICE)]
    assert step == before


def test_a_date_that_cannot_be_read_is_explained_as_people_write_dates() -> None:
    said = [Problem("people[0].date_of_birth", "Enter the date as YYYY-MM-DD.", "R46"), Problem("contact.phone", "No.")]
    shown = explain_dates(said, {"people[0].date_of_birth": "soon", "contact.phone": "x"})
    assert shown == [Problem("people[0].date_of_birth", DATE_ADVICE, "R46"), said[1]]
    assert explain_dates(said[:1], {"people[0].date_of_birth": "1/2/2030"}) == said[:1]
    [missing] = explain_dates(said[:1], {"people[0].date_of_birth": "02/31/1990"})
    assert missing.message.startswith("February 1990 has no 31st day")


def test_an_answer_of_no_is_told_from_no_answer() -> None:
    person = steps_pb2.Person(tobacco_use=False, relationship=common_pb2.RELATIONSHIP_SPOUSE)
    assert read_values(person) == {"tobacco_use": "no", "relationship": "spouse"}
    assert "tobacco_use" not in read_values(steps_pb2.Person())
