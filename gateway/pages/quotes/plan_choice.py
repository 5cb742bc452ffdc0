"""What is chosen on the plan page, saved or not yet, and what it costs together."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """``problem``: why the two cannot be enrolled together; ``total`` is None then, and while nothing is chosen."""

    medical_id: str
    dental_id: str
    medical: quote_pb2.PricedPlan | None = None
    dental: quote_pb2.PricedPlan | None = None
    total: common_pb2.Money | None = None
    problem: str = ""


async def load_choice(request: Request, quote: quote_pb2.Quote) -> PlanChoice:
    """From the address, or else as it is saved."""
    query = request.query_params
    medical = query.get("medical_plan_id", quote.medical.plan.plan_id)
    dental = query.get("dental_plan_id", quote.dental.plan.plan_id)
    if not (medical or dental):
        return PlanChoice("", "")
    try:
        both = await price_plans(request, quote, medical, dental)
        return PlanChoice(medical, dental, _given(both, "medical"), _given(both, "dental"), both.monthly_premium)
    except DomainError as refusal:
        problem = refusal.problems[0].message if refusal.problems else refusal.message
    alone = [await _price_alone(request, quote, *pair) for pair in ((medical, ""), ("", dental))]
    return PlanChoice(medical, dental, alone[0], alone[1], problem=problem)


async def price_plans(
    request: Request, quote: quote_pb2.Quote, medical: str, dental: str
) -> quote_service_pb2.PriceSelectionResponse:
    """Today's premiums of plans for the quote's household; refuses what could not be selected (R11)."""
    asked = quote_service_pb2.PriceSelectionRequest(
        state=quote.state,
        zip=quote.zip,
        county_fips=quote.county.fips,
        effective_date=quote.effective_date,
        members=quote.members,
        medical_plan_id=medical,
        dental_plan_id=dental,
    )
    return await ask_service(request, QUOTE["PriceSelection"], asked, quote_service_pb2.PriceSelectionResponse)


async def _price_alone(
    request: Request, quote: quote_pb2.Quote, medical: str, dental: str
) -> quote_pb2.PricedPlan | None:
    if not (medical or dental):
        return None
    try:
        answer = await price_plans(request, quote, medical, dental)
    except DomainError:  # cannot be had at all; the problem of both says so
        return None
    return _given(answer, "medical" if medical else "dental")


def _given(answer: quote_service_pb2.PriceSelectionResponse, kind: str) -> quote_pb2.PricedPlan | None:
    if kind == "medical":
        return answer.medical if answer.HasField("medical") else None
    return answer.dental if answer.HasField("dental") else None
