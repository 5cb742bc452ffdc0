"""One search box for a record number, a client app id, a client's name or a quote (POST: no name in an address)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import application_pb2, clients_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import InvalidInput, NotFound, Unavailable
from gateway.edge.context import require_session
from gateway.edge.rpcs import ENROLLMENT, QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.clients import find_clients
from gateway.pages.lists.list_query import STATUSES
from gateway.pages.lists.listing import opening_address
from gateway.pages.render import form_of, read_text, redirect_to, render_page
from gateway.pages.saved_searches import keep_search, read_search

# Of each kind as many as a page shows at a glance; the lists have the rest.
SHOWN = 10
# A name as long as the longest that any of the services searches for.
LONGEST = 100
_RECORD_NUMBER = re.compile(r"a-?0*(\d{1,12})", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_QUOTE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
Answer = TypeVar("Answer")


@dataclass
class SearchResult:
    """``unavailable``: a service did not answer, so there may be more."""

    applications: Sequence[overview.ApplicationSummary] = ()
    clients: Sequence[clients_pb2.Client] = ()
    quotes: Sequence[quote_pb2.Quote] = ()
    unavailable: bool = False
    advice: str = ""


async def search(request: Request) -> Response:
    """A number that names one thing leads there; everything else to a page of results."""
    session = await require_session(request)
    fields = await form_of(request, session)
    text = read_text(fields, "q")[:LONGEST]
    if direct := await _find_directly(request, text):
        return redirect_to(direct)
    kept = await keep_search(request, session, text)
    return redirect_to(f"/search?id={kept}" if kept else "/search")


async def show(request: Request) -> Response:
    session = await require_session(request)
    text = await read_search(request, session, request.query_params.get("id", ""))
    found = await _find(request, text) if text else SearchResult()
    context = {"text": text, "found": found, "opens": opening_address, "QuoteStatus": quote_pb2.QuoteStatus}
    return await render_page(request, "search/results.html", context)


async def _find_directly(request: Request, text: str) -> str:
    """The address of the application or quote that the text names; empty when it names none of the person's own."""
    if named := _RECORD_NUMBER.fullmatch(text):
        return await _find_record(request, named[1])
    if _QUOTE.fullmatch(text):
        wanted = quote_service_pb2.GetQuoteRequest(quote_id=text.lower())
        quote = await _or_none(ask_service(request, QUOTE["GetQuote"], wanted, quote_service_pb2.GetQuoteResponse))
        return f"/quotes/{text.lower()}" if quote else ""
    if _NUMBER.fullmatch(text):
        found = await _applications(request, overview.ApplicationFilter(client_app_id=int(text)), "")
        # R104: an id is 605 above the digits of its own record number; somebody may type either
        return f"/applications/{found[0].record_number}" if found else await _find_record(request, text)
    return ""


async def _find_record(request: Request, digits: str) -> str:
    record_number = f"A-{int(digits):04d}"
    asked = enrollment_service_pb2.GetApplicationRequest(record_number=record_number)
    answer = await _or_none(
        ask_service(request, ENROLLMENT["GetApplication"], asked, enrollment_service_pb2.GetApplicationResponse)
    )
    return f"/applications/{record_number}" if answer else ""


async def _find(request: Request, text: str) -> SearchResult:
    """By name, in all lists, among the clients and the quotes."""
    if len(text) < 2:
        return SearchResult(advice="Type at least two letters of the name.")
    applications, clients, quotes = await asyncio.gather(
        _applications(request, overview.ApplicationFilter(), text),
        find_clients(request, {"name": text}),
        _quotes(request, text),
        return_exceptions=True,
    )
    result = SearchResult()
    for name, found in (("applications", applications), ("quotes", quotes)):
        if isinstance(found, BaseException):
            result.unavailable = result.unavailable or _must_be_refusal(found)
        else:
            setattr(result, name, found)
    if isinstance(clients, BaseException):
        result.unavailable = result.unavailable or _must_be_refusal(clients)
    else:
        result.clients = clients.clients
    return result


def _must_be_refusal(error: BaseException) -> bool:
    """Whether a service was away; a name that nothing can be searched by finds nothing. Raises anything else."""
    if isinstance(error, Unavailable):
        return True
    if isinstance(error, InvalidInput):
        return False
    raise error


async def _applications(
    request: Request, wanted: overview.ApplicationFilter, applicant: str
) -> list[overview.ApplicationSummary]:
    """Of all lists, the last changed first."""
    order = overview.ApplicationOrder(by=overview.APPLICATION_COLUMN_UPDATED_AT, descending=True)
    answers = await asyncio.gather(
        *(_one_list(request, status, wanted, applicant, order) for status in STATUSES.values())
    )
    found = [row for answer in answers for row in answer.applications]
    return sorted(found, key=lambda row: row.updated_at.seconds, reverse=True)[:SHOWN]


async def _one_list(
    request: Request,
    status: application_pb2.ApplicationStatus.ValueType,
    wanted: overview.ApplicationFilter,
    applicant: str,
    order: overview.ApplicationOrder,
) -> overview.SearchApplicationsResponse:
    asked = overview.SearchApplicationsRequest(
        status=status, applicant=applicant, filter=wanted, order=order, page=common_pb2.Page(size=SHOWN)
    )
    return await ask_service(request, ENROLLMENT["SearchApplications"], asked, overview.SearchApplicationsResponse)


async def _quotes(request: Request, text: str) -> list[quote_pb2.Quote]:
    asked = quote_service_pb2.ListQuotesRequest(client_name=text, page=common_pb2.Page(size=SHOWN))
    answer = await ask_service(request, QUOTE["ListQuotes"], asked, quote_service_pb2.ListQuotesResponse)
    return list(answer.quotes)


async def _or_none(asked: Awaitable[Answer]) -> Answer | None:
    try:
        return await asked
    except (NotFound, InvalidInput):
        return None
