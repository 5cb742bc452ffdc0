"""One plan's own page, and plans side by side (R9)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.plan_choice import load_choice, price_plans
from gateway.pages.quotes.rpc import load_quote
from gateway.pages.render import render_page


async def show_plan(request: Request) -> Response:
    quote = await load_quote(request)
    asked = quote_service_pb2.GetPlanRequest(
        plan_id=request.path_params["plan_id"], plan_year=int(quote.effective_date[:4])
    )
    answer = await ask_service(request, QUOTE["GetPlan"], asked, quote_service_pb2.GetPlanResponse)
    medical = answer.plan.coverage == common_pb2.COVERAGE_MEDICAL
    priced, reason = await _price(request, quote, answer.plan.plan_id, medical=medical)
    context = {
        "quote": quote,
        "plan": answer.plan,
        "priced": priced,
        "reason": reason,
        "kind": "medical" if medical else "dental",
        "chosen": (quote.medical if medical else quote.dental).plan.plan_id == answer.plan.plan_id,
    }
    return await render_page(request, "quotes/plan.html", context | ENUMS)


async def compare(request: Request) -> Response:
    """Two to four plans of one kind. What cannot be compared is said, with a way back to the plans."""
    quote = await load_quote(request)
    asked = quote_service_pb2.ComparePlansRequest(
        state=quote.state,
        zip=quote.zip,
        county_fips=quote.county.fips,
        effective_date=quote.effective_date,
        members=quote.members,
        plan_ids=request.query_params.getlist("compare"),
    )
    refusal, found = "", quote_service_pb2.ComparePlansResponse()
    try:
        found = await ask_service(request, QUOTE["ComparePlans"], asked, quote_service_pb2.ComparePlansResponse)
    except DomainError as refused:
        refusal = refused.problems[0].message if refused.problems else refused.message
    context = {
        "quote": quote,
        "found": found,
        "refusal_text": refusal,
        "choice": await load_choice(request, quote),
        "back": request.url.query,
    }
    return await render_page(request, "quotes/comparison.html", context | ENUMS, 422 if refusal else 200)


async def _price(
    request: Request, quote: quote_pb2.Quote, plan_id: str, *, medical: bool
) -> tuple[quote_pb2.PricedPlan | None, str]:
    """The plan's premium for the household, or why there is none."""
    try:
        answer = await price_plans(request, quote, plan_id if medical else "", "" if medical else plan_id)
    except DomainError as refusal:
        return None, refusal.problems[0].message if refusal.problems else refusal.message
    return (answer.medical if medical else answer.dental), ""
