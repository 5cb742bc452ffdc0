"""Agent Assisted Enrollment and its three lists (R5, R97-R99); starting an application (R23-R25)."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2, application_pb2, enrollment_service_pb2

from chassis.kernel import DomainError, NotFound
from gateway.edge.context import get_gateway, require_session
from gateway.edge.problems import status_of
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.render import form_of, read_text, redirect_to, render_page

TABS = {
    "completed": application_pb2.APPLICATION_STATUS_SUBMITTED,
    "incomplete": application_pb2.APPLICATION_STATUS_INCOMPLETE,
    "failed": application_pb2.APPLICATION_STATUS_FAILED,
}


async def lists(request: Request) -> Response:
    session = await require_session(request)
    tab = request.query_params.get("tab", "completed")
    if tab not in TABS:
        raise NotFound("This list does not exist. Choose completed, incomplete or failed.")
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["ListApplications"],
        application_overview_pb2.ListApplicationsRequest(
            status=TABS[tab], page=common_pb2.Page(token=request.query_params.get("page", ""))
        ),
        application_overview_pb2.ListApplicationsResponse,
        session.user.caller,
    )
    context = {"tab": tab, "tabs": list(TABS), "applications": answer.applications, "next": answer.next_page_token}
    return await render_page(request, "enroll.html", context | _ENUMS)


async def start_form(request: Request) -> Response:
    await require_session(request)
    return await _start_page(request, secrets.token_urlsafe(16))


async def start(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    # a delegate's suggestion reads "220002580 - FRITZ, CALVIN C - IL": the number comes first
    number = read_text(fields, "writing_number").partition(" ")[0]
    asked = enrollment_service_pb2.StartApplicationRequest(
        idempotency_key=read_text(fields, "key"), writing_number=number
    )
    try:
        answer = await get_gateway(request).services.ask(
            ENROLLMENT["StartApplication"],
            asked,
            enrollment_service_pb2.StartApplicationResponse,
            session.user.caller,
        )
    except DomainError as refusal:
        return await _start_page(request, asked.idempotency_key, refusal, number)
    return redirect_to(f"/applications/{answer.application.record_number}/resume")


async def _start_page(request: Request, key: str, refusal: DomainError | None = None, number: str = "") -> Response:
    context = {"key": key, "refusal": refusal, "number": number}
    return await render_page(request, "start.html", context, status_of(refusal) if refusal else 200)


_ENUMS = {"Step": application_pb2.Step, "Status": application_pb2.ApplicationStatus}
