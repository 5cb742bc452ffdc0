"""Enroll in Selected Plans (R11, R14-R19)."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2

from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT, SEARCH_DEADLINE_SECONDS
from gateway.pages.render import form_of, read_text, redirect_to, render_page

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
    template = "quotes/choice.html" if answer.outcome == "choice_needed" else "quotes/exchange.html"
    return await render_page(
        request, template, {"answer": answer, "quote_id": quote_id, "key": secrets.token_urlsafe(16)}
    )
