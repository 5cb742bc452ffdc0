"""The session cookie."""

from __future__ import annotations

from starlette.responses import Response

from gateway.edge.context import GatewayContext


def set_cookie(response: Response, gateway: GatewayContext, secret: str) -> None:
    """No age: the browser forgets it when it closes, the server after its own limits."""
    response.set_cookie(gateway.cookie, secret, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")


def clear_cookie(response: Response, gateway: GatewayContext) -> None:
    """After a sign-out the browser forgets the pages that it kept, too, those behind its back button among them.

    Not ``"cookies"``: that means the whole site, and so the payment page's and those of others.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(gateway.cookie, path="/", secure=gateway.settings.secure, httponly=True, samesite="lax")
