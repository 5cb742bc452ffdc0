"""What follows a sign-in, however it was done: a session in a cookie, and the page that the person wanted."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from gateway.edge.context import browser_of, get_gateway
from gateway.edge.cookies import set_cookie
from gateway.identity.sessions import SessionTransport
from gateway.pages import kept_form
from gateway.pages.kept_form import find_kept_form
from gateway.pages.render import redirect_to

# A path of ours and nothing else: no host, no scheme, no "//elsewhere".
_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9._/-]*)?", re.ASCII)


def own_path(path: str) -> str:
    """Home for whatever is no address of ours."""
    return path if _OWN_PATH.fullmatch(path) and "//" not in path else "/"


async def lead_on(request: Request, user_id: str, next_path: str) -> Response:
    """To what was typed before the session ended, if there is anything, else to ``next_path``."""
    gateway = get_gateway(request)
    secret, _ = await gateway.sessions.open(user_id, SessionTransport.COOKIE, browser_of(request))
    session = await gateway.sessions.recognize(secret, SessionTransport.COOKIE)
    kept = session and await find_kept_form(request, session.user)
    response = redirect_to(kept_form.PATH if kept else next_path)
    set_cookie(response, gateway, secret)
    return response


async def give_session(request: Request, user_id: str, response: Response) -> Response:
    """The same answer with the cookie of a new session."""
    gateway = get_gateway(request)
    secret, _ = await gateway.sessions.open(user_id, SessionTransport.COOKIE, browser_of(request))
    set_cookie(response, gateway, secret)
    return response
