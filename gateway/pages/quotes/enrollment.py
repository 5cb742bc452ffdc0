"""Enroll in Selected Plans (R11, R14-R19)."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import clients_pb2, enrollment_service_pb2

from chassis.kernel import DomainError, Forbidden, InvalidInput
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.application_fields.another_application import CHOICES, REASONS
from gateway.pages.quotes.application_choice import keep_application_choice
from gateway.pages.quotes.rpc import act_draft
from gateway.pages.render import form_of, read_text, redirect_to, render_page


async def enroll(request: Request) -> Response:
    """To the application, to the question of R14, or to the exchange (R16)."""
    session = await require_session(request)
    fields = await form_of(request, session)
    quote_id = request.path_params["quote_id"]
    try:
        answer = await ask_service(
            request,
            ENROLLMENT["StartEnrollment"],
            _start(quote_id, fields),
            enrollment_service_pb2.StartEnrollmentResponse,
        )
    except Forbidden:
        raise
    except DomainError as refusal:
        await get_gateway(request).drafts.save(
            session.user, act_draft(quote_id), {}, problems=refusal.problems, message=refusal.message
        )
        asks_again = isinstance(refusal, InvalidInput) and read_text(fields, "choice")  # the reason is missing
        return redirect_to(f"/quotes/{quote_id}?refused=1{'&choose=1' if asks_again else ''}")
    if answer.outcome == "started":
        return redirect_to(f"/applications/{answer.application.record_number}/resume")
    if answer.outcome == "choice_needed":
        await keep_application_choice(request, quote_id, answer)
        return redirect_to(f"/quotes/{quote_id}?choose=1")
    return await _to_exchange(request, answer)


async def _to_exchange(request: Request, answer: enrollment_service_pb2.StartEnrollmentResponse) -> Response:
    """In the new tab that the form opened (R16). A page that goes on by itself: browsers let a form lead to its own
    site alone (form-action), and the page says where it goes if the other site does not answer.
    """
    safe = answer.exchange_url.startswith("https://")
    headers = {"Refresh": f"0; url={answer.exchange_url}"} if safe else {}
    return await render_page(request, "quotes/exchange.html", {"answer": answer, "safe": safe}, headers=headers)


def _read_reason(word: str) -> clients_pb2.NewApplicationReason.ValueType:
    if word and word not in REASONS:
        raise InvalidInput.at("reason", "Choose one of the reasons in the list.", rule="R14")
    return REASONS.get(word, clients_pb2.NEW_APPLICATION_REASON_UNSPECIFIED)


def _start(quote_id: str, fields: FormData) -> enrollment_service_pb2.StartEnrollmentRequest:
    choice = CHOICES.get(read_text(fields, "choice"), clients_pb2.EXISTING_APPLICATION_CHOICE_UNSPECIFIED)
    reason = clients_pb2.NEW_APPLICATION_REASON_UNSPECIFIED
    if choice == clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW:
        reason = _read_reason(read_text(fields, "reason"))
    return enrollment_service_pb2.StartEnrollmentRequest(
        idempotency_key=read_text(fields, "key"),
        quote_id=quote_id,
        choice=choice,
        reason=reason,
        record_number=read_text(fields, "record_number"),
    )
