"""The person's own sessions: listed, and ended one by one or all at once."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.edge.context import get_gateway, require_session
from gateway.edge.cookies import clear_cookie
from gateway.identity.sessions import OpenSession


async def list_sessions(request: Request) -> Response:
    session = await require_session(request)
    found = await get_gateway(request).sessions.list_open(session)
    return JSONResponse({"sessions": [_describe(one) for one in found]})


async def end_session(request: Request) -> Response:
    session = await require_session(request)
    await get_gateway(request).sessions.end_one(session, request.path_params["session_id"])
    return Response(status_code=204)


async def end_other_sessions(request: Request) -> Response:
    session = await require_session(request)
    await get_gateway(request).sessions.end_others(session)
    return Response(status_code=204)


async def end_all_sessions(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    await gateway.sessions.end_all(session.user.user_id)
    response = Response(status_code=204)
    clear_cookie(response, gateway)
    return response


def _describe(one: OpenSession) -> dict[str, Any]:
    return {
        "session_id": one.session_id,
        "transport": one.transport,
        "opened_from": one.opened_from,
        "created_at": one.created_at.isoformat(timespec="seconds"),
        "last_used_at": one.last_seen_at.isoformat(timespec="seconds"),
        "current": one.is_current,
    }
