"""While an application is being submitted, and when that failed (R94, R100, R101)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Unavailable
from gateway.edge.context import find_session
from gateway.pages.application_details.form_fields import Issue, issue_of
from gateway.pages.application_fields.links import link_to_continue
from gateway.pages.application_reads import read_application
from gateway.pages.render import redirect_to, render_page

_FAILED = application_pb2.APPLICATION_STATUS_FAILED
_SUBMITTING = application_pb2.APPLICATION_STATUS_SUBMITTING


async def submission_status(request: Request) -> Response:
    """What an open page asks every second: nothing while it runs, then where its outcome is shown."""
    where = f"/applications/{request.path_params['record_number']}"
    if await find_session(request) is None:
        return _go(f"/sign-in?next={where}")
    try:
        application = await read_application(request)
    except Unavailable:
        return Response(status_code=204)
    if application.status == _SUBMITTING:
        return Response(status_code=204)
    return _go(f"{where}/submission-failed" if application.status == _FAILED else where)


async def submission_failed(request: Request) -> Response:
    """Submission Failed: Return to Application, or Proceed to Failed Applications (R100)."""
    application = await read_application(request)
    if application.status != _FAILED:
        return redirect_to(f"/applications/{application.record_number}")
    context = {
        "application": application,
        "failures": failures_of(application),
        "fixable": application.failure_class != application_pb2.FAILURE_CLASS_OURS,
        "return_href": link_to_continue(application),
    }
    return await render_page(request, "application_details/submission_failed.html", context)


def failures_of(application: application_pb2.Application) -> list[Issue]:
    return [issue_of(application, one) for one in application.failures]


def _go(where: str) -> Response:
    """htmx opens it in the page's place."""
    return Response(status_code=200, headers={"HX-Redirect": where})
