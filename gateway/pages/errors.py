"""Error pages."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import DomainError


async def page(request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(detail, status, headers)


async def refused(request: Request, error: DomainError) -> Response:
    return Response(error.message, 400)
