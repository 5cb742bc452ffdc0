"""The API's addresses for Starlette: one entry for each path, so that 405 can name every method that is allowed."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as StarletteRoute

from gateway.api import account, deadline_feed_endpoints, delegation_endpoints, oauth_token, session_endpoints
from gateway.api.alike import AlikeRequests
from gateway.api.endpoint import answer_request
from gateway.api.openapi import build_document
from gateway.api.route_table import PREFIX, ROUTES
from gateway.api.scopes import OWN_SCOPES, WITHOUT_SIGN_IN, require_scope, scope_of
from gateway.edge.methods import Handler, dispatch_by_method
from gateway.edge.problems import HttpProblem


async def get_openapi(_request: Request) -> Response:
    return JSONResponse(build_document())


OWN: dict[str, dict[str, Handler]] = {
    "/sessions": {
        "GET": session_endpoints.list_sessions,
        "POST": account.create_session,
        "DELETE": session_endpoints.end_all_sessions,
    },
    "/sessions/current": {"DELETE": account.end_session},
    "/sessions/others": {"DELETE": session_endpoints.end_other_sessions},
    "/sessions/{session_id}": {"DELETE": session_endpoints.end_session},
    "/oauth/token": {"POST": oauth_token.create_token},
    "/me": {"GET": account.get_me},
    "/producers": {"GET": account.list_producers},
    "/notifications": {"GET": account.list_notifications},
    "/notifications/read": {"POST": account.read_notifications},
    "/deadline-feeds": {"GET": deadline_feed_endpoints.list_feeds, "POST": deadline_feed_endpoints.create_feed},
    "/deadline-feeds/{secret}.ics": {"GET": deadline_feed_endpoints.show_calendar},
    "/deadline-feeds/{feed_id}": {"DELETE": deadline_feed_endpoints.revoke_feed},
    "/delegations": {"GET": delegation_endpoints.list_delegations, "PUT": delegation_endpoints.grant},
    "/delegations/{delegate_id}/{writing_number}": {"DELETE": delegation_endpoints.revoke},
    "/delegation-changes": {"GET": delegation_endpoints.list_changes},
    "/openapi.json": {"GET": get_openapi},
}


# Query parameters of the API's own addresses; every other one is refused, as those of the services are.
_PARAMETERS = {"/producers": frozenset({"q", "state", "action"})}


def _strictly(path: str, handler: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        if set(request.query_params) - _PARAMETERS.get(path, frozenset()):
            raise HttpProblem(422, "unknown_parameter", "This address does not accept this query parameter.")
        return await handler(request)

    return handle


def _scoped(verb: str, path: str, handler: Handler) -> Handler:
    known = (verb, path)
    return handler if known in WITHOUT_SIGN_IN else require_scope(OWN_SCOPES.get(known), handler)


def build_routes() -> list[StarletteRoute]:
    table: dict[str, dict[str, Handler]] = {
        path: {verb: _strictly(path, _scoped(verb, path, handler)) for verb, handler in methods.items()}
        for path, methods in OWN.items()
    }
    for route in ROUTES:
        handler = AlikeRequests(route) if route.asked_alike else partial(answer_request, route)
        table.setdefault(route.path, {})[route.verb] = (
            handler if route.public else require_scope(scope_of(route), handler)
        )
    return [
        StarletteRoute(f"{PREFIX}{path}", dispatch_by_method(methods), methods=list(methods))
        for path, methods in table.items()
    ]
