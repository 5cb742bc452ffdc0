"""The API's own resources, which no service has: sessions, the person, writing numbers, notifications."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.kernel import InvalidInput, Problem
from gateway.api.bodies import read_json
from gateway.api.words import is_text
from gateway.auth.forgery import must_come_from_here
from gateway.auth.sessions import IDLE, Transport
from gateway.cookies import clear_cookie, set_cookie
from gateway.gateway import gateway_of, signed_in
from gateway.notices import sentence
from gateway.people import Person
from gateway.store import notifications


async def create_session(request: Request) -> Response:
    """Sign in: a bearer token in the body, or a cookie for a browser (``"transport": "cookie"``), never both."""
    email, password, transport = _credentials(await read_json(request))
    gateway = gateway_of(request)
    if transport is Transport.COOKIE:
        must_come_from_here(request, gateway.settings.origin)
    user_id = await gateway.sign_in.check(email, password, client_address(request))
    secret, expires = await gateway.sessions.open(user_id, transport)
    session = await gateway.sessions.recognize(secret, transport)
    body: dict[str, Any] = {
        "transport": transport,
        "token": secret if transport is Transport.BEARER else None,
        "expires_at": expires.isoformat(timespec="seconds"),
        "idle_minutes": int(IDLE.total_seconds() // 60),
        "person": described(session.person) if session else None,
    }
    response = JSONResponse(body, 201)
    if transport is Transport.COOKIE:
        set_cookie(response, gateway, secret)
    return response


async def end_session(request: Request) -> Response:
    session, gateway = await signed_in(request), gateway_of(request)
    await gateway.sessions.end(session.secret)
    response = Response(status_code=204)
    if session.transport is Transport.COOKIE:
        clear_cookie(response, gateway)
    return response


async def me(request: Request) -> Response:
    return JSONResponse(described((await signed_in(request)).person))


async def producers(request: Request) -> Response:
    """The writing numbers that the caller may act for; ``state`` and what was typed as ``q`` narrow them (R23-R25)."""
    session = await signed_in(request)
    asked = request.query_params
    found = session.person.find_numbers(asked.get("q", ""), asked.get("state", ""))
    return JSONResponse({"producers": [_producer(number) for number in found]})


async def list_notifications(request: Request) -> Response:
    session = await signed_in(request)
    async with gateway_of(request).database.transaction() as connection:
        unread = await notifications.unread(connection, session.person.user_id)
        newest = await notifications.newest(connection, session.person.user_id)
    rows = [
        {
            "notification_id": one.notification_id,
            "kind": one.kind,
            "record_number": one.record_number,
            "message": sentence(one),
            "at": one.at.isoformat(timespec="seconds"),
            "read": one.read,
        }
        for one in newest
    ]
    return JSONResponse({"unread": unread, "notifications": rows})


async def read_notifications(request: Request) -> Response:
    session, gateway = await signed_in(request), gateway_of(request)
    async with gateway.database.transaction() as connection:
        await notifications.mark_read(connection, session.person.user_id, gateway.clock.now())
    return Response(status_code=204)


def client_address(request: Request) -> str:
    return request.client.host if request.client else ""


def described(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.kind.value,
        "writing_numbers": [_producer(number) for number in person.numbers],
    }


def _producer(number: Any) -> dict[str, str]:
    """The same shape as suite.common.v1.Producer in every other answer."""
    return {
        "writing_number": number.number,
        "name": number.producer_name,
        "company_name": number.company_name,
        "state": number.state,
    }


def _credentials(data: Any) -> tuple[str, str, Transport]:
    fields = data if isinstance(data, dict) else {}
    problems = [
        Problem(name, "Please give a value.")
        for name in ("email", "password")
        if not (is_text(fields.get(name)) and fields[name])
    ]
    transport = fields.get("transport", Transport.BEARER.value)
    if transport not in list(Transport):
        problems.append(Problem("transport", "Please send one of: bearer, cookie."))
    problems += [
        Problem("", "There is no such field here.") for _ in fields.keys() - {"email", "password", "transport"}
    ]
    if problems or not isinstance(data, dict):
        raise InvalidInput("The request does not have the expected form.", code="malformed", problems=tuple(problems))
    return fields["email"], fields["password"], Transport(transport)
