"""Signing in and out."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import Unauthenticated
from gateway.edge.context import client_address, find_session, get_gateway
from gateway.edge.cookies import clear_cookie, set_cookie
from gateway.edge.csrf import require_same_origin
from gateway.identity.sessions import SessionTransport
from gateway.identity.sign_in import TooManyAttempts
from gateway.pages import kept_form
from gateway.pages.kept_form import find_kept_form
from gateway.pages.render import MAX_FIELDS, form_of, read_text, redirect_to, render_page

# A path of ours and nothing else: no host, no scheme, no "//elsewhere".
_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9._/-]*)?", re.ASCII)


async def sign_in_form(request: Request) -> Response:
    if await find_session(request):
        return redirect_to("/")
    return await _form(request, next_path=_own(request.query_params.get("next", "/")))


async def sign_in(request: Request) -> Response:
    gateway = get_gateway(request)
    require_same_origin(request, gateway.settings.origin)
    if old := await find_session(request):
        await gateway.sessions.end(old.secret)  # a new sign-in never goes on with an older session
    fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    next_path = _own(read_text(fields, "next"))
    password = fields.get("password")
    try:
        user_id = await gateway.sign_in.check(
            read_text(fields, "email"), password if isinstance(password, str) else "", client_address(request)
        )
    except (Unauthenticated, TooManyAttempts) as refusal:
        request.state.session = None
        status = 429 if isinstance(refusal, TooManyAttempts) else 401
        return await _form(request, next_path, refusal.message, read_text(fields, "email"), status)
    secret, _ = await gateway.sessions.open(user_id, SessionTransport.COOKIE)
    session = await gateway.sessions.recognize(secret, SessionTransport.COOKIE)
    kept = session and await find_kept_form(request, session.user)
    response = redirect_to(kept_form.PATH if kept else next_path)
    set_cookie(response, gateway, secret)
    return response


async def sign_out(request: Request) -> Response:
    session, gateway = await find_session(request), get_gateway(request)
    if session is None:  # it had ended already: there is nothing to keep or to send again
        return redirect_to("/sign-in?signed_out=1")
    await form_of(request, session)
    await gateway.sessions.end(session.secret)
    response = redirect_to("/sign-in?signed_out=1")
    clear_cookie(response, gateway)
    return response


async def _form(request: Request, next_path: str, refusal: str = "", email: str = "", status: int = 200) -> Response:
    context = {
        "next_path": next_path,
        "refusal": refusal,
        "email": email,
        "signed_out": "signed_out" in request.query_params,
        "kept": "kept" in request.query_params,
        "demo": get_gateway(request).settings.suite_env == "local",
    }
    return await render_page(request, "sign_in.html", context, status)


def _own(path: str) -> str:
    return path if _OWN_PATH.fullmatch(path) and "//" not in path else "/"
