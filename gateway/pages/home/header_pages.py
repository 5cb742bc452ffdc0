"""Pages of the top navigation beside the work itself (R3): the bell, the person's own numbers, resources, news."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.context import get_gateway, require_session
from gateway.notifications.messages import describe_notification
from gateway.pages.render import form_of, redirect_to, render_page
from gateway.store import notifications

# Pages for which the suite has nothing to show yet, and what they say.
EMPTY_PAGES = {
    "/reporting": ("Reporting", "No reports are set up for your organization."),
    "/news": ("News", "There is no news at the moment."),
}


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
