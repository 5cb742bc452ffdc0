"""``/.well-known/security.txt`` (RFC 9116): where to report a vulnerability of this installation."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gateway.edge.context import get_gateway
from gateway.settings import WebSettings

PATH = "/.well-known/security.txt"


async def show(request: Request) -> Response:
    """404 without a contact, and after its last day: nobody is to rely on an old one (RFC 9116, 5.3)."""
    gateway = get_gateway(request)
    expires = gateway.settings.security_expires
    if expires is None or expires <= gateway.clock.now().date():
        raise HTTPException(404)
    return PlainTextResponse(describe_contact(gateway.settings))


def describe_contact(settings: WebSettings) -> str:
    fields = {
        "Contact": settings.security_contact,
        "Expires": f"{settings.security_expires}T00:00:00Z",
        "Canonical": f"{settings.origin}{PATH}",
        "Preferred-Languages": "en",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


ROUTES = [Route(PATH, show)]
