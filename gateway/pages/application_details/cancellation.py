"""Take back a submitted application before its coverage begins: why, at whose request, and a last question."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2, cancellation_pb2

from chassis.kernel import DomainError, InvalidInput, Problem
from gateway.edge.context import require_session
from gateway.edge.enum_names import enum_word, enum_words
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_details.reasons import CANCEL_PARTIES, CANCEL_REASONS
from gateway.pages.application_details.refusal import explain_refusal
from gateway.pages.render import form_of, read_text, redirect_to, render_page

_REASON = application_pb2.CancelReason.DESCRIPTOR
_PARTY = application_pb2.CancelParty.DESCRIPTOR


async def show(request: Request) -> Response:
    application = await application_reads.read_application(request)
    return await _page(request, application, secrets.token_urlsafe(16))


async def cancel(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    reason, party = read_text(fields, "reason"), read_text(fields, "asked_by")
    asked = cancellation_pb2.CancelApplicationRequest(
        idempotency_key=read_text(fields, "key"), record_number=request.path_params["record_number"]
    )
    asked.reason = enum_words(_REASON).get(reason, 0)  # type: ignore[assignment]  # a number of this enum
    asked.asked_by = enum_words(_PARTY).get(party, 0)  # type: ignore[assignment]  # likewise
    try:
        _check(asked)
        await ask_service(request, ENROLLMENT["CancelApplication"], asked, cancellation_pb2.CancelApplicationResponse)
    except DomainError as refusal:
        application = await application_reads.read_application(request)
        return await _page(request, application, asked.idempotency_key, refusal, reason, party)
    return redirect_to(f"/applications/{asked.record_number}")


def _check(asked: cancellation_pb2.CancelApplicationRequest) -> None:
    problems = []
    if not asked.reason:
        problems.append(Problem("reason", "Choose why the application is cancelled."))
    if not asked.asked_by:
        problems.append(Problem("asked_by", "Choose who asked for the cancellation."))
    if problems:
        raise InvalidInput("Check the cancellation.", problems=tuple(problems))


async def _page(
    request: Request,
    application: application_pb2.Application,
    key: str,
    refusal: DomainError | None = None,
    reason: str = "",
    party: str = "",
) -> Response:
    status = status_of(refusal) if refusal else 200
    context = {
        "application": application,
        "key": key,
        "refusal": refusal,
        "errors": {one.field: one.message for one in refusal.problems} if refusal else {},
        "reason": reason,
        "party": party,
        "reasons": [(enum_word(_REASON, number), text) for number, text in CANCEL_REASONS.items()],
        "parties": [(enum_word(_PARTY, number), text) for number, text in CANCEL_PARTIES.items()],
        "paid": application.payment_status in ("successful", "pending"),
    }
    if application.cancellation_refusal:
        begun = application.HasField("termination_choice")
        return await explain_refusal(
            request,
            application,
            f"Application {application.record_number} cannot be cancelled",
            application.cancellation_refusal,
            "Cancel",
            status,
            instead=(f"/applications/{application.record_number}/termination", "Terminate Coverage") if begun else None,
        )
    return await render_page(request, "application_details/cancellation.html", context, status)
