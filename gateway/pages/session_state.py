"""How long the session lasts, and signing in again over a page whose session ended (session.js)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.kernel import Unauthenticated
from gateway.edge.context import browser_of, client_address, find_session, get_gateway
from gateway.edge.cookies import set_cookie
from gateway.edge.csrf import require_same_origin
from gateway.identity.sessions import SessionTransport
from gateway.identity.sign_in import WRONG_CODE, CodeRequired, SetUpRequired, TooManyAttempts
from gateway.pages.render import read_text

# Refusals that are not about the password.
_ABOUT_CODES = frozenset({WRONG_CODE, SetUpRequired.code})


async def keep_alive(request: Request) -> Response:
    """Asked while somebody types; asking is what keeps the session."""
    session, gateway = await find_session(request), get_gateway(request)
    if session is None:
        return JSONResponse({"message": "Your session ended."}, 401)
    return JSONResponse({"seconds_left": gateway.sessions.seconds_left(session)})


async def sign_in_again(request: Request) -> Response:
    """A new session for the person of the page, and the token that the page's forms need from now on."""
    gateway = get_gateway(request)
    require_same_origin(request, gateway.settings.origin)
    fields = await request.form(max_files=0, max_fields=3)
    password = fields.get("password")
    try:
        user_id = await gateway.sign_in.check(
            read_text(fields, "email"),
            password if isinstance(password, str) else "",
            client_address(request),
            read_text(fields, "code"),
        )
    except TooManyAttempts as refusal:
        return JSONResponse({"message": refusal.message}, 429, {"Retry-After": str(refusal.retry_after)})
    except CodeRequired as half:
        return JSONResponse({"message": half.message, "code_required": True}, 401)
    except Unauthenticated as wrong:
        return JSONResponse({"message": wrong.message}, 401) if wrong.code in _ABOUT_CODES else _refuse_password()
    secret, _ = await gateway.sessions.open(user_id, SessionTransport.COOKIE, browser_of(request))
    session = await gateway.sessions.recognize(secret, SessionTransport.COOKIE)
    if session is None:  # locked out in this very moment
        return _refuse_password()
    answer = {"csrf": session.form_token, "seconds_left": gateway.sessions.seconds_left(session)}
    response = JSONResponse(answer)
    set_cookie(response, gateway, secret)
    return response


def _refuse_password() -> JSONResponse:
    """The page asks for nothing else: the email address is that of its person."""
    return JSONResponse({"message": "The password is incorrect. Try again."}, 401)
