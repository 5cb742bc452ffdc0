"""A text that a client reads or agrees to: a page, which a dialog of the steps shows too (R40, R74, R77, R82)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.documents.v1 import texts_pb2

from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import DOCUMENTS
from gateway.pages.enrollment.saving import read_application
from gateway.pages.render import render_page


async def show(request: Request) -> Response:
    application = await read_application(request)
    session = await require_session(request)
    answer = await get_gateway(request).services.ask(
        DOCUMENTS["GetText"],
        texts_pb2.GetTextRequest(
            kind=request.path_params["kind"],
            state=application.state,
            text_version=request.query_params.get("version", ""),
        ),
        texts_pb2.GetTextResponse,
        session.user.caller,
    )
    return await render_page(request, "enrollment/text.html", {"application": application, "text": answer.text})
