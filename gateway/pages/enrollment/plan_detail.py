"""One plan of the list with its benefits: a dialog over the step, or a page of its own without JavaScript (R63)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import NotFound
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_application
from gateway.pages.render import render_page


async def show(request: Request) -> Response:
    application = await read_application(request)
    year = application.effective_date[:4]
    if not year.isdecimal():
        raise NotFound("Plans are shown once the application has an effective date. Calculate it in step 1.")
    answer = await ask_service(
        request,
        QUOTE["GetPlan"],
        quote_service_pb2.GetPlanRequest(plan_id=request.path_params["plan_id"], plan_year=int(year)),
        quote_service_pb2.GetPlanResponse,
    )
    return await render_page(
        request, "enrollment/plan_detail.html", {"plan": answer.plan, "number": application.record_number}
    )
