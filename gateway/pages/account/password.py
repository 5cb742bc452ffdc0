"""A new password: by whoever knows the old one, or by a one-time link of an operator.

What is typed here is kept nowhere: a form that is refused comes back empty.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import InvalidInput, Problem
from gateway.edge.context import browser_of, client_address, get_gateway
from gateway.edge.cookies import set_cookie
from gateway.edge.csrf import require_same_origin
from gateway.edge.methods import Handler
from gateway.edge.middleware import UNLISTED
from gateway.identity.password_changes import LinkClosed
from gateway.identity.password_rules import SHORTEST
from gateway.identity.sessions import SessionTransport
from gateway.identity.sign_in import TooManyAttempts
from gateway.pages.account.password_session import require_password_session
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.render import MAX_FIELDS, form_of, redirect_to, render_page

PATH, LINK_PATH = "/account/password", "/set-password/{token}"


async def show(request: Request) -> Response:
    await require_password_session(request)
    return await _form(request)


async def change(request: Request) -> Response:
    """All sessions end, this one too; the person goes on in a new one."""
    session, gateway = await require_password_session(request), get_gateway(request)
    fields = await form_of(request, session)
    new = _read(fields, "new_password")
    try:
        _refuse_missing(fields, "old_password")
        await gateway.password_changes.change(session, _read(fields, "old_password"), new, client_address(request))
    except InvalidInput as wrong:
        return await _form(request, FormRefusal(wrong.message, wrong.problems), 422)
    except TooManyAttempts as wait:
        return await _form(request, FormRefusal(wait.message), 429, {"Retry-After": str(wait.retry_after)})
    secret, _ = await gateway.sessions.open(session.user.user_id, SessionTransport.COOKIE, browser_of(request))
    response = redirect_to("/account?done=password")
    set_cookie(response, gateway, secret)
    return response


async def show_link(request: Request) -> Response:
    return await _link_form(request)


async def set_by_link(request: Request) -> Response:
    gateway = get_gateway(request)
    require_same_origin(request, gateway.settings.origin)
    fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    try:
        _refuse_missing(fields)
        await gateway.password_changes.set_by_link(request.path_params["token"], _read(fields, "new_password"))
    except InvalidInput as wrong:
        return await _link_form(request, FormRefusal(wrong.message, wrong.problems), 422)
    except LinkClosed as closed:
        return await _closed(request, closed)
    return redirect_to("/sign-in?password_set=1")


def _refuse_missing(fields: FormData, *others: str) -> None:
    advice = {"old_password": "Enter your password.", "new_password": "Enter a new password."}
    problems = [Problem(name, advice[name]) for name in (*others, "new_password") if not _read(fields, name)]
    if not problems and _read(fields, "new_password") != _read(fields, "again"):
        problems.append(Problem("again", "Enter the new password once more, exactly as above."))
    if problems:
        raise InvalidInput("", problems=tuple(problems))


def _read(fields: FormData, name: str) -> str:
    """As it was typed: blanks belong to a password."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


async def _form(
    request: Request,
    refusal: FormRefusal | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    return await render_page(request, "account/password.html", _context(refusal), status, headers)


async def _link_form(request: Request, refusal: FormRefusal | None = None, status: int = 200) -> Response:
    request.state.session = None  # the same page whoever is signed in: the link says whose password it is
    try:
        owner = await get_gateway(request).password_changes.find_owner(request.path_params["token"])
    except LinkClosed as closed:
        return await _closed(request, closed)
    context = {**_context(refusal), "email": owner.email, "action": request.url.path}
    return await render_page(request, "account/set_password.html", context, status, UNLISTED)


async def _closed(request: Request, closed: LinkClosed) -> Response:
    request.state.session = None
    context = {"title": "This link does not work", "detail": closed.message, "trace_id": "", "status": 404}
    return await render_page(request, "error.html", {**context, "back": None}, 404, UNLISTED)


def _context(refusal: FormRefusal | None) -> dict[str, Any]:
    errors = {problem.field: problem.message for problem in refusal.problems} if refusal else {}
    return {"refusal": refusal, "errors": errors, "shortest": SHORTEST}


ROUTES: dict[str, dict[str, Handler]] = {
    PATH: {"GET": show, "POST": change},
    LINK_PATH: {"GET": show_link, "POST": set_by_link},
}
