"""Filters, order, pages and counts of a plan list; a plan's own page; plans side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.identity import Caller, CallerKind
from chassis.kernel import InvalidInput, Money
from services.quote.contract.service import QuoteContract
from services.quote.domain.benefits import CostShare, PlanDetail, Variant
from services.quote.domain.catalogue import Catalogue, PlanOffering
from services.quote.domain.geography import AreaSpan, County, Geography
from tests.unit.services.quote.contract.conftest import CHEAP, DENTAL, ELSEWHERE, HMO_ON, UNFILED, Catalogues
from tests.unit.services.quote.samples import HMO

pb: Any = quote_service_pb2  # requests are built from dictionaries here, which the stubs do not know
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")
SELF = quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, date_of_birth="1986-03-02")
ASKED: dict[str, Any] = {
    "state": "IL",
    "zip": "60601",
    "county_fips": "17031",
    "effective_date": "2026-06-01",
    "members": [SELF],
}
CARE = "Primary care visit"
DETAIL = PlanDetail(
    family_deductible=Money(0),
    benefits=(CostShare(CARE, "$30", "$60", "5 visits per year"), CostShare("Generic drugs", "$10")),
    variants=(Variant("36096IL9900001-04", "73% AV", Money(100_00), None),),
    summary_of_benefits_url="https://carrier.example/sbc.pdf",
)
A = replace(HMO, deductible=Money(500_00), out_of_pocket_maximum=Money(9_000_00), hsa_eligible=False, detail=DETAIL)
A_ON = replace(A, plan_id=HMO_ON.plan_id, exchange=HMO_ON.exchange)
B = replace(
    CHEAP,
    metal_level="Bronze",
    deductible=Money(7_000_00),
    network_id="ILN002",
    network_name="Wide",
    hsa_eligible=True,
    detail=PlanDetail(benefits=(CostShare(CARE, "$50"),)),
)
UNSAID = replace(HMO, plan_id="36096IL9900006-00", name="Another HMO", out_of_pocket_maximum=Money(1_00))


@pytest.fixture
def catalogues() -> Catalogues:
    cook: dict[str, frozenset[str]] = {"17031": frozenset()}
    return Catalogues([PlanOffering(plan, cook) for plan in (A, A_ON, B, UNSAID, UNFILED, DENTAL)])


def answer(contract: QuoteContract, rpc: str, **fields: Any) -> Any:
    method = contract.descriptor.methods_by_name[rpc]
    return contract.handle(method, getattr(pb, f"{rpc}Request")(**fields), PRODUCER)


def search(contract: QuoteContract, **fields: Any) -> Any:
    return answer(contract, "SearchPlans", **{**ASKED, "coverage": common.COVERAGE_MEDICAL, **fields})


def compare(contract: QuoteContract, *plan_ids: str, **fields: Any) -> Any:
    return answer(contract, "ComparePlans", **{**ASKED, "plan_ids": plan_ids, **fields})


def ids(found: Any) -> list[str]:
    return [priced.plan.plan_id for priced in found.plans]


def dollars(amount: int) -> common.Money:
    return common.Money(cents=amount * 100)


def fields_of(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [problem.field for problem in refusal.value.problems]


EVERY = [B.plan_id, UNSAID.plan_id, A.plan_id, A_ON.plan_id]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, EVERY),
        ({"metal_levels": ["Bronze", "Gold"]}, [B.plan_id]),
        ({"metal_levels": ["bronze"]}, []),
        ({"plan_types": ["HMO"]}, EVERY[1:]),
        ({"network_ids": ["ILN002"]}, [B.plan_id]),
        ({"hsa_eligible": True}, [B.plan_id]),
        ({"plan_name": "hmo ANOTHER"}, [UNSAID.plan_id]),
        ({"hsa_eligible": False}, [A.plan_id, A_ON.plan_id]),
        ({"exchange": common.EXCHANGE_ON}, [A_ON.plan_id]),
        ({"premium_max": dollars(200)}, [B.plan_id]),
        ({"premium_min": dollars(201)}, EVERY[1:]),
        ({"deductible_max": dollars(500)}, [A.plan_id, A_ON.plan_id]),
        ({"issuer_id": "33602"}, []),
        ({"metal_levels": ["Silver"], "hsa_eligible": False, "exchange": common.EXCHANGE_OFF}, [A.plan_id]),
    ],
)
def test_a_plan_has_to_pass_every_filter(contract: QuoteContract, wanted: dict[str, Any], expected: list[str]) -> None:
    found = search(contract, **wanted)
    assert ids(found) == expected
    assert found.total_count == len(expected)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        (pb.PLAN_SORT_DEDUCTIBLE, A.plan_id, B.plan_id),
        (pb.PLAN_SORT_OUT_OF_POCKET_MAXIMUM, UNSAID.plan_id, A_ON.plan_id),
    ],
)
def test_plans_without_the_amount_come_last_in_both_directions(
    contract: QuoteContract, sort: int, first: str, last: str
) -> None:
    up, down = ids(search(contract, sort=sort)), ids(search(contract, sort=sort, descending=True))
    unknown = {B.plan_id} if sort == pb.PLAN_SORT_OUT_OF_POCKET_MAXIMUM else {UNSAID.plan_id}
    assert {up[-1]} == {down[-1]} == unknown
    assert (up[0], up[-2]) == (first, last)
    assert down[0] in {last, A.plan_id}


def test_names_are_ordered_from_a_to_z_and_back(contract: QuoteContract) -> None:
    names = [priced.plan.name for priced in search(contract, sort=pb.PLAN_SORT_NAME).plans]
    assert names == ["Another HMO", "Cheap PPO", "HMO", "HMO"]
    back = [priced.plan.name for priced in search(contract, sort=pb.PLAN_SORT_NAME, descending=True).plans]
    assert back == names[::-1]


def test_pages_together_hold_every_plan_once_and_in_order(contract: QuoteContract) -> None:
    first = search(contract, page=common.Page(size=3))
    second = search(contract, page=common.Page(size=3, token=first.next_page_token))
    assert ids(first) + ids(second) == EVERY
    assert (first.total_count, second.total_count, second.next_page_token) == (4, 4, "")
    assert (len(first.not_filed), len(second.not_filed)) == (1, 0)


def test_a_page_token_whose_plan_is_not_in_the_search_is_refused(contract: QuoteContract) -> None:
    first = search(contract, page=common.Page(size=3))
    metal = first.plans[-1].plan.metal_level
    others = [one.plan.metal_level for one in search(contract).plans if one.plan.metal_level != metal]
    with pytest.raises(InvalidInput) as refusal:
        search(contract, metal_levels=others, page=common.Page(token=first.next_page_token))
    assert fields_of(refusal) == ["page.token"]


def test_a_facet_is_counted_with_all_filters_but_its_own(contract: QuoteContract) -> None:
    facets = search(contract, metal_levels=["Bronze"]).facets
    assert {(one.value, one.count) for one in facets.metal_levels} == {("Bronze", 1), ("Silver", 1)}
    assert {(one.value, one.label, one.count) for one in facets.networks} == {("ILN002", "Wide", 1)}
    assert {(one.value, one.count) for one in facets.exchanges} == {("off", 1)}


def test_a_plan_that_is_sold_on_and_off_the_exchange_counts_once_in_a_facet(contract: QuoteContract) -> None:
    found = search(contract, metal_levels=["Silver"], hsa_eligible=False)
    assert ids(found) == [A.plan_id, A_ON.plan_id]
    assert [(one.value, one.count) for one in found.facets.plan_types] == [("HMO", 1)]
    assert [(one.value, one.count) for one in found.facets.exchanges] == [("off", 1), ("on", 1)]


def test_the_premium_range_is_that_of_the_plans_that_pass_all_other_filters(contract: QuoteContract) -> None:
    facets = search(contract, premium_max=dollars(1)).facets
    assert (facets.lowest_premium.cents, facets.highest_premium.cents) == (200_00, 300_00)
    assert not search(contract, metal_levels=["Gold"]).facets.HasField("lowest_premium")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"premium_min": dollars(2), "premium_max": dollars(1)}, "premium_max"),
        ({"premium_min": common.Money(cents=-1)}, "premium_min"),
        ({"sort": 9}, "sort"),
        ({"page": common.Page(size=201)}, "page.size"),
        ({"page": common.Page(token="\N{SNOWMAN}")}, "page.token"),
        ({"page": common.Page(token="bm90aGluZw==")}, "page.token"),
    ],
)
def test_a_filter_that_no_list_has_is_refused_at_its_field(
    contract: QuoteContract, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        search(contract, **wrong)
    assert fields_of(refusal) == [field]


def test_a_plan_page_holds_what_was_filed(contract: QuoteContract) -> None:
    plan = answer(contract, "GetPlan", plan_id=A.plan_id, plan_year=2026).plan
    line = plan.detail.benefits[0]
    assert (line.benefit, line.in_network, line.out_of_network, line.limits) == (
        CARE,
        "$30",
        "$60",
        "5 visits per year",
    )
    assert plan.detail.variants[0].plan_id.endswith("-04")
    assert not plan.hsa_eligible and plan.HasField("hsa_eligible")
    assert plan.detail.HasField("family_deductible") and not plan.detail.HasField("drug_deductible")
    assert not search(contract).plans[0].plan.HasField("detail")


def test_plans_stand_side_by_side_with_what_differs(contract: QuoteContract) -> None:
    compared = compare(contract, B.plan_id, A.plan_id, UNFILED.plan_id)
    premiums = [column.monthly_premium.cents for column in compared.plans]
    assert premiums == [200_00, 300_00, 0] and compared.plans[2].not_filed
    assert not compared.plans[2].HasField("monthly_premium")
    rows = [(row.benefit, list(row.in_network), row.differs) for row in compared.benefits]
    assert rows == [(CARE, ["$50", "$30", ""], True), ("Generic drugs", ["", "$10", ""], True)]


@pytest.mark.parametrize(
    ("plan_ids", "field"),
    [
        ([A.plan_id], "plan_ids"),
        ([A.plan_id] * 2, "plan_ids"),
        ([f"36096IL990000{n}-00" for n in range(5)], "plan_ids"),
        ([A.plan_id, "36096IL0000000-00"], "plan_ids[1]"),
        ([A.plan_id, ELSEWHERE.plan_id], "plan_ids[1]"),
        ([A.plan_id, DENTAL.plan_id], "plan_ids[1]"),
    ],
)
def test_plans_that_cannot_be_compared_are_named(contract: QuoteContract, plan_ids: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        compare(contract, *plan_ids)
    assert fields_of(refusal) == [field]


def test_a_zip_in_two_states_asks_for_the_state(contract: QuoteContract, monkeypatch: pytest.MonkeyPatch) -> None:
    texas = County("48141", "El Paso County", "TX", (AreaSpan(2025, None, 6),))
    new_mexico = County("35013", "Dona Ana County", "NM", (AreaSpan(2025, None, 2),))
    geography = Geography({"79922": (new_mexico, texas)})
    monkeypatch.setattr(Catalogues, "current", lambda self: Catalogue(geography, self.offerings, self._rates))
    counties = answer(contract, "ListCounties", zip="79922").counties
    assert {county.state for county in counties} == {"NM", "TX"}
    with pytest.raises(InvalidInput) as refusal:
        search(contract, zip="79922", county_fips="48141", state="")
    assert fields_of(refusal) == ["state"]
    assert search(contract, zip="79922", county_fips="48141", state="TX").county.rating_area == 6


def test_the_state_may_be_left_out_where_the_zip_tells_it(contract: QuoteContract) -> None:
    assert ids(search(contract, state="")) == EVERY
