"""Saved quotes through the contract: who may make, read and change them."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.identity import Caller, CallerKind, WritingNumber
from chassis.kernel import InvalidInput, NotFound, Stale
from services.quote.contract.service import QuoteContract
from services.quote.domain.events import QuoteCreated, QuoteSelected
from services.quote.events.outgoing import event_to_proto

pb: Any = quote_service_pb2  # requests are built from dictionaries here, which the stubs do not know
FRITZ = WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (FRITZ, WritingNumber("330002580", "TX", "F", "F")))
DELEGATE = Caller(CallerKind.DELEGATE, "delegate@example.com", (FRITZ,))
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "X", "X"),))
ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
NEW = {
    "idempotency_key": "key-of-8-or-more",
    "writing_number": "220002580",
    "state": "IL",
    "zip": "60601",
    "county_fips": "17031",
    "effective_date": "2026-06-01",
    "members": [
        quote_pb2.Member(
            relationship=common.RELATIONSHIP_SELF,
            date_of_birth="1986-03-02",
            sex=common.SEX_FEMALE,
            first_name="Ann",
            last_name="Example",
        )
    ],
}
HMO, HMO_ON, DENTAL = "36096IL9900001-00", "36096IL9900001-01", "36096IL9900012-00"


def answer(contract: QuoteContract, rpc: str, caller: Caller = PRODUCER, **fields: Any) -> Any:
    method = contract.descriptor.methods_by_name[rpc]
    return contract.handle(method, getattr(pb, f"{rpc}Request")(**fields), caller)


def create(contract: QuoteContract, caller: Caller = PRODUCER, **fields: Any) -> Any:
    return answer(contract, "CreateQuote", caller, **{**NEW, **fields}).quote


def select(contract: QuoteContract, quote_id: str, caller: Caller = PRODUCER, **fields: Any) -> Any:
    return answer(contract, "SelectPlans", caller, quote_id=quote_id, **fields).quote


def read(contract: QuoteContract, quote_id: str, caller: Caller = PRODUCER) -> Any:
    return answer(contract, "GetQuote", caller, quote_id=quote_id).quote


def test_a_new_quote_is_open_and_names_the_producer_of_the_token(contract: QuoteContract, memory: Any) -> None:
    quote = create(contract)
    assert (quote.status, quote.version) == (quote_pb2.QUOTE_STATUS_OPEN, 1)
    assert (quote.producer.name, quote.producer.state) == ("FRITZ, CALVIN C", "IL")
    assert list(quote.members) == NEW["members"]
    assert not quote.HasField("medical") and not quote.HasField("monthly_premium")
    [row] = memory.audit
    assert (row.actor, row.action, row.on_behalf_of) == ("producer@example.com", "quote.created", "220002580")


def test_the_same_key_gives_the_same_quote_and_one_event(contract: QuoteContract, memory: Any) -> None:
    assert create(contract) == create(contract)
    assert [type(event) for event in memory.events] == [QuoteCreated]


def test_a_writing_number_of_another_state_is_refused(contract: QuoteContract, memory: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(contract, writing_number="330002580")
    assert [(p.field, p.rule) for p in refusal.value.problems] == [("writing_number", "R26")]
    assert not memory.kept


def test_a_writing_number_of_another_producer_is_refused(contract: QuoteContract) -> None:
    with pytest.raises(NotFound):
        create(contract, STRANGER)


def test_a_delegate_and_a_service_read_the_quote_and_a_stranger_learns_nothing(contract: QuoteContract) -> None:
    quote = create(contract)
    assert read(contract, quote.quote_id, DELEGATE) == read(contract, quote.quote_id, ENROLLMENT) == quote
    with pytest.raises(NotFound) as foreign:
        read(contract, quote.quote_id, STRANGER)
    with pytest.raises(NotFound) as unknown:
        read(contract, "4ed1c1a3-3cf5-4f4d-9f48-0f4f2f7a0b11", STRANGER)
    assert foreign.value.message == unknown.value.message


@pytest.mark.parametrize("caller", [STRANGER, ENROLLMENT])
def test_only_the_quotes_own_people_choose_plans(contract: QuoteContract, caller: Caller) -> None:
    with pytest.raises(NotFound):
        select(contract, create(contract).quote_id, caller, medical_plan_id=HMO)


def test_an_off_exchange_choice_is_priced_and_has_no_exchange_address(contract: QuoteContract) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO, dental_plan_id=DENTAL, version=1)
    assert (quote.status, quote.version) == (quote_pb2.QUOTE_STATUS_SELECTED, 2)
    assert quote.monthly_premium.cents == 330_00
    assert (quote.exchange, quote.exchange_target, quote.exchange_url) == (common.EXCHANGE_OFF, "", "")
    assert read(contract, quote.quote_id) == quote


def test_an_on_exchange_choice_says_where_it_is_enrolled(contract: QuoteContract) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO_ON)
    assert (quote.exchange, quote.exchange_target) == (common.EXCHANGE_ON, "SBE")
    assert quote.exchange_url == "https://exchange.example"


def test_a_choice_whose_answer_was_lost_is_answered_again(contract: QuoteContract, memory: Any) -> None:
    quote = create(contract)
    first = select(contract, quote.quote_id, medical_plan_id=HMO, version=1)
    before = (dict(memory.kept), list(memory.events), list(memory.audit))
    assert select(contract, quote.quote_id, medical_plan_id=HMO, version=1) == first
    assert (memory.kept, memory.events, memory.audit) == before


def test_a_stale_or_impossible_choice_writes_nothing(contract: QuoteContract, memory: Any) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO, version=1)
    before = (dict(memory.kept), list(memory.events), list(memory.audit))
    with pytest.raises(Stale):
        select(contract, quote.quote_id, medical_plan_id=HMO_ON, version=1)
    with pytest.raises(InvalidInput):
        select(contract, quote.quote_id, version=2)
    assert (memory.kept, memory.events, memory.audit) == before


def test_a_choice_that_is_not_sold_any_more_counts_as_not_made(contract: QuoteContract, catalogues: Any) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO_ON)
    catalogues.withdraw(HMO_ON)
    again = read(contract, quote.quote_id)
    assert again.status == quote_pb2.QUOTE_STATUS_OPEN
    assert not again.HasField("medical") and not again.exchange_url


def test_a_list_is_read_page_by_page(contract: QuoteContract) -> None:
    made = {create(contract, idempotency_key=f"key-number-{n}").quote_id for n in range(5)}
    seen, token = [], ""
    while True:
        page = answer(contract, "ListQuotes", page=common.Page(size=2, token=token))
        seen += [quote.quote_id for quote in page.quotes]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == 5 and set(seen) == made
    assert not answer(contract, "ListQuotes", STRANGER).quotes


@pytest.mark.parametrize("name", ["a", " a ", "a" * 101])
def test_a_name_too_short_or_too_long_to_search_for_is_refused(contract: QuoteContract, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        answer(contract, "ListQuotes", client_name=name)
    assert [problem.field for problem in refusal.value.problems] == ["client_name"]


@pytest.mark.parametrize(
    ("page", "field"),
    [
        (common.Page(size=201), "page.size"),
        (common.Page(size=-1), "page.size"),
        (common.Page(token="x"), "page.token"),
        (common.Page(token="é"), "page.token"),
        (common.Page(token="MjAyNi0wNS0yMCBub3QtYW4taWQ="), "page.token"),
    ],
)
def test_an_invalid_page_is_refused(contract: QuoteContract, page: common.Page, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        answer(contract, "ListQuotes", page=page)
    assert refusal.value.problems[0].field == field


def test_events_carry_ids_and_no_name_and_no_birth_date(contract: QuoteContract, memory: Any) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO)
    assert [type(event) for event in memory.events] == [QuoteCreated, QuoteSelected]
    for event in memory.events:
        outgoing = event_to_proto(event)
        assert outgoing.subject == quote.quote_id
        assert not {"Ann", "Example", "1986-03-02"} & set(str(outgoing.message).split('"'))
