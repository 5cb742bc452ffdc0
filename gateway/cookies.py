"""The session cookie."""

from __future__ import annotations

from starlette.responses import Response

from gateway.gateway import Gateway


def set_cookie(response: Response, gateway: Gateway, secret: str) -> None:
    """No age: the browser forgets it when it closes, the server after its own limits."""
    response.set_cookie(gateway.cookie, secret, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")


def clear_cookie(response: Response, gateway: Gateway) -> None:
    response.delete_cookie(gateway.cookie, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")
