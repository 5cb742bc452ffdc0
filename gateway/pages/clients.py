"""Clients: found by name, birth date, phone or last four digits; a page for each; their enrollment (R14, R44)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import DomainError, InvalidInput, NotFound, Unavailable, business_date, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT, QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.application_fields.another_application import CHOICES, REASON_TEXTS, REASONS
from gateway.pages.application_reads import EDITABLE
from gateway.pages.deadline_text import describe_deadline
from gateway.pages.forms.form_values import explain_dates, put_values
from gateway.pages.render import form_of, read_text, redirect_to, render_page
from gateway.pages.saved_searches import keep_search, read_search_fields
from gateway.user import DelegatedAction

SEARCHED_BY = ("name", "date_of_birth", "phone", "ssn_last_four")
# The newest ones; all of them are in the list of quotes.
QUOTES_SHOWN = 8


async def show(request: Request) -> Response:
    """The search, and what it found; what was searched for is kept, and in no address."""
    session = await require_session(request)
    wanted = await read_search_fields(request, session, request.query_params.get("search", ""))
    found, refusal = None, None
    if wanted:
        try:
            found = await find_clients(request, wanted)
        except InvalidInput as wrong:
            refusal = wrong
    problems = explain_dates(refusal.problems, wanted) if refusal else []
    context = {
        "wanted": {name: wanted.get(name, "") for name in SEARCHED_BY},
        "found": found.clients if found else None,
        "refusal": refusal,
        "errors": {problem.field: problem.message for problem in problems},
    }
    return await render_page(request, "clients/clients.html", context, status_of(refusal) if refusal else 200)


async def search(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    kept = await keep_search(request, session, **{name: read_text(fields, name) for name in SEARCHED_BY})
    return redirect_to(f"/clients?search={kept}" if kept else "/clients")


async def show_client(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    answer = await _client(request)
    today = business_date(gateway.clock.now(), get_markets().home.state)
    context = {
        "client": answer.client,
        "applications": answer.applications,
        "deadlines": [describe_deadline(one, today, session.user) for one in answer.deadlines],
        "quotes": await _quotes(request, answer.quote_ids[:QUOTES_SHOWN]),
        "quote_count": len(answer.quote_ids),
        "numbers": session.user.numbers_for(DelegatedAction.ENROLL),
        "key": secrets.token_urlsafe(16),
        "QuoteStatus": quote_pb2.QuoteStatus,
    }
    return await render_page(request, "clients/client.html", context)


async def start_enrollment(request: Request) -> Response:
    """To the new application; or to the question what to do with those that there are already (R14)."""
    session = await require_session(request)
    fields, client_id = await form_of(request, session), request.path_params["client_id"]
    asked = clients_pb2.StartClientEnrollmentRequest(
        idempotency_key=read_text(fields, "key"),
        client_id=client_id,
        writing_number=read_text(fields, "writing_number"),
        choice=CHOICES.get(read_text(fields, "choice"), 0),  # type: ignore[arg-type]  # 0 is no choice yet
        reason=REASONS.get(read_text(fields, "reason"), 0),  # type: ignore[arg-type]  # 0 is no reason
    )
    refusal: DomainError | None = None
    answer = clients_pb2.StartClientEnrollmentResponse(outcome="choice_needed")
    try:
        answer = await ask_service(
            request, ENROLLMENT["StartClientEnrollment"], asked, clients_pb2.StartClientEnrollmentResponse
        )
    except InvalidInput as wrong:  # the reason is missing: the question is asked again
        refusal = wrong
    if answer.outcome == "started":
        return redirect_to(f"/applications/{answer.application.record_number}/resume")
    # the question has an address of its own, so that a reload or the back button sends nothing
    kept = await keep_search(
        request,
        session,
        number=asked.writing_number,
        resume=answer.incomplete_record_number,
        error=refusal.message if refusal else "",
        at=secrets.token_urlsafe(8),
    )
    return redirect_to(f"/clients/{client_id}/enrollment?asked={kept}")


async def ask_choice(request: Request) -> Response:
    """What there is already for this client, and the two ways to go on."""
    session = await require_session(request)
    answer = await _client(request)
    asked = await read_search_fields(request, session, request.query_params.get("asked", ""))
    open_ones = [one for one in answer.applications if one.status in EDITABLE]
    context = {
        "client": answer.client,
        "applications": answer.applications,
        "newest_open": asked.get("resume") or (open_ones[0].record_number if open_ones else ""),
        "open_numbers": [one.record_number for one in open_ones],
        "number": asked.get("number", ""),
        "error": asked.get("error", ""),
        "reasons": REASON_TEXTS,
        "key": secrets.token_urlsafe(16),
    }
    return await render_page(request, "clients/choice.html", context, 422 if asked.get("error") else 200)


async def find_clients(request: Request, wanted: dict[str, str]) -> enrollment_service_pb2.SearchClientsResponse:
    asked = enrollment_service_pb2.SearchClientsRequest()
    put_values(asked, {name: wanted.get(name, "") for name in SEARCHED_BY})
    return await ask_service(request, ENROLLMENT["SearchClients"], asked, enrollment_service_pb2.SearchClientsResponse)


async def _client(
    request: Request,
) -> clients_pb2.GetClientResponse:
    return await ask_service(
        request,
        ENROLLMENT["GetClient"],
        clients_pb2.GetClientRequest(client_id=request.path_params["client_id"]),
        clients_pb2.GetClientResponse,
    )


async def _quotes(request: Request, ids: Sequence[str]) -> list[quote_pb2.Quote] | None:
    """None when the quotes cannot be told now; one that is gone is left out."""

    async def one(quote_id: str) -> quote_pb2.Quote | None:
        try:
            answer = await ask_service(
                request,
                QUOTE["GetQuote"],
                quote_service_pb2.GetQuoteRequest(quote_id=quote_id),
                quote_service_pb2.GetQuoteResponse,
            )
        except NotFound:
            return None
        return answer.quote

    try:
        found = await asyncio.gather(*(one(quote_id) for quote_id in ids))
    except Unavailable:
        return None
    return [quote for quote in found if quote]
