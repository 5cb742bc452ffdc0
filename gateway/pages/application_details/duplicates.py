"""Why an application exists beside another one of the same people (R14)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2, clients_pb2

from chassis.kernel import DomainError, InvalidInput
from gateway.edge.context import require_session
from gateway.edge.enum_names import enum_word
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages import application_reads
from gateway.pages.application_fields.another_application import REASON_TEXTS, REASONS
from gateway.pages.render import form_of, parse_number, read_text, redirect_to, render_page

_MATCHES = {
    clients_pb2.DUPLICATE_MATCH_SAME_SSN: "same Social Security number",
    clients_pb2.DUPLICATE_MATCH_SAME_NAME_AND_BIRTH_DATE: "same name and date of birth",
    clients_pb2.DUPLICATE_MATCH_SAME_QUOTE: "same quote",
    clients_pb2.DUPLICATE_MATCH_SAME_PHONE: "same phone number",
}


async def show(request: Request) -> Response:
    return await _page(request)


async def explain(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    reason, version = read_text(fields, "reason"), read_text(fields, "version")
    asked = clients_pb2.ExplainDuplicatesRequest(
        record_number=request.path_params["record_number"],
        version=parse_number(version),
    )
    asked.reason = REASONS.get(reason, clients_pb2.NEW_APPLICATION_REASON_UNSPECIFIED)
    try:
        if not asked.reason:
            raise InvalidInput.at("reason", "Choose the reason for a second application.", rule="R14")
        await ask_service(request, ENROLLMENT["ExplainDuplicates"], asked, clients_pb2.ExplainDuplicatesResponse)
    except DomainError as refusal:
        return await _page(request, refusal, reason)
    return redirect_to(f"/applications/{asked.record_number}")


async def _page(request: Request, refusal: DomainError | None = None, reason: str = "") -> Response:
    application = await application_reads.read_application(request)
    found = await ask_service(
        request,
        ENROLLMENT["FindDuplicates"],
        clients_pb2.FindDuplicatesRequest(record_number=application.record_number),
        clients_pb2.FindDuplicatesResponse,
    )
    context = {
        "application": application,
        "duplicates": found.duplicates,
        "matches": _MATCHES,
        "refusal": refusal,
        "errors": {one.field: one.message for one in refusal.problems} if refusal else {},
        "reason": reason or enum_word(clients_pb2.NewApplicationReason.DESCRIPTOR, found.reason),
        "reasons": list(REASON_TEXTS.items()),
        "now_open": application_reads.EDITABLE,
        "Status": application_pb2.ApplicationStatus,
    }
    status = status_of(refusal) if refusal else 200
    return await render_page(request, "application_details/duplicates.html", context, status)
