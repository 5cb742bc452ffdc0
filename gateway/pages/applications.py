"""Agent Assisted Enrollment and its three lists (R5, R97-R99)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2, application_pb2

from chassis.kernel import NotFound
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.render import render_page

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


_ENUMS = {"Step": application_pb2.Step, "Status": application_pb2.ApplicationStatus}
