"""Plans of a quote and the choice among them (R9, R10)."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.context import get_gateway, require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import QUOTE, SEARCH_DEADLINE_SECONDS
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.plan_changes import forget_changes
from gateway.pages.quotes.rpc import load_quote
from gateway.pages.render import form_of, read_text, redirect_to, render_page

# The most that one answer holds: this page shows all plans of a county at once.
WHOLE_LIST = 200
_EXCHANGES = {"off": common_pb2.EXCHANGE_OFF, "on": common_pb2.EXCHANGE_ON}


async def plans(request: Request) -> Response:
    return await _plans_page(request, await load_quote(request))


async def select(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    version = read_text(fields, "version")
    selection = quote_service_pb2.SelectPlansRequest(
        quote_id=request.path_params["quote_id"],
        medical_plan_id=read_text(fields, "medical_plan_id"),
        dental_plan_id=read_text(fields, "dental_plan_id"),
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
    )
    try:
        await get_gateway(request).services.call(
            QUOTE["SelectPlans"], selection, session.user.caller, SEARCH_DEADLINE_SECONDS
        )
    except DomainError as refusal:
        return await _plans_page(request, await load_quote(request), refusal)
    await forget_changes(request, selection.quote_id)
    return redirect_to(f"/quotes/{selection.quote_id}")


async def _plans_page(request: Request, quote: quote_pb2.Quote, refusal: DomainError | None = None) -> Response:
    exchange = request.query_params.get("exchange", "any")
    medical, dental = await asyncio.gather(
        _search(request, quote, common_pb2.COVERAGE_MEDICAL, exchange),
        _search(request, quote, common_pb2.COVERAGE_DENTAL, exchange),
    )
    context: dict[str, Any] = {
        "quote": quote,
        "medical": medical.plans,
        "dental": dental.plans,
        "not_filed": [*medical.not_filed, *dental.not_filed],
        "exchange": exchange,
        "refusal": refusal,
    }
    return await render_page(request, "quotes/plans.html", context | ENUMS, status_of(refusal) if refusal else 200)


async def _search(
    request: Request, quote: quote_pb2.Quote, coverage: common_pb2.Coverage.ValueType, exchange: str
) -> quote_service_pb2.SearchPlansResponse:
    session = await require_session(request)
    asked = quote_service_pb2.SearchPlansRequest(
        state=quote.state,
        zip=quote.zip,
        county_fips=quote.county.fips,
        effective_date=quote.effective_date,
        coverage=coverage,
        exchange=_EXCHANGES.get(exchange, common_pb2.EXCHANGE_ANY),
        members=quote.members,
        page=common_pb2.Page(size=WHOLE_LIST),
    )
    return await get_gateway(request).services.ask(
        QUOTE["SearchPlans"],
        asked,
        quote_service_pb2.SearchPlansResponse,
        session.user.caller,
        SEARCH_DEADLINE_SECONDS,
    )
