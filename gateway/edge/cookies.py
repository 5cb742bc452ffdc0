"""The session cookie."""

from __future__ import annotations

from starlette.responses import Response

from gateway.edge.context import GatewayContext


def set_cookie(response: Response, gateway: GatewayContext, secret: str) -> None:
    """No age: the browser forgets it when it closes, the server after its own limits."""
    response.set_cookie(gateway.cookie, secret, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")


def clear_cookie(response: Response, gateway: GatewayContext) -> None:
    response.delete_cookie(gateway.cookie, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")
