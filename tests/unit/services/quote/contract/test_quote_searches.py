"""Counties, plans and prices through the contract, and what is said about bad input."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.identity import Caller, CallerKind
from chassis.kernel import DomainError, InvalidInput, NotFound
from services.quote.contract.service import QuoteContract
from services.quote.domain.premium import RateNotFiled

pb: Any = quote_service_pb2  # requests are built from dictionaries here, which the stubs do not know
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")
ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
SELF = quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, date_of_birth="1986-03-02")
SPOUSE = quote_pb2.Member(relationship=common.RELATIONSHIP_SPOUSE, date_of_birth="1988-01-10", tobacco_use=True)
CHILD = quote_pb2.Member(relationship=common.RELATIONSHIP_CHILD, date_of_birth="2020-01-10")
ASKED = {
    "state": "IL",
    "zip": "60601",
    "county_fips": "17031",
    "effective_date": "2026-06-01",
    "members": [SELF],
}
HMO, ELSEWHERE, DENTAL = "36096IL9900001-00", "36096IL9900004-00", "36096IL9900012-00"


def answer(contract: QuoteContract, rpc: str, caller: Caller = PRODUCER, **fields: Any) -> Any:
    method = contract.descriptor.methods_by_name[rpc]
    return contract.handle(method, getattr(pb, f"{rpc}Request")(**fields), caller)


def search(contract: QuoteContract, **fields: Any) -> Any:
    return answer(contract, "SearchPlans", **{**ASKED, "coverage": common.COVERAGE_MEDICAL, **fields})


def price(contract: QuoteContract, **fields: Any) -> Any:
    return answer(contract, "PriceSelection", ENROLLMENT, **{**ASKED, **fields})


def fields_of(refusal: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [problem.field for problem in refusal.value.problems]


def test_the_counties_of_a_zip_come_with_their_rating_area_of_this_year(contract: QuoteContract) -> None:
    counties = answer(contract, "ListCounties", zip="60007").counties
    assert [(c.fips, c.name, c.state, c.rating_area) for c in counties] == [
        ("17031", "Cook County", "IL", 1),
        ("17043", "DuPage County", "IL", 2),
    ]


@pytest.mark.parametrize(
    ("request_", "refused", "field"),
    [
        ({"zip": "10001"}, NotFound, "zip"),
        ({"zip": "6060"}, InvalidInput, "zip"),
        ({"zip": ""}, InvalidInput, "zip"),
        ({"zip": "60601", "plan_year": 2020}, InvalidInput, "plan_year"),
    ],
)
def test_a_zip_or_year_without_counties_is_refused_at_its_field(
    contract: QuoteContract, request_: dict[str, Any], refused: type[DomainError], field: str
) -> None:
    with pytest.raises(refused) as refusal:
        answer(contract, "ListCounties", **request_)
    assert fields_of(refusal) == [field]


def test_plans_come_cheapest_first_with_a_line_for_each_member(contract: QuoteContract) -> None:
    plans = search(contract, members=[SELF, SPOUSE, CHILD]).plans
    assert [(p.plan.name, p.monthly_premium.cents) for p in plans] == [
        ("Cheap PPO", 490_00),
        ("HMO", 850_00),
        ("HMO", 850_00),
    ]
    lines = plans[1].members
    assert [(line.member_index, line.age, line.monthly_premium.cents, line.tobacco_rated) for line in lines] == [
        (0, 40, 300_00, False),
        (1, 38, 450_00, True),
        (2, 6, 100_00, False),
    ]
    assert {line.rate_source for line in lines} == {"illustrative"}


def test_the_line_of_a_fourth_child_says_not_charged(contract: QuoteContract) -> None:
    lines = search(contract, members=[SELF, *[CHILD] * 4]).plans[0].members
    assert [line.rate_source for line in lines].count("not_charged") == 1
    assert lines[4].monthly_premium.cents == 0


def test_a_plan_without_a_rate_is_named_apart_and_never_priced_at_0(contract: QuoteContract) -> None:
    found = search(contract)
    assert [one.plan.name for one in found.not_filed] == ["Young people only"]
    assert found.not_filed[0].reason
    assert all(plan.monthly_premium.cents > 0 for plan in found.plans)


def test_the_exchange_filters_and_unspecified_means_both(contract: QuoteContract) -> None:
    def sides(exchange: int) -> set[int]:
        return {plan.plan.exchange for plan in search(contract, exchange=exchange).plans}

    assert sides(common.EXCHANGE_ON) == {common.EXCHANGE_ON}
    assert sides(common.EXCHANGE_OFF) == {common.EXCHANGE_OFF}
    assert sides(common.EXCHANGE_UNSPECIFIED) == sides(common.EXCHANGE_ANY) == {common.EXCHANGE_ON, common.EXCHANGE_OFF}


def member(**changed: Any) -> quote_pb2.Member:
    merged = quote_pb2.Member()
    merged.CopyFrom(SELF)
    merged.MergeFrom(quote_pb2.Member(**changed))
    return merged


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"zip": "10001"}, "zip"),
        ({"county_fips": "17043"}, "county_fips"),
        ({"county_fips": ""}, "county_fips"),
        ({"state": "TX"}, "state"),
        ({"effective_date": "2031-01-01"}, "effective_date"),
        ({"effective_date": "20260601"}, "effective_date"),
        ({"effective_date": "2026-02-30"}, "effective_date"),
        ({"coverage": 9}, "coverage"),
        ({"exchange": 9}, "exchange"),
        ({"members": []}, "members"),
        ({"members": [SPOUSE]}, "members"),
        ({"members": [SELF, SPOUSE, SPOUSE]}, "members[2].relationship"),
        ({"members": [member(date_of_birth="2026-05-21")]}, "members[0].date_of_birth"),
        ({"members": [member(date_of_birth="soon")]}, "members[0].date_of_birth"),
        ({"members": [member(relationship=9)]}, "members[0].relationship"),
        ({"members": [member(sex=9)]}, "members[0].sex"),
        ({"members": [member(last_name="x" * 61)]}, "members[0].last_name"),
        ({"members": [SELF, quote_pb2.Member(date_of_birth="2020-01-10")]}, "members[1].relationship"),
    ],
)
def test_bad_input_is_refused_at_its_field(contract: QuoteContract, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        search(contract, **wrong)
    assert fields_of(refusal) == [field]


def test_every_unreadable_date_is_said_at_once(contract: QuoteContract) -> None:
    with pytest.raises(InvalidInput) as refusal:
        search(contract, effective_date="x", members=[member(date_of_birth="y")])
    assert fields_of(refusal) == ["effective_date", "members[0].date_of_birth"]


def test_a_plan_is_found_by_year_and_id(contract: QuoteContract) -> None:
    plan = answer(contract, "GetPlan", plan_id=HMO, plan_year=2026).plan
    assert (plan.name, plan.uses_pcp, plan.catalogue) == ("HMO", True, "illustrative")
    assert not plan.HasField("deductible")
    with pytest.raises(NotFound):
        answer(contract, "GetPlan", plan_id=HMO, plan_year=2027)


def test_another_service_prices_a_medical_and_a_dental_plan_together(contract: QuoteContract) -> None:
    priced = price(contract, members=[SELF, CHILD], medical_plan_id=HMO, dental_plan_id=DENTAL)
    assert (priced.medical.monthly_premium.cents, priced.dental.monthly_premium.cents) == (400_00, 40_00)
    assert priced.monthly_premium.cents == 440_00
    assert priced.county.rating_area == 1


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({}, "medical_plan_id"),
        ({"medical_plan_id": "36096IL0000000-00"}, "medical_plan_id"),
        ({"medical_plan_id": ELSEWHERE}, "medical_plan_id"),
        ({"medical_plan_id": "36096IL9900005-00"}, "medical_plan_id"),
        ({"medical_plan_id": DENTAL}, "medical_plan_id"),
        ({"dental_plan_id": HMO}, "dental_plan_id"),
        ({"medical_plan_id": "36096IL9900001-01", "dental_plan_id": DENTAL}, "dental_plan_id"),
    ],
)
def test_plans_that_cannot_be_had_are_refused_at_their_field(
    contract: QuoteContract, chosen: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        price(contract, **chosen)
    assert fields_of(refusal) == [field]


def test_a_selection_without_a_filed_rate_is_an_error(contract: QuoteContract) -> None:
    with pytest.raises(RateNotFiled) as refusal:
        price(contract, medical_plan_id="36096IL9900003-00")
    assert (refusal.value.code, fields_of(refusal)) == ("rate_not_filed", ["members[0]"])
