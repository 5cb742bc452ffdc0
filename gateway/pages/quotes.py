"""Saved quotes, their plans, and Enroll in Selected Plans (R8-R11, R14-R19)."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import DomainError
from gateway.edge.context import get_gateway, require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT, QUOTE, SEARCH_DEADLINE_SECONDS
from gateway.pages.render import form_of, read_text, redirect_to, render_page

# The most that one answer holds: this page shows all plans of a county at once.
WHOLE_LIST = 200
_EXCHANGES = {"off": common_pb2.EXCHANGE_OFF, "on": common_pb2.EXCHANGE_ON}
_CHOICES = {
    "create_new": clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW,
    "resume": clients_pb2.EXISTING_APPLICATION_CHOICE_RESUME,
}
_REASONS = {
    "different_coverage": clients_pb2.NEW_APPLICATION_REASON_DIFFERENT_COVERAGE,
    "mistake_in_other": clients_pb2.NEW_APPLICATION_REASON_MISTAKE_IN_OTHER,
    "client_asked": clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED,
    "other": clients_pb2.NEW_APPLICATION_REASON_OTHER,
}


async def listing(request: Request) -> Response:
    session = await require_session(request)
    page = common_pb2.Page(token=request.query_params.get("page", ""))
    answer = await get_gateway(request).services.ask(
        QUOTE["ListQuotes"],
        quote_service_pb2.ListQuotesRequest(page=page),
        quote_service_pb2.ListQuotesResponse,
        session.user.caller,
    )
    return await render_page(request, "quotes.html", {"quotes": answer.quotes, "next": answer.next_page_token} | _ENUMS)


async def review(request: Request) -> Response:
    quote = await _quote(request)
    return await render_page(request, "quote.html", {"quote": quote, "key": secrets.token_urlsafe(16)} | _ENUMS)


async def plans(request: Request) -> Response:
    return await _plans_page(request, await _quote(request))


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
        return await _plans_page(request, await _quote(request), refusal)
    return redirect_to(f"/quotes/{selection.quote_id}")


async def enroll(request: Request) -> Response:
    """To the application, to the question of R14, or to the way to the exchange (R16)."""
    session = await require_session(request)
    fields = await form_of(request, session)
    quote_id = request.path_params["quote_id"]
    asked = enrollment_service_pb2.StartEnrollmentRequest(
        idempotency_key=read_text(fields, "key"),
        quote_id=quote_id,
        reason=_REASONS.get(read_text(fields, "reason"), clients_pb2.NEW_APPLICATION_REASON_UNSPECIFIED),
        choice=_CHOICES.get(read_text(fields, "choice"), clients_pb2.EXISTING_APPLICATION_CHOICE_UNSPECIFIED),
    )
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["StartEnrollment"],
        asked,
        enrollment_service_pb2.StartEnrollmentResponse,
        session.user.caller,
        SEARCH_DEADLINE_SECONDS,
    )
    if answer.outcome == "started":
        return redirect_to(f"/applications/{answer.application.record_number}/resume")
    template = "choice.html" if answer.outcome == "choice_needed" else "exchange.html"
    return await render_page(
        request, template, {"answer": answer, "quote_id": quote_id, "key": secrets.token_urlsafe(16)}
    )


async def _quote(request: Request) -> quote_pb2.Quote:
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        QUOTE["GetQuote"],
        quote_service_pb2.GetQuoteRequest(quote_id=request.path_params["quote_id"]),
        quote_service_pb2.GetQuoteResponse,
        session.user.caller,
        SEARCH_DEADLINE_SECONDS,
    )
    return answer.quote


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
    return await render_page(request, "plans.html", context | _ENUMS, status_of(refusal) if refusal else 200)


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


_ENUMS = {
    "Relationship": common_pb2.Relationship,
    "Sex": common_pb2.Sex,
    "Exchange": common_pb2.Exchange,
    "QuoteStatus": quote_pb2.QuoteStatus,
}
