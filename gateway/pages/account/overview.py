"""Your account: who is signed in, and where; sessions can be ended here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.context import get_gateway, require_session
from gateway.edge.cookies import clear_cookie
from gateway.edge.methods import Handler
from gateway.pages.render import form_of, read_text, redirect_to, render_page

PATH = "/account"
# What the page says after something was done; nothing else that an address says is shown.
_DONE = {
    "signed-out": "The session ended.",
    "signed-out-elsewhere": "You are signed out everywhere else.",
    "two-step-off": "Two-step sign-in is off.",
    "password": "Your password is changed. You are signed out everywhere else.",
}


async def show(request: Request) -> Response:
    session, sessions = await require_session(request), get_gateway(request).sessions
    context = {
        "sessions": await sessions.list_open(session),
        "limits": sessions.limits,
        "two_step": await get_gateway(request).sign_in.second_factors.is_on(session.user.user_id),
        "done": _DONE.get(request.query_params.get("done", ""), ""),
    }
    return await render_page(request, "account/account.html", context)


async def end_session(request: Request) -> Response:
    session = await require_session(request)
    fields = await form_of(request, session)
    await get_gateway(request).sessions.end_one(session, read_text(fields, "session_id"))
    return redirect_to(f"{PATH}?done=signed-out")


async def sign_out_elsewhere(request: Request) -> Response:
    """Every other session of the person ends; this one goes on."""
    session = await require_session(request)
    await form_of(request, session)
    await get_gateway(request).sessions.end_others(session)
    return redirect_to(f"{PATH}?done=signed-out-elsewhere")


async def sign_out_everywhere(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    await form_of(request, session)
    await gateway.sessions.end_all(session.user.user_id)
    response = redirect_to("/sign-in?signed_out=1")
    clear_cookie(response, gateway)
    return response


ROUTES: dict[str, dict[str, Handler]] = {
    PATH: {"GET": show},
    f"{PATH}/ended-sessions": {"POST": end_session},
    f"{PATH}/sign-out-elsewhere": {"POST": sign_out_elsewhere},
    f"{PATH}/sign-out-everywhere": {"POST": sign_out_everywhere},
}
