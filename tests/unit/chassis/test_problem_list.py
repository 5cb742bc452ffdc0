"""All that is wrong with a request is told in one answer, whoever finds each of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.contract import Contract, require_fields
from chassis.identity import Caller
from chassis.kernel import CallerKind, DomainError, InvalidInput, NotFound, Problem, ProblemList

SOMEBODY = Caller(CallerKind.SERVICE, "gateway")
DESCRIPTOR = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"]
CREATE = DESCRIPTOR.methods_by_name["CreateQuote"]
NAME = Problem("members[0].first_name", "Use letters.", "R46")


class Judging(Contract):
    """Refuses what ``judge`` refuses, and keeps what it was asked to judge and to do."""

    descriptor = DESCRIPTOR

    def __init__(self, judge: Callable[[], None]) -> None:
        self.judge = judge
        self.judged: list[Any] = []
        self.done: list[str] = []

    def validate(self, request: Message, caller: Caller) -> None:
        self.judged.append(request)
        self.judge()

    def create_quote(self, _request: Message, _caller: Caller) -> Message:
        self.done.append("CreateQuote")
        return quote_service_pb2.CreateQuoteResponse()


def refuse(error: DomainError) -> Callable[[], None]:
    def judge() -> None:
        raise error

    return judge


def with_faults() -> quote_service_pb2.CreateQuoteRequest:
    """Without writing number and county, with a ZIP code of four digits."""
    member = quote_pb2.Member(
        relationship=common_pb2.RELATIONSHIP_SELF, date_of_birth="1990-01-01", first_name="1", last_name="x" * 61
    )
    return quote_service_pb2.CreateQuoteRequest(
        idempotency_key="key-of-8-or-more", state="IL", zip="6060", effective_date="2026-06-01", members=[member]
    )


def told(error: InvalidInput) -> list[str]:
    return [problem.field for problem in error.problems]


FAULTS = ["writing_number", "zip", "county_fips", "members[0].last_name"]


def test_missing_and_unbounded_fields_are_named_together() -> None:
    with pytest.raises(InvalidInput) as refused:
        require_fields(with_faults())
    assert told(refused.value) == FAULTS


def test_a_contract_adds_what_else_it_finds_and_does_nothing() -> None:
    contract = Judging(refuse(InvalidInput("No.", problems=(NAME, Problem("zip", "Not in Illinois.")))))
    with pytest.raises(InvalidInput) as refused:
        contract.handle(CREATE, with_faults(), SOMEBODY)
    assert told(refused.value) == [*FAULTS, NAME.field]
    assert next(one for one in refused.value.problems if one.field == "zip").message.startswith(
        "A ZIP code has 5 digits"
    )
    (judged,) = contract.judged
    assert (judged.zip, judged.members[0].last_name, judged.members[0].first_name) == ("", "", "1")
    assert not contract.done


@pytest.mark.parametrize("judge", [lambda: None, refuse(NotFound("There is no such thing."))])
def test_what_the_options_refuse_is_told_when_nothing_more_can_be_said(judge: Callable[[], None]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Judging(judge).handle(CREATE, with_faults(), SOMEBODY)
    assert told(refused.value) == FAULTS


def test_a_request_without_faults_is_not_judged_twice() -> None:
    contract, request = Judging(refuse(InvalidInput("No."))), with_faults()
    request.writing_number, request.zip, request.county_fips = "220002580", "60601", "17031"
    request.members[0].last_name = "Sample"
    contract.handle(CREATE, request, SOMEBODY)
    assert (contract.judged, contract.done) == ([], ["CreateQuote"])


def test_a_field_is_named_once_by_the_first_that_found_something() -> None:
    problems = ProblemList([Problem("zip", "first")])
    problems.add([Problem("zip", "second"), NAME])
    with problems.collect():
        raise InvalidInput("No.", problems=(Problem("state", "third"),))
    with pytest.raises(InvalidInput) as refused:
        problems.close()
    assert refused.value.problems == (Problem("zip", "first"), NAME, Problem("state", "third"))
    assert (refused.value.message, refused.value.code) == (ProblemList.SUMMARY, "invalid_input")


def test_what_one_check_alone_refuses_keeps_its_code_and_sentence() -> None:
    problems, alone = ProblemList(), InvalidInput.at("effective_date", "No plans.", code="no_catalogue")
    with problems.collect():
        raise alone
    with problems.collect():
        pass
    with pytest.raises(InvalidInput) as refused:
        problems.close()
    assert refused.value is alone


def test_nothing_found_is_no_refusal() -> None:
    ProblemList().close()
