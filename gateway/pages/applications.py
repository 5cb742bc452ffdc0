"""Agent Assisted Enrollment and its three lists (R5, R97-R99); starting an application (R23-R25); details (R94)."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import (
    application_overview_pb2,
    application_pb2,
    cancellation_pb2,
    enrollment_service_pb2,
    records_pb2,
)
from suite.payment.v1 import payment_service_pb2

from chassis.kernel import DomainError, NotFound, Unavailable
from gateway.edge.context import get_gateway, require_session
from gateway.edge.file_response import file_response
from gateway.edge.problems import status_of
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, SEARCH_DEADLINE_SECONDS
from gateway.pages.render import form_of, read_text, redirect_to, render_page

TABS = {
    "completed": application_pb2.APPLICATION_STATUS_SUBMITTED,
    "incomplete": application_pb2.APPLICATION_STATUS_INCOMPLETE,
    "failed": application_pb2.APPLICATION_STATUS_FAILED,
}
# Seconds after which the page of an application that is being submitted asks again.
REFRESH_SECONDS = "3"


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
    return redirect_to(f"/applications/{answer.application.record_number}")


async def details(request: Request) -> Response:
    application = await _application(request)
    missing, timeline = await asyncio.gather(_missing(request, application), _timeline(request))
    submitting = application.status == application_pb2.APPLICATION_STATUS_SUBMITTING
    context = {"application": application, "missing": missing, "timeline": timeline, "submitting": submitting}
    headers = {"Refresh": REFRESH_SECONDS} if submitting else None
    return await render_page(request, "application.html", context | _ENUMS, headers=headers)


async def pdf(request: Request) -> Response:
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        DOCUMENTS["GetApplicationPdf"],
        documents_service_pb2.GetApplicationPdfRequest(record_number=request.path_params["record_number"]),
        documents_service_pb2.GetApplicationPdfResponse,
        session.user.caller,
        SEARCH_DEADLINE_SECONDS,
    )
    return file_response(answer)


async def pay(request: Request) -> Response:
    """To the hosted payment page by a one-time link; only ever to the origin that our own settings name (R86)."""
    session, gateway = await require_session(request), get_gateway(request)
    record_number = request.path_params["record_number"]
    await gateway.services.ask(
        ENROLLMENT["ConfirmPayable"],
        cancellation_pb2.ConfirmPayableRequest(record_number=record_number),
        cancellation_pb2.ConfirmPayableResponse,
        session.user.caller,
    )
    answer = await gateway.services.ask(
        PAYMENT["CreatePaymentLink"],
        payment_service_pb2.CreatePaymentLinkRequest(record_number=record_number),
        payment_service_pb2.CreatePaymentLinkResponse,
        session.user.caller,
    )
    origin = gateway.settings.payment_page_url.rstrip("/")
    if not origin or not answer.url.startswith(f"{origin}/"):
        raise Unavailable("The payment page is not available at the moment. Please try again later.")
    return RedirectResponse(answer.url, 303)


async def _application(request: Request) -> application_pb2.Application:
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["GetApplication"],
        enrollment_service_pb2.GetApplicationRequest(record_number=request.path_params["record_number"]),
        enrollment_service_pb2.GetApplicationResponse,
        session.user.caller,
    )
    return answer.application


async def _missing(request: Request, application: application_pb2.Application) -> list[Any]:
    """What submission would refuse, for an application that can still be changed; grouped by step."""
    if application.status not in (TABS["incomplete"], TABS["failed"]):
        return []
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["GetReadiness"],
        enrollment_service_pb2.GetReadinessRequest(record_number=application.record_number),
        enrollment_service_pb2.GetReadinessResponse,
        session.user.caller,
        SEARCH_DEADLINE_SECONDS,
    )
    steps = sorted({shortcoming.step for shortcoming in answer.missing})
    return [(step, [one for one in answer.missing if one.step == step]) for step in steps]


async def _timeline(request: Request) -> list[records_pb2.TimelineEntry]:
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        ENROLLMENT["GetTimeline"],
        enrollment_service_pb2.GetTimelineRequest(record_number=request.path_params["record_number"]),
        enrollment_service_pb2.GetTimelineResponse,
        session.user.caller,
    )
    return list(answer.entries)


async def _start_page(request: Request, key: str, refusal: DomainError | None = None, number: str = "") -> Response:
    context = {"key": key, "refusal": refusal, "number": number}
    return await render_page(request, "start.html", context, status_of(refusal) if refusal else 200)


_ENUMS = {"Step": application_pb2.Step, "Status": application_pb2.ApplicationStatus}
