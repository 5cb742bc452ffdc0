"""The second step of a sign-in: the code of an app, or setting the app up where the operator asks everybody for it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import InvalidInput, Problem, Unauthenticated
from gateway.edge.context import client_address, get_gateway
from gateway.edge.csrf import require_same_origin
from gateway.edge.methods import Handler
from gateway.identity.sign_in import WRONG_CODE, HalfSignIn, TooManyAttempts
from gateway.pages.account import two_step
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.render import MAX_FIELDS, read_text, redirect_to, render_page
from gateway.pages.signed_in import give_session, lead_on, own_path

PATH, SET_UP_PATH = "/sign-in/code", "/sign-in/two-step"


async def ask_code(
    request: Request,
    token: str,
    next_path: str,
    refusal: FormRefusal | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    errors = {problem.field: problem.message for problem in refusal.problems} if refusal else {}
    context = {"token": token, "next_path": next_path, "refusal": refusal, "errors": errors}
    return await render_page(request, "sign_in_code.html", context, status, headers)


async def check_code(request: Request) -> Response:
    gateway = get_gateway(request)
    fields, token, next_path = await _read_form(request)
    try:
        user_id = await gateway.sign_in.check_code(token, read_text(fields, "code"), client_address(request))
    except TooManyAttempts as wait:
        headers = {"Retry-After": str(wait.retry_after)}
        return await ask_code(request, token, next_path, FormRefusal(wait.message), 429, headers)
    except Unauthenticated as wrong:
        if wrong.code != WRONG_CODE:
            return _begin_again(next_path)
        return await ask_code(request, token, next_path, FormRefusal("", [Problem("code", wrong.message)]), 401)
    return await lead_on(request, user_id, next_path)


async def ask_set_up(request: Request, token: str, next_path: str) -> Response:
    """``token``: that of SetUpRequired."""
    return await _set_up_form(request, get_gateway(request).sign_in.open_token(token), token, next_path)


async def set_up(request: Request) -> Response:
    """The first code turns it on and signs the person in; the recovery codes are the next page."""
    gateway = get_gateway(request)
    fields, token, next_path = await _read_form(request)
    factors = gateway.sign_in.second_factors
    try:
        half = gateway.sign_in.open_token(token)
    except Unauthenticated:
        return _begin_again(next_path)
    if await factors.is_on(half.user_id):  # set up meanwhile, as in another window: its code is asked for then
        return _begin_again(next_path)
    proposed = read_text(fields, "proposal")
    try:
        codes = await factors.turn_on(half.user_id, proposed, read_text(fields, "code"))
    except InvalidInput as wrong:
        return await _set_up_form(request, half, token, next_path, proposed, wrong)
    return await give_session(request, half.user_id, await two_step.show_codes(request, codes, next_path))


async def _read_form(request: Request) -> tuple[FormData, str, str]:
    """Of somebody who has no session yet: the fields, among them who gave a password, and where they wanted to go."""
    require_same_origin(request, get_gateway(request).settings.origin)
    request.state.session = None
    fields = await request.form(max_files=0, max_fields=MAX_FIELDS)
    return fields, read_text(fields, "token"), own_path(read_text(fields, "next"))


async def _set_up_form(
    request: Request,
    half: HalfSignIn,
    token: str,
    next_path: str,
    proposed: str = "",
    wrong: InvalidInput | None = None,
) -> Response:
    proposal = get_gateway(request).sign_in.second_factors.propose_again(half.user_id, half.email, proposed)
    more = {"token": token, "next_path": next_path, "action": SET_UP_PATH}
    return await two_step.render_set_up(request, proposal, wrong, more)


def _begin_again(next_path: str) -> Response:
    return redirect_to(f"/sign-in?next={next_path}&again=1")


async def begin(_request: Request) -> Response:
    """Whoever reloads the page of a code begins with the password."""
    return redirect_to("/sign-in")


ROUTES: dict[str, dict[str, Handler]] = {
    PATH: {"GET": begin, "POST": check_code},
    SET_UP_PATH: {"GET": begin, "POST": set_up},
}
