"""Home with its three ways into enrollment (R4), the bell, and the person's own numbers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Unavailable
from gateway.api.routing.rpcs import QUOTE
from gateway.gateway import gateway_of, signed_in
from gateway.notices import sentence
from gateway.pages.render import form_of, go, render
from gateway.store import notifications

# Pages of the top navigation (R3) for which the suite has nothing to show yet, and what they say.
EMPTY_PAGES = {
    "/reporting": ("Reporting", "No reports are set up for your organization."),
    "/news": ("News", "There is no news at the moment."),
}


async def home(request: Request) -> Response:
    return await render(request, "home.html", {"has_quotes": await _has_quotes(request)})


async def _has_quotes(request: Request) -> bool | None:
    """Whether there are saved quotes; None when that cannot be told now, so that Home stays usable."""
    session = await signed_in(request)
    one = quote_service_pb2.ListQuotesRequest(page=common_pb2.Page(size=1))
    try:
        found = await gateway_of(request).suite.ask(
            QUOTE["ListQuotes"], one, quote_service_pb2.ListQuotesResponse, session.person.caller
        )
    except Unavailable:
        return None
    return bool(found.quotes)


async def hierarchy(request: Request) -> Response:
    await signed_in(request)
    return await render(request, "hierarchy.html")


async def resources(request: Request) -> Response:
    await signed_in(request)
    return await render(request, "resources.html")


async def empty(request: Request) -> Response:
    await signed_in(request)
    title, message = EMPTY_PAGES[request.url.path]
    return await render(request, "empty.html", {"title": title, "message": message})


async def bell(request: Request) -> Response:
    session = await signed_in(request)
    async with gateway_of(request).database.transaction() as connection:
        newest = await notifications.newest(connection, session.person.user_id)
    rows = [{"notification": one, "sentence": sentence(one)} for one in newest]
    return await render(request, "notifications.html", {"rows": rows})


async def mark_read(request: Request) -> Response:
    session, gateway = await signed_in(request), gateway_of(request)
    await form_of(request, session)
    async with gateway.database.transaction() as connection:
        await notifications.mark_read(connection, session.person.user_id, gateway.clock.now())
    return go("/notifications")
