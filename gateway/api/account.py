"""The API's own resources, which no service has: sessions, the person, writing numbers, notifications."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.kernel import InvalidInput, Problem
from gateway.api.json_values import is_text
from gateway.api.other_fields import refuse_other_fields
from gateway.api.request_body import read_json
from gateway.edge.context import browser_of, client_address, get_gateway, require_session
from gateway.edge.cookies import clear_cookie, set_cookie
from gateway.edge.csrf import require_same_origin
from gateway.identity.sessions import SessionTransport
from gateway.notifications.messages import describe_notification
from gateway.store import notifications
from gateway.user import DelegatedAction, User


async def create_session(request: Request) -> Response:
    """Sign in: a bearer token in the body, or a cookie for a browser (``"transport": "cookie"``), never both."""
    email, password, code, transport = _credentials(await read_json(request))
    gateway = get_gateway(request)
    if transport is SessionTransport.COOKIE:
        require_same_origin(request, gateway.settings.origin)
    user_id = await gateway.sign_in.check(email, password, client_address(request), code)
    secret, expires = await gateway.sessions.open(user_id, transport, browser_of(request))
    session = await gateway.sessions.recognize(secret, transport)
    body: dict[str, Any] = {
        "transport": transport,
        "token": secret if transport is SessionTransport.BEARER else None,
        "expires_at": expires.isoformat(timespec="seconds"),
        "idle_minutes": gateway.settings.session_idle_minutes,
        "person": describe_user(session.user) if session else None,
    }
    response = JSONResponse(body, 201)
    if transport is SessionTransport.COOKIE:
        set_cookie(response, gateway, secret)
    return response


async def end_session(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    await gateway.sessions.end(session)
    response = Response(status_code=204)
    if session.transport is SessionTransport.COOKIE:
        clear_cookie(response, gateway)
    return response


async def get_me(request: Request) -> Response:
    return JSONResponse(describe_user((await require_session(request)).user))


async def list_producers(request: Request) -> Response:
    """The writing numbers that the caller may act for; ``state`` and what was typed as ``q`` narrow them (R23-R25)."""
    session = await require_session(request)
    asked = request.query_params
    found = session.user.find_numbers(asked.get("q", ""), asked.get("state", ""), action=_action(asked.get("action")))
    return JSONResponse({"producers": [_producer(number) for number in found]})


async def list_notifications(request: Request) -> Response:
    session = await require_session(request)
    async with get_gateway(request).database.transaction() as connection:
        unread = await notifications.count_unread(connection, session.user.user_id)
        newest = await notifications.list_newest(connection, session.user.user_id)
    rows = [
        {
            "notification_id": one.notification_id,
            "kind": one.kind,
            "record_number": one.record_number,
            "applications": one.applications,
            "message": describe_notification(one),
            "at": one.at.isoformat(timespec="seconds"),
            "read": one.read,
        }
        for one in newest
    ]
    return JSONResponse({"unread": unread, "notifications": rows})


async def read_notifications(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    async with gateway.database.transaction() as connection:
        await notifications.mark_read(connection, session.user.user_id, gateway.clock.now())
    return Response(status_code=204)


def _action(word: str | None) -> DelegatedAction | None:
    if word is not None and word not in set(DelegatedAction):
        raise InvalidInput.at("action", f"Please send one of: {', '.join(DelegatedAction)}.", code="malformed")
    return None if word is None else DelegatedAction(word)


def describe_user(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "role": user.kind.value,
        "writing_numbers": [_producer(number) for number in user.numbers],
        "allowed_actions": [
            {
                "writing_number": number.number,
                "actions": [action.value for action in DelegatedAction if user.may(action, number.number)],
            }
            for number in user.numbers
        ],
    }


def _producer(number: Any) -> dict[str, str]:
    """The same shape as suite.common.v1.Producer in every other answer."""
    return {
        "writing_number": number.number,
        "name": number.producer_name,
        "company_name": number.company_name,
        "state": number.state,
        "phone": number.phone,
        "npn": number.npn,
    }


def _credentials(data: Any) -> tuple[str, str, str, SessionTransport]:
    fields = data if isinstance(data, dict) else {}
    problems = [
        Problem(name, "Enter a value.")
        for name in ("email", "password")
        if not (is_text(fields.get(name)) and fields[name])
    ]
    if not is_text(fields.get("code", "")):
        problems.append(Problem("code", "Enter the code as text."))
    transport = fields.get("transport", SessionTransport.BEARER.value)
    if transport not in list(SessionTransport):
        problems.append(Problem("transport", "Please send one of: bearer, cookie."))
    problems += refuse_other_fields(fields, ("email", "password", "code", "transport"))
    if problems or not isinstance(data, dict):
        raise InvalidInput("Some fields of the request are not valid.", code="malformed", problems=tuple(problems))
    return fields["email"], fields["password"], fields.get("code", ""), SessionTransport(transport)
