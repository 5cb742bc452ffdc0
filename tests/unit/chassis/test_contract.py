"""What every contract checks before its own code runs."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import enrollment_service_pb2, records_pb2, steps_pb2
from suite.payment.v1 import payment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.contract import Contract, clean_texts, require_fields, snake_case
from chassis.identity import Caller
from chassis.kernel import CallerKind, InvalidInput


def test_a_contract_that_lacks_a_method_cannot_be_built() -> None:
    class ContractWithoutMethods(Contract):
        descriptor = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"]

    with pytest.raises(TypeError, match=r"lacks .* of suite\.quote\.v1\.QuoteService"):
        ContractWithoutMethods()


def test_a_required_text_has_to_be_given() -> None:
    with pytest.raises(InvalidInput) as raised:
        require_fields(common_pb2.Producer(name="DOE, JANE"))
    assert [problem.field for problem in raised.value.problems] == ["writing_number"]
    require_fields(common_pb2.Producer(writing_number="000000001"))


def test_a_text_that_no_database_takes_is_named() -> None:
    member = quote_pb2.Member(
        relationship=common_pb2.RELATIONSHIP_SELF, date_of_birth="1987-06-14", first_name="A\x00da"
    )
    request = quote_service_pb2.SearchPlansRequest(
        state="IL",
        zip="60601",
        county_fips="17031",
        effective_date="2026-06-01",
        coverage=common_pb2.COVERAGE_MEDICAL,
        members=[member],
    )
    with pytest.raises(InvalidInput) as raised:
        require_fields(request)
    assert [problem.field for problem in raised.value.problems] == ["members[0].first_name"]


@pytest.mark.parametrize("space", ["\u00a0", "\u2007", "\u202f", "\u3000"])
def test_a_space_that_a_paste_brought_is_a_plain_one(space: str) -> None:
    answers = records_pb2.SelfIdentification(identities=[f"a{space}b", "c"])
    person = steps_pb2.Person(first_name=f"Ann{space}Marie", self_identification=answers)
    step = steps_pb2.HouseholdStep(people=[person], home_address=steps_pb2.Address(city=f"El{space}Paso"))
    request = enrollment_service_pb2.SaveStepRequest(household=step)
    clean_texts(request)
    assert request.household.people[0].first_name == "Ann Marie"
    assert request.household.people[0].self_identification.identities == ["a b", "c"]
    assert request.household.home_address.city == "El Paso"
    assert not request.household.HasField("mailing_address")


def test_a_method_gets_texts_with_plain_spaces_and_composed_letters() -> None:
    heard: list[str] = []

    class Payments(Contract):
        descriptor = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"]

        def get_payment(self, request: payment_service_pb2.GetPaymentRequest, _caller: Caller) -> Message:
            heard.append(request.record_number)
            return payment_service_pb2.GetPaymentResponse()

        open_payment = create_payment_link = cancel_autopay = get_payment

    request = payment_service_pb2.GetPaymentRequest(record_number="\u00a0A\u00a0e\u0301 ")
    Payments().handle(Payments.descriptor.methods_by_name["GetPayment"], request, Caller(CallerKind.SERVICE, "gateway"))
    assert heard == ["A \u00e9"]


@pytest.mark.parametrize("letter", ["\u09df", "\u0958", "\ufb2b"], ids=["Bengali", "Devanagari", "Hebrew"])
def test_a_letter_that_composing_would_take_apart_stays_one_character(letter: str) -> None:
    person = steps_pb2.Person(middle_initial=letter)
    clean_texts(person)
    assert person.middle_initial == letter


@pytest.mark.parametrize(
    ("name", "snake"), [("GetQuote", "get_quote"), ("Note", "note"), ("SearchPlans", "search_plans")]
)
def test_methods_are_named_in_snake_case(name: str, snake: str) -> None:
    assert snake_case(name) == snake
