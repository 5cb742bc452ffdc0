"""Contract: plan lists, plan detail and comparisons, from messages and to messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import InvalidInput, Money
from chassis.mapping import ToProto
from chassis.paging import page_size
from services.quote.contract import to_domain, to_proto
from services.quote.domain.benefits import ComparedBenefit, PlanDetail
from services.quote.domain.plan import Plan
from services.quote.domain.plan_search import Facet, FacetCounts, PlanFilter, PlanPage, PlanSort
from services.quote.domain.rating_context import PricedPlan, UnpricedPlan
from services.quote.usecases.compare_plans import Comparison
from services.quote.usecases.search_plans import PlanQuery, SearchResults

_SORTS = {
    pb.PLAN_SORT_UNSPECIFIED: PlanSort.PREMIUM,
    pb.PLAN_SORT_PREMIUM: PlanSort.PREMIUM,
    pb.PLAN_SORT_DEDUCTIBLE: PlanSort.DEDUCTIBLE,
    pb.PLAN_SORT_OUT_OF_POCKET_MAXIMUM: PlanSort.OUT_OF_POCKET_MAXIMUM,
    pb.PLAN_SORT_NAME: PlanSort.NAME,
}
_AmountName = Literal["deductible_max", "premium_min", "premium_max"]


def read_query(request: pb.SearchPlansRequest, last_plan: str | None) -> PlanQuery:
    """Refuses words and amounts that no list has, each at its field; ``last_plan``: the last of the page before."""
    if request.sort not in _SORTS:
        raise InvalidInput.at("sort", "Choose premium, deductible, out_of_pocket_maximum or name.")
    return PlanQuery(
        coverage=to_domain.coverage_to_domain(request.coverage),
        wanted=_filter(request),
        sort=_SORTS[request.sort],
        descending=request.descending,
        page=PlanPage(page_size(request.page), last_plan or ""),
    )


def _filter(request: pb.SearchPlansRequest) -> PlanFilter:
    return PlanFilter(
        metal_levels=frozenset(request.metal_levels),
        plan_types=frozenset(request.plan_types),
        network_ids=frozenset(request.network_ids),
        exchange=to_domain.exchange_to_domain(request.exchange),
        hsa_eligible=request.hsa_eligible if request.HasField("hsa_eligible") else None,
        issuer_id=request.issuer_id,
        deductible_max=_amount(request, "deductible_max"),
        premium_min=_amount(request, "premium_min"),
        premium_max=_amount(request, "premium_max"),
        name=request.plan_name.strip(),
    )


def _amount(request: pb.SearchPlansRequest, name: _AmountName) -> Money | None:
    value: common.Money = getattr(request, name)
    return Money(value.cents) if request.HasField(name) else None


def write_results(answer: SearchResults, next_page_token: str) -> pb.SearchPlansResponse:
    response = pb.SearchPlansResponse(
        county=to_proto.county_to_proto(answer.location),
        not_filed=[pb.UnpricedPlan(plan=to_proto.plan(one.plan), reason=one.reason) for one in answer.not_filed],
        next_page_token=next_page_token,
        total_count=answer.total,
        facets=_facets(answer.facets),
    )
    for priced in answer.plans:  # made in their place: a list of messages is copied
        response.plans.add(**to_proto.priced_plan_fields(priced))
    return response


def _facets(facets: FacetCounts) -> pb.PlanFacets:
    return pb.PlanFacets(
        metal_levels=_counts(facets.counts[Facet.METAL_LEVEL], {}),
        plan_types=_counts(facets.counts[Facet.PLAN_TYPE], {}),
        networks=_counts(facets.counts[Facet.NETWORK], facets.network_names),
        exchanges=_counts(facets.counts[Facet.EXCHANGE], {}),
        hsa_eligible=_counts(facets.counts[Facet.HSA], {}),
        lowest_premium=_money(facets.lowest),
        highest_premium=_money(facets.highest),
    )


def _counts(counts: Mapping[str, int], labels: Mapping[str, str]) -> Iterable[pb.FacetCount]:
    for value, count in sorted(counts.items()):
        yield pb.FacetCount(value=value, label=labels.get(value) or value, count=count)


def write_plan_page(plan: Plan) -> quote_pb2.Plan:
    """A plan with all its detail."""
    message = to_proto.plan(plan)
    message.detail.CopyFrom(_detail(plan.detail))
    return message


_detail = ToProto(PlanDetail, quote_pb2.PlanDetail)
_compared_benefit = ToProto(ComparedBenefit, pb.ComparedBenefit)


def write_comparison(answer: Comparison) -> pb.ComparePlansResponse:
    rows = [_compared_benefit(row) for row in answer.benefits]
    columns = [_column(plan) for plan in answer.plans]
    return pb.ComparePlansResponse(plans=columns, benefits=rows, county=to_proto.county_to_proto(answer.location))


def _column(column: PricedPlan | UnpricedPlan) -> pb.ComparedPlan:
    if isinstance(column, UnpricedPlan):
        return pb.ComparedPlan(plan=write_plan_page(column.plan), not_filed=column.reason)
    priced = to_proto.priced_plan(column)
    return pb.ComparedPlan(
        plan=write_plan_page(column.plan), monthly_premium=priced.monthly_premium, members=priced.members
    )


def _money(amount: Money | None) -> common.Money | None:
    return None if amount is None else to_proto.money_to_proto(amount)
