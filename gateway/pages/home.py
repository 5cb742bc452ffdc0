"""Home with its three ways into enrollment (R4), the bell, and the person's own numbers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Unavailable
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.notifications.messages import describe_notification
from gateway.pages.render import form_of, redirect_to, render_page
from gateway.store import notifications

# Pages of the top navigation (R3) for which the suite has nothing to show yet, and what they say.
EMPTY_PAGES = {
    "/reporting": ("Reporting", "No reports are set up for your organization."),
    "/news": ("News", "There is no news at the moment."),
}


async def home(request: Request) -> Response:
    return await render_page(request, "home.html", {"has_quotes": await _has_quotes(request)})


async def _has_quotes(request: Request) -> bool | None:
    """Whether there are saved quotes; None when that cannot be told now, so that Home stays usable."""
    session = await require_session(request)
    one = quote_service_pb2.ListQuotesRequest(page=common_pb2.Page(size=1))
    try:
        found = await get_gateway(request).services.ask(
            QUOTE["ListQuotes"], one, quote_service_pb2.ListQuotesResponse, session.user.caller
        )
    except Unavailable:
        return None
    return bool(found.quotes)


async def hierarchy(request: Request) -> Response:
    await require_session(request)
    return await render_page(request, "hierarchy.html")


async def resources(request: Request) -> Response:
    await require_session(request)
    return await render_page(request, "resources.html")


async def empty(request: Request) -> Response:
    await require_session(request)
    title, message = EMPTY_PAGES[request.url.path]
    return await render_page(request, "empty.html", {"title": title, "message": message})


async def bell(request: Request) -> Response:
    session = await require_session(request)
    async with get_gateway(request).database.transaction() as connection:
        newest = await notifications.list_newest(connection, session.user.user_id)
    rows = [{"notification": one, "sentence": describe_notification(one)} for one in newest]
    return await render_page(request, "notifications.html", {"rows": rows})


async def mark_read(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    await form_of(request, session)
    async with gateway.database.transaction() as connection:
        await notifications.mark_read(connection, session.user.user_id, gateway.clock.now())
    return redirect_to("/notifications")
