"""Plans of a quote and the choice among them (R9, R10)."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.plan_cards import build_cards, with_choice
from gateway.pages.quotes.plan_changes import forget_changes, load_changes
from gateway.pages.quotes.plan_choice import load_choice
from gateway.pages.quotes.plan_filters import SORT_LABELS, PlanFilters
from gateway.pages.quotes.proposed_dates import read_date_notice
from gateway.pages.quotes.rpc import load_quote
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page


async def plans(request: Request) -> Response:
    """With JavaScript the filters answer as they are moved, from this same page."""
    quote = await load_quote(request)
    filters = PlanFilters.from_query(request.query_params)
    medical, dental, choice, date_notice = await asyncio.gather(
        _search(request, filters.to_search(quote, common_pb2.COVERAGE_MEDICAL)),
        _search(request, filters.to_search(quote, common_pb2.COVERAGE_DENTAL)),
        load_choice(request, quote),
        read_date_notice(request, quote),
    )
    context: dict[str, Any] = {
        "quote": quote,
        "date_notice": date_notice,
        "filters": filters,
        "sorts": SORT_LABELS,
        "facets": medical.facets,
        "choice": choice,
        "lists": [
            ("medical", with_choice(build_cards(medical.plans), choice.medical), choice.medical_id),
            ("dental", with_choice(build_cards(dental.plans), choice.dental), choice.dental_id),
        ],
        "not_filed": [*medical.not_filed, *dental.not_filed],
        "compared": request.query_params.getlist("compare"),
        "changes": await load_changes(request, quote.quote_id),
        "refused": await _refused(request, quote.quote_id),
    }
    return await render_page(request, "quotes/plans.html", context | ENUMS)


async def select(request: Request) -> Response:
    """Save the choice; one that is refused is shown again, with the reason, and with both plans still chosen."""
    session = await require_session(request)
    fields = await form_of(request, session)
    version = read_text(fields, "version")
    selection = quote_service_pb2.SelectPlansRequest(
        quote_id=request.path_params["quote_id"],
        medical_plan_id=read_text(fields, "medical_plan_id"),
        dental_plan_id=read_text(fields, "dental_plan_id"),
        version=parse_number(version),
    )
    try:
        await ask_service(request, QUOTE["SelectPlans"], selection, quote_service_pb2.SelectPlansResponse)
    except DomainError as refusal:
        reason = refusal.problems[0].message if refusal.problems else refusal.message
        await get_gateway(request).drafts.save(session.user, _refusal_of(selection.quote_id), {}, message=reason)
        chosen = {"medical_plan_id": selection.medical_plan_id, "dental_plan_id": selection.dental_plan_id}
        return redirect_to(f"/quotes/{selection.quote_id}/plans?{urlencode({**chosen, 'refused': '1'})}")
    await forget_changes(request, selection.quote_id)
    return redirect_to(f"/quotes/{selection.quote_id}")


async def _search(
    request: Request, asked: quote_service_pb2.SearchPlansRequest
) -> quote_service_pb2.SearchPlansResponse:
    return await ask_service(request, QUOTE["SearchPlans"], asked, quote_service_pb2.SearchPlansResponse)


async def _refused(request: Request, quote_id: str) -> str:
    if "refused" not in request.query_params:
        return ""
    session = await require_session(request)
    draft = await get_gateway(request).drafts.load(session.user, _refusal_of(quote_id))
    return draft.message if draft else ""


def _refusal_of(quote_id: str) -> str:
    return f"quote-plans/{quote_id}"
