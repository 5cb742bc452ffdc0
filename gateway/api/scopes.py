"""Which scope an API client needs for each operation of the API. What is not listed is for people alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from chassis.access import access_rule
from gateway.api.routing.route import Route
from gateway.edge.context import find_session
from gateway.edge.problems import build_problem
from gateway.user import ApiScope

Handler = Callable[[Request], Awaitable[Response]]

# Of the API's own addresses, method by method: what is about one's own account, sessions, delegates, notifications and
# calendars is for people.
OWN_SCOPES = {("GET", "/me"): ApiScope.READ, ("GET", "/producers"): ApiScope.READ}
FOR_PEOPLE = frozenset(
    {
        ("GET", "/sessions"),
        ("DELETE", "/sessions"),
        ("DELETE", "/sessions/current"),
        ("DELETE", "/sessions/others"),
        ("DELETE", "/sessions/{session_id}"),
        ("GET", "/notifications"),
        ("POST", "/notifications/read"),
        ("GET", "/deadline-feeds"),
        ("POST", "/deadline-feeds"),
        ("DELETE", "/deadline-feeds/{feed_id}"),
        ("GET", "/delegations"),
        ("PUT", "/delegations"),
        ("DELETE", "/delegations/{delegate_id}/{writing_number}"),
        ("GET", "/delegation-changes"),
    }
)
# A secret in the address or in a header of its own, or nothing that needs one.
WITHOUT_SIGN_IN = frozenset(
    {
        ("POST", "/sessions"),
        ("POST", "/oauth/token"),
        ("GET", "/deadline-feeds/{secret}.ics"),
        ("GET", "/openapi.json"),
    }
)


def scope_of(route: Route) -> ApiScope | None:
    """None for a route that is open to everybody. Files hold whole applications: they have a scope of their own."""
    if route.public:
        return None
    if route.rpc.containing_service.name == "DocumentsService" or route.produces or route.consumes:
        return ApiScope.DOCUMENTS
    action = access_rule(route.rpc).action
    return ApiScope(action.value) if action else ApiScope.READ


def require_scope(scope: ApiScope | None, handler: Handler) -> Handler:
    """The handler for people, and for API clients that have the scope; None: for people alone."""

    async def handle(request: Request) -> Response:
        session = await find_session(request)
        if session is None or session.scopes is None or scope in session.scopes:
            return await handler(request)
        needed = f"This operation needs the scope {scope}." if scope else "This operation is not for API clients."
        refused = build_problem(403, "insufficient_scope", needed)
        refused.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
        return refused

    return handle
