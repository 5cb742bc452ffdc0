"""Two-step sign-in: turned on with an authenticator app, off with password and code; recovery codes, shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import DomainError, InvalidInput, Problem, Unauthenticated
from gateway.edge.context import client_address, get_gateway
from gateway.edge.methods import Handler
from gateway.identity.second_factor import Proposal
from gateway.identity.sessions import Session
from gateway.identity.sign_in import WRONG_CODE, TooManyAttempts
from gateway.pages.account.password_session import require_password_session
from gateway.pages.forms.form_refusal import FormRefusal
from gateway.pages.render import form_of, read_text, redirect_to, render_page

PATH = "/account/two-step"


async def show(request: Request) -> Response:
    session, factors = await require_password_session(request), get_gateway(request).sign_in.second_factors
    if await factors.is_on(session.user.user_id):
        return await _show_status(request, session)
    return await render_set_up(request, factors.propose(session.user.user_id, session.user.email))


async def turn_on(request: Request) -> Response:
    """The password is asked for: whoever finds an open page could lock its owner out with a phone of their own."""
    session, sign_in = await require_password_session(request), get_gateway(request).sign_in
    fields = await form_of(request, session)
    user, proposed, factors = session.user, read_text(fields, "proposal"), sign_in.second_factors
    if await factors.is_on(user.user_id):
        return redirect_to(PATH)
    try:
        await sign_in.confirm(user.email, _read_password(fields), client_address(request))
        codes = await factors.turn_on(user.user_id, proposed, read_text(fields, "code"))
    except (InvalidInput, Unauthenticated, TooManyAttempts) as refused:
        return await render_set_up(request, factors.propose_again(user.user_id, user.email, proposed), refused)
    return await show_codes(request, codes, "/account")


async def renew_codes(request: Request) -> Response:
    session, gateway = await require_password_session(request), get_gateway(request)
    fields = await form_of(request, session)
    user = session.user
    try:
        code = read_text(fields, "code")
        await gateway.sign_in.confirm_code(user.user_id, user.email, code, client_address(request))
    except (Unauthenticated, TooManyAttempts) as refused:
        return await _show_status(request, session, refused, "code")
    return await show_codes(request, await gateway.sign_in.second_factors.renew_codes(user.user_id), "/account")


async def turn_off(request: Request) -> Response:
    """Both are asked for: whoever finds an open page cannot, and neither can whoever has the phone alone."""
    session, gateway = await require_password_session(request), get_gateway(request)
    fields = await form_of(request, session)
    user, address = session.user, client_address(request)
    try:
        await gateway.sign_in.confirm(user.email, _read_password(fields), address, read_text(fields, "off_code"))
    except (Unauthenticated, TooManyAttempts) as refused:
        return await _show_status(request, session, refused, "off_code" if refused.code == WRONG_CODE else "password")
    await gateway.sign_in.second_factors.turn_off(user.user_id)
    return redirect_to("/account?done=two-step-off")


async def render_set_up(
    request: Request,
    proposal: Proposal,
    refused: DomainError | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """``more``: where the form leads to, and what else it carries; the page of one's account unless given."""
    refusal, status, headers = _describe(refused, "password")
    context = {
        "proposal": proposal,
        "square": _draw_square(proposal.address),
        "refusal": refusal,
        "errors": _errors_of(refusal),
        "action": PATH,
        "token": "",
        "next_path": "",
        **(more or {}),
    }
    return await render_page(request, "account/two_step_set_up.html", context, status, headers)


async def show_codes(request: Request, codes: Sequence[str], next_path: str) -> Response:
    return await render_page(request, "account/recovery_codes.html", {"codes": codes, "next_path": next_path})


async def _show_status(
    request: Request, session: Session, refused: DomainError | None = None, field: str = ""
) -> Response:
    gateway = get_gateway(request)
    refusal, status, headers = _describe(refused, field)
    context = {
        "codes_left": await gateway.sign_in.second_factors.count_recovery_codes(session.user.user_id),
        "is_required": gateway.sign_in.code_required,
        "refusal": refusal,
        "errors": _errors_of(refusal),
    }
    return await render_page(request, "account/two_step.html", context, status, headers)


def _describe(refused: DomainError | None, field: str) -> tuple[FormRefusal | None, int, dict[str, str]]:
    """What the page says, its status and headers; ``field``: where a wrong password or code was typed."""
    if refused is None:
        return None, 200, {}
    if isinstance(refused, TooManyAttempts):
        return FormRefusal(refused.message), 429, {"Retry-After": str(refused.retry_after)}
    if isinstance(refused, InvalidInput):
        return FormRefusal(refused.message, refused.problems), 422, {}
    told = "This is not your password. Try again." if field == "password" else refused.message
    return FormRefusal(refused.message, [Problem(field, told)]), 422, {}


def _errors_of(refusal: FormRefusal | None) -> dict[str, str]:
    return {problem.field: problem.message for problem in refusal.problems} if refusal else {}


def _read_password(fields: FormData) -> str:
    """As it was typed: blanks belong to a password."""
    typed = fields.get("password")
    return typed if isinstance(typed, str) else ""


def _draw_square(address: str) -> str:
    """A QR code as SVG, in black on white whatever the page's colors are: cameras need the contrast."""
    import segno  # only those who turn it on need it

    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(scale=4, border=4, light="white"))


ROUTES: dict[str, dict[str, Handler]] = {
    PATH: {"GET": show, "POST": turn_on},
    f"{PATH}/recovery-codes": {"POST": renew_codes},
    f"{PATH}/off": {"POST": turn_off},
}
