"""A page that lists the API for people; the OpenAPI document is for machines."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.api.openapi import build_document
from gateway.api.route_table import PREFIX
from gateway.pages.render import render_page


async def guide(request: Request) -> Response:
    rows = [
        (method.upper(), f"{PREFIX}{path}", operation["summary"])
        for path, methods in build_document()["paths"].items()
        for method, operation in methods.items()
    ]
    return await render_page(request, "api.html", {"rows": rows})
