"""Signing in with the organization's accounts: out to its OpenID provider, and back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import NotFound
from gateway.edge.context import GatewayContext, find_session, get_gateway
from gateway.edge.methods import Handler
from gateway.identity.organization_refusals import OrganizationRefused, Refusal
from gateway.identity.organization_sign_in import ANSWER_PATH, SIGN_IN_LIFETIME, OrganizationSignIn
from gateway.pages.render import redirect_to
from gateway.pages.signed_in import lead_on, own_path

PATH = "/sign-in/organization"

_TOLD = {
    Refusal.LATE: "That took too long, was done before, or was begun in another window. Sign in again.",
    Refusal.DECLINED: "You were not signed in at {name}. Try again.",
    Refusal.AWAY: "The sign-in of {name} does not answer. Wait a few minutes, then try again.",
    Refusal.UNTRUSTED: (
        "The answer of {name} is not one that the portal may accept. Try again. If it happens again, tell the people "
        "who run your portal."
    ),
    Refusal.UNKNOWN: (
        "You are signed in at {name}, but no account here goes with it. Ask the people who run your portal for one."
    ),
    Refusal.NO_ROLE: (
        "You are signed in at {name}, but it gives you no role in this portal, or more than one. Ask the people who "
        "run your portal."
    ),
    Refusal.CHANGED_ROLE: (
        "{name} gives you another role than before, and your account here still has what belongs to the old one. Ask "
        "the people who run your portal to change it."
    ),
}


def tell(gateway: GatewayContext, refused: str) -> str:
    """What a person reads of a refusal that the address of the sign-in page names; "" for any other text."""
    organization = gateway.organization_sign_in
    if organization is None or refused not in list(Refusal):
        return ""
    told = _TOLD[Refusal(refused)].format(name=organization.name)
    return told[0].upper() + told[1:]


async def begin(request: Request) -> Response:
    """To the provider. Another site's link leads to the sign-in page: signing in is the person's own act."""
    gateway = get_gateway(request)
    organization = _require(gateway)
    next_path = own_path(request.query_params.get("next", "/"))
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return redirect_to(f"/sign-in?next={next_path}")
    try:
        begun = await organization.begin(next_path)
    except OrganizationRefused as refused:
        return _refuse(refused, next_path)
    response = redirect_to(begun.address)
    response.set_cookie(
        _cookie(gateway),
        begun.secret,
        max_age=int(SIGN_IN_LIFETIME.total_seconds()),
        path="/",
        secure=gateway.settings.secure,
        httponly=True,
        samesite="lax",  # the provider's answer comes from another site
    )
    return response


async def answer(request: Request) -> Response:
    """From the provider: a new session, or the sign-in page with the reason."""
    gateway = get_gateway(request)
    organization = _require(gateway)
    try:
        user_id, next_path = await organization.finish(request.cookies.get(_cookie(gateway), ""), _read_once(request))
    except OrganizationRefused as refused:
        return _refuse(refused, refused.next_path)
    if old := await find_session(request):
        await gateway.sessions.end(old)  # a new sign-in never goes on with an older session
    request.state.session = None
    response = await lead_on(request, user_id, next_path)
    response.delete_cookie(_cookie(gateway), path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")
    return response


def _require(gateway: GatewayContext) -> OrganizationSignIn:
    if gateway.organization_sign_in is None:
        raise NotFound("There is nothing at this address.")
    return gateway.organization_sign_in


def _read_once(request: Request) -> dict[str, str]:
    """RFC 6749, 3.1: no part stands there twice. One that does is none."""
    query = request.query_params
    return {name: query[name] for name in query if len(query.getlist(name)) == 1}


def _refuse(refused: OrganizationRefused, next_path: str) -> Response:
    return redirect_to(f"/sign-in?next={next_path}&refused={refused.refusal.value}")


def _cookie(gateway: GatewayContext) -> str:
    return f"{'__Host-' if gateway.settings.secure else ''}organization-sign-in"


ROUTES: dict[str, dict[str, Handler]] = {PATH: {"GET": begin}, ANSWER_PATH: {"GET": answer}}
