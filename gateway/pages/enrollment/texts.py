"""A text that a client reads or agrees to: a page, which a dialog of the steps shows too (R40, R74, R77, R82)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.pages.application_reads import read_application, read_legal_text
from gateway.pages.render import render_page


async def show(request: Request) -> Response:
    application = await read_application(request)
    text = await read_legal_text(
        request, request.path_params["kind"], application.state, request.query_params.get("version", "")
    )
    return await render_page(request, "enrollment/text.html", {"application": application, "text": text})
