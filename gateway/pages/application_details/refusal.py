"""What an application does not allow: a page with the reason, in the words of the service that refuses it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2

from gateway.pages.render import render_page


async def explain_refusal(
    request: Request,
    application: application_pb2.Application,
    heading: str,
    why: str,
    here: str,
    status: int = 200,
    *,
    instead: tuple[str, str] | None = None,
) -> Response:
    """``here``: the page's name in the breadcrumb. ``instead``: address and name of what can be done."""
    context = {"application": application, "heading": heading, "why": why, "here": here, "instead": instead}
    return await render_page(request, "application_details/refusal.html", context, status)
