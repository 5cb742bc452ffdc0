"""Application Details (R94), its PDF (R95), and the texts that were agreed to."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2

from chassis.kernel import DomainError, NotFound
from gateway.edge.context import require_session
from gateway.edge.file_response import file_response
from gateway.pages import application_reads
from gateway.pages.application_details.client_reviews import build_panel, list_reviews
from gateway.pages.application_details.overview import read_overview
from gateway.pages.application_fields.steps import SLUGS, TITLES
from gateway.pages.enrollment.typed_answers import list_typed
from gateway.pages.render import render_page

_ENUMS = {"Status": application_pb2.ApplicationStatus}
# By the part of an address that names the step.
_STEP_TITLES = {slug: TITLES[step] for step, slug in SLUGS.items()}

# What the documents service says of a PDF that is being made, and when the page asks again.
_NOT_READY, _PDF_SECONDS = "not_ready", 2


async def details(request: Request) -> Response:
    await require_session(request)  # once, and not by each of those who ask at the same time
    overview, reviews = await asyncio.gather(read_overview(request), list_reviews(request))
    unsaved = request.query_params.get("unsaved", "")
    expired = overview.application.status == application_pb2.APPLICATION_STATUS_EXPIRED
    context = {
        "overview": overview,
        "now_open": application_reads.EDITABLE,
        "client_reviews": build_panel(overview.application, reviews),
        "unsaved": _STEP_TITLES.get(unsaved.partition("/")[0], ""),
        "typed": await list_typed(request, overview.application, unsaved) if expired else [],
    }
    return await render_page(request, "application_details/details.html", context | _ENUMS)


async def pdf(request: Request) -> Response:
    """The PDF; for somebody who asks in the seconds after Submit, a page that asks again by itself."""
    try:
        return file_response(await application_reads.read_pdf(request))
    except DomainError as refusal:
        application = await application_reads.read_application(request)
        soon = refusal.code == _NOT_READY or isinstance(refusal, NotFound)
        if application.status != application_pb2.APPLICATION_STATUS_SUBMITTED or not soon:
            raise
    context = {"number": application.record_number}
    headers = {"Refresh": str(_PDF_SECONDS)}
    return await render_page(request, "application_details/pdf_soon.html", context, headers=headers)


async def text(request: Request) -> Response:
    """A text in the version that was agreed to, for this application's state."""
    await require_session(request)
    application = await application_reads.read_application(request)
    found = await application_reads.read_legal_text(
        request, request.path_params["kind"], application.state, request.path_params["version"]
    )
    return await render_page(request, "application_details/text.html", {"application": application, "text": found})
