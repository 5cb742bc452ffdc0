"""Signing in and out."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import Problem, Unauthenticated
from gateway.edge.context import client_address, find_session, get_gateway
from gateway.edge.cookies import clear_cookie
from gateway.edge.csrf import require_same_origin
from gateway.identity.sign_in import CodeRequired, SetUpRequired, TooManyAttempts
from gateway.pages import organization_sign_in
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.render import MAX_FIELDS, form_of, read_text, redirect_to, render_page
from gateway.pages.sign_in_code import ask_code, ask_set_up
from gateway.pages.signed_in import lead_on, own_path


async def sign_in_form(request: Request) -> Response:
    if await find_session(request):
        return redirect_to("/")
    next_path, refused = (request.query_params.get(name, "") for name in ("next", "refused"))
    told = organization_sign_in.tell(get_gateway(request), refused)
    return await _form(request, own_path(next_path or "/"), FormRefusal(told) if told else None)


async def sign_in(request: Request) -> Response:
    gateway = get_gateway(request)
    require_same_origin(request, gateway.settings.origin)
    if old := await find_session(request):
        await gateway.sessions.end(old)  # a new sign-in never goes on with an older session
    fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    next_path = own_path(read_text(fields, "next"))
    sent, email = fields.get("password"), read_text(fields, "email")
    password = sent if isinstance(sent, str) else ""
    request.state.session = None
    if missing := _find_missing(email, password):
        return await _form(request, next_path, FormRefusal("", missing), email, 422)
    try:
        user_id = await gateway.sign_in.check(email, password, client_address(request))
    except TooManyAttempts as refusal:
        wait = {"Retry-After": str(refusal.retry_after)}
        return await _form(request, next_path, FormRefusal(refusal.message), email, 429, wait)
    except CodeRequired as half:
        return await ask_code(request, half.token, next_path)
    except SetUpRequired as half:
        return await ask_set_up(request, half.token, next_path)
    except Unauthenticated as refusal:
        # which of the two is wrong is not told: the message stands at the first and is read out with both
        refused = FormRefusal("", [Problem("email", refusal.message)])
        return await _form(request, next_path, refused, email, 401)
    return await lead_on(request, user_id, next_path)


async def sign_out(request: Request) -> Response:
    session, gateway = await find_session(request), get_gateway(request)
    if session:  # else it had ended already: there is nothing to keep or to send again
        await form_of(request, session)
        await gateway.sessions.end(session)
    response = redirect_to("/sign-in?signed_out=1")
    clear_cookie(response, gateway)
    return response


def _find_missing(email: str, password: str) -> list[Problem]:
    asked = (("email", email, "Enter your email address."), ("password", password, "Enter your password."))
    return [Problem(name, advice) for name, typed, advice in asked if not typed]


async def _form(
    request: Request,
    next_path: str,
    refusal: FormRefusal | None = None,
    email: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    context = {
        "next_path": next_path,
        "refusal": refusal,
        "errors": {problem.field: problem.message for problem in refusal.problems} if refusal else {},
        "pair_is_wrong": status == 401,
        "email": email,
        "signed_out": "signed_out" in request.query_params,
        "kept": "kept" in request.query_params,
        "again": "again" in request.query_params,
        "password_set": "password_set" in request.query_params,
        "organization_path": organization_sign_in.PATH,
        "demo": get_gateway(request).settings.suite_env == "local",
    }
    return await render_page(request, "sign_in.html", context, status, headers)
