"""The bell's notifications: whose application, what happened, when (R3)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_overview_pb2 as overview

from chassis.kernel import Unavailable
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.notifications.messages import describe_notification, link_to_subject
from gateway.pages.render import form_of, redirect_to, render_page
from gateway.store import notifications
from gateway.store.notifications import Notification


async def bell(request: Request) -> Response:
    session = await require_session(request)
    async with get_gateway(request).database.transaction() as connection:
        newest = await notifications.list_newest(connection, session.user.user_id)
    names = await _names(request, newest)
    rows = [
        {
            "notification": one,
            "sentence": describe_notification(one),
            "address": link_to_subject(one),
            "client": names.get(one.record_number, "") if one.applications == 1 else "",
        }
        for one in newest
    ]
    return await render_page(request, "notifications.html", {"rows": rows})


async def mark_read(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    await form_of(request, session)
    async with gateway.database.transaction() as connection:
        await notifications.mark_read(connection, session.user.user_id, gateway.clock.now())
    return redirect_to("/notifications")


async def _names(request: Request, newest: Sequence[Notification]) -> dict[str, str]:
    """Of the clients, by record number: the gateway keeps none itself. Without enrollment the rows do without."""
    numbers = sorted({one.record_number for one in newest})
    if not numbers:
        return {}
    asked = overview.ListApplicantsRequest(record_numbers=numbers)
    try:
        answer = await ask_service(request, ENROLLMENT["ListApplicants"], asked, overview.ListApplicantsResponse)
    except Unavailable:
        return {}
    return {one.record_number: one.applicant_name for one in answer.applicants}
